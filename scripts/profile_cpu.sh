#!/usr/bin/env bash
# Measure the shipped profiles of models, cpu-*.json, on this machine: about half an hour on a quiet
# one with two cores, at 70 ms a call of ResNet-34 and 18 ms of MobileNet v2. Needs torch. The first
# argument is the folder for the profiles; after it, `make docs` and the figures in the heads of
# scenarios/gpu_*.yaml are to be brought up to date.
set -euo pipefail
out=${1:-strag_sim/profiles/data}

measure() {
  uptime
  strag-sim profile "$@" --device cpu --requests 5000 --licence "As this project's own." --output "$out" --force
}

# The two of the collage in one session, so that both meet the same neighbours.
measure resnet-34 collage-cnn-3                            # 5,000 x (70 + 60) ms: 11 minutes
measure mobilenet-v2 --batch 1,2,4,8 --concurrency 1,2     # 4 x 5,000 x 18 ms, twice: 9 to 12
# Both on one core: with one each they cost each other 7 %.
taskset --cpu-list --pid 0 $$
measure mobilenet-v2 --beside resnet-34 --name cpu-mobilenet-v2-beside  # 5,000 x 42 ms: 4
uptime

#!/usr/bin/env bash
# Trains every model of the shipped tables of accuracies and measures it, into
# strag_sim/accuracies/data: 25 minutes of processor time, in two processes of one thread.
# Models are kept in a folder (results/accuracy by default); those that are there are not trained
# again. Usage: scripts/train_tables.sh [FOLDER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
models="${1:-results/accuracy}"
export OMP_NUM_THREADS=1

train() {
  strag-sim accuracy train --schemes "$1" --output "$models"
}

train naive-4-5 # the uncoded models, which parity models learn from
train lagrange-2-3,lagrange-4-5,lagrange-4-6,lagrange-8-10,lagrange-4-6-stage-1,lagrange-4-6-stage-2 &
train collage-2,collage-3,collage-4,collage-5,parity-sum-2,parity-sum-3,parity-sum-4
wait $! # with the status of the first
train "" # all that is left

strag-sim accuracy measure "$models" --output strag_sim/accuracies/data

#!/usr/bin/env bash
# Simulate scenarios/iid_or_persistent.yaml with workers of ever longer memory, and draw what each
# policy gains: `make persistence`. The first argument is the folder for the results.
set -euo pipefail
out=${1:-results/iid_or_persistent}
scenario=scenarios/iid_or_persistent.yaml

run() {  # NAME PATH=VALUE...
  local name=$1 change=()
  shift
  for value in "$@"; do change+=(--set "$value"); done
  echo "== $name"
  strag-sim run "$scenario" --output "$out/$name" "${change[@]}"
}

run i.i.d. slowdown.0.enabled=false service.high=1
for dwell in 100ms 1s 10s 100s; do
  run "$dwell" "slowdown.0.dwell=$dwell"
done
run life slowdown.0.enabled=false 'service={kind: profile, profile: collage-vm, per_worker: true}'
strag-sim plot "$out"/{i.i.d.,100ms,1s,10s,100s,life} gain

#!/usr/bin/env bash
# From the files of scripts/profile_gpu.sh in FOLDER (results/gpu) to checked profiles, figures, and
# the scenarios run on them beside the CPU's. PREFIX (h100) is how the profiles' names begin.
#
#   scripts/gpu_results.sh [FOLDER [PREFIX]]
#
# Profiles of models in float32 go to SHIPPED (strag_sim/profiles/data), where scenarios find them by
# name; all of them to FOLDER/profiles. RUNS=2 makes it short. Some minutes on two cores.
set -euo pipefail
out=${1:-results/gpu}
prefix=${2:-h100}
shipped=${SHIPPED:-strag_sim/profiles/data}
change=()
if [ -n "${RUNS:-}" ]; then change=(--set "runs=$RUNS" --set requests=2_000 --set warm_up=200); fi

mkdir -p "$out/profiles" "$out/scenarios"
for part in "$out"/part-*.zip; do python -m zipfile -e "$part" "$out/profiles"; done

echo "== do two sessions agree, and do closed loops come back?"
python verification/gpu_profiles.py "$out/profiles" | tee "$out/verification.txt" ||
  echo "Not all is within its limits: see $out/verification.txt, and say so where it is quoted."

echo "== figures"
python scripts/gpu_figures.py "$out" "$out/profiles" | tee "$out/ratios.txt"

for file in "$out/profiles/$prefix"-*.json; do
  case $file in
    *-float16.json | *-encode.json | *-decode.json | *-again.json) ;;
    *) cp "$file" "$shipped" ;;
  esac
done

profile() {  # MODEL: how a scenario names its profile
  if [ "$shipped" = strag_sim/profiles/data ]; then echo "$prefix-$1"; else realpath "$shipped/$prefix-$1.json"; fi
}

run() {  # NAME SCENARIO PATH=VALUE...
  local name=$1 scenario=$2 settings=()
  shift 2
  for value in "$@"; do settings+=(--set "$value"); done
  echo "== $name"
  {
    echo "strag-sim run scenarios/$scenario.yaml ${settings[*]@Q}"
    strag-sim run "scenarios/$scenario.yaml" --output "$out/scenarios/$name" "${settings[@]}" "${change[@]}"
  } | tee "$out/$name.txt"
  strag-sim plot "$out/scenarios/$name" ccdf --output "$out/$name.png"
}

# What another process costs MobileNet v2, by the means at batch 1. A slowdown's factor is at least 1:
# where the one beside was no slower within the noise, 1 is run, and what was measured is told.
measured=$(python -c '
import sys
from strag_sim import profiles
beside, alone = (profiles.load(each).mean for each in sys.argv[1:])
print(f"{beside / alone:.3g}")' "$(profile mobilenet-v2-beside)" "$(profile mobilenet-v2)")
factor=$(python -c 'import sys; print(max(1.0, float(sys.argv[1])))' "$measured")
echo "== another process beside: $measured times the mean alone; run as $factor" | tee "$out/beside.txt"
single="service.profile=$(profile resnet-34-grids)"
busy='arrivals={kind: poisson, offered_load: 0.95}'

run collage-cpu gpu_collage
run collage-gpu gpu_collage "$single" "models.collage.service.profile=$(profile collage-cnn-3-grids)"
run batching-cpu gpu_batching "$busy"
run batching-gpu gpu_batching "$busy" "service.profile=$(profile mobilenet-v2)"
run interference-cpu gpu_interference
run interference-gpu gpu_interference "service.profile=$(profile mobilenet-v2)" "slowdown.0.factor=$factor"
run headline-cpu collage_vs_replication service.profile=cpu-resnet-34
run headline-gpu collage_vs_replication "$single"

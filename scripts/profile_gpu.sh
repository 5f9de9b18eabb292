#!/usr/bin/env bash
# Measure the profiles of models on an NVIDIA GPU: PART (1 to 4, or all) into FOLDER (results/gpu),
# with torch and numpy alone, from the root of the repository. scripts/gpu_results.sh takes it from
# there. PYTHON=python3.12 takes another Python; --tiny behind the folder tries it all out, also without a GPU.
#
#   1  ResNet-18, -34, -50 and MobileNet v2, batches of 1 to 64, float32 and float16
#   2  VGG-16, DenseNet-121 and ViT-B/16 likewise
#   3  collage-CNNs for 2 x 2 to 5 x 5 beside ResNet-34; encoding and decoding
#   4  two other tenants; 1 to 8 calls at once; ResNet-34 and a collage-CNN once more
#
# Each part leaves three files: part-N.zip with its profiles, part-N.log, part-N-nvidia-smi.csv.
# On an H100 they should take about 5.5, 5.5, 4 and 5 minutes. These are estimates, from calls of 1
# to 6 ms that are bound by launching kernels and 3 s a configuration to warm up: no part has been run
# on a GPU yet. A part that is not done in 6.5 minutes (--budget 390 behind the folder, in seconds)
# keeps what it has, says what is missing, and has the exit code 1; so four fit 30 minutes.
set -euo pipefail
part=${1:?which part: 1, 2, 3, 4 or all}
out=${2:-results/gpu}
shift $(($# < 2 ? $# : 2))
mkdir -p "$out"
export PYTHONPATH=$PWD${PYTHONPATH:+:$PYTHONPATH} OMP_NUM_THREADS=1

parts=$part
if [ "$part" = all ]; then parts="1 2 3 4"; fi
failed=0
for each in $parts; do
  "${PYTHON:-python3}" scripts/profile_gpu.py "$each" "$out" "$@" 2>&1 | tee "$out/part-$each.log" || failed=1
done
exit $failed

"""Make the shipped profiles of models that ensembles are made of, from published measurements.

    python scripts/make_ensemble_profiles.py DATA_FOLDER [OUT_FOLDER]

Reads of DATA_FOLDER ``timm_profiles/`` (the benchmark files of one GPU and one processor, and
``results-imagenet.csv``) and ``splitwise_perf/perf_model.csv``. Same data, same bytes.

**Measured**: for each image model timm has one number a device, its rate R (images a second): on
the GPU with a batch of 128 to 1,024, on the processor with a batch of 1. Top-1, parameters and the
activations of a forward pass are timm's too.

**Composed here**: how the time of a call depends on its batch. The authors of the ensemble system
(Pochelu, Petiton, Conche) logged the rate of one model by batch size, on a GPU and on a processor:
``GPU_LOG``, ``CPU_LOG``. A batch of b at the log's best rate P is w = b / P seconds of work, and
took F(w) = b / rate(b) seconds. What a call takes beyond its work is the program that launches its
kernels, and that does not grow with the pixels of an image, so F is read as a function of the work,
not of the batch size: a model of rate R takes F(b / R) for a batch of b. Between the logged points
F is straight; below the first a call is shorter by the work that it lacks; from the log's best
batch on (29 ms of work on the GPU) F(w) = w, so that large batches have timm's rate exactly. (The
log falls by a fifth beyond its best batch; timm's rates are measured there, so nothing falls here.)
On the processor timm measured the batch of 1: F is inverted there for the work of a sample.

Where the log's larger batch took no longer than the smaller (2 on the GPU: 11.7 ms after 12.8, at a
spread of 2.4 ms a call), both get their mean, less and plus half of the work by which they differ.

**Jitter**: quantiles around each mean are those of ``mlperf-single-stream`` over its mean, a
profile that ``make_profiles.py`` computed; that holds for one request at a time.

**Memory** of a process: parameters in float32 and, on the GPU, the halves that autocast keeps of
them while it computes, and a CUDA context. For each sample: half of the activations of a forward
pass (inference frees what it no longer needs; of 329 models of timm's file of the GPU whose batch
was bounded by its memory, three quarters live on 0.53 or less), but never more than what ran: timm
computed a batch of its size within 24 GiB. Both err towards more: counted operator by operator on
tensors without data, in float16, the most that is alive at once is 0.34 to 1 of these figures (the
two transformers without windows apart, whose attention a GPU does not keep).
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strag_sim import profiles
from strag_sim.distributions.curve import Curve
from strag_sim.measurements import rounded

Numbers = NDArray[np.float64]
Content = dict[str, Any]
SHIPPED = Path(__file__).parents[1] / "strag_sim/profiles/data"

# What a profile is called, timm's name of its weights, and the side of its images.
MEMBERS = {
    "vgg19": ("vgg19.tv_in1k", 224),
    "densenet161": ("densenet161.tv_in1k", 224),
    "inception-v4": ("inception_v4.tf_in1k", 299),
    "resnet152": ("resnet152.a1h_in1k", 288),
    "nasnet-large": ("nasnetalarge.tf_in1k", 331),
    "effnet-b6": ("tf_efficientnet_b6.ap_in1k", 528),
    "regnety-320": ("regnety_320.swag_ft_in1k", 384),
    "deit3-b": ("deit3_base_patch16_384.fb_in22k_ft_in1k", 384),
    "vit-l": ("vit_large_patch16_384.augreg_in21k_ft_in1k", 384),
    "swin-l": ("swin_large_patch4_window12_384.ms_in22k_ft_in1k", 384),
    "convnext-l": ("convnext_large.fb_in22k_ft_in1k_384", 384),
    "maxvit-b": ("maxvit_base_tf_384.in21k_ft_in1k", 384),
}
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)
GPU_FILE = "benchmark-infer-amp-nchw-pt240-cu124-rtx3090.csv"
CPU_FILE = "benchmark-infer-fp32-nchw-pt240-cpu-i9_10940x-dynamo.csv"
GPU, CPU = "NVIDIA GeForce RTX 3090", "Intel Core i9-10940X"

# Predictions a second by batch size, up to the best; log2.txt of the benchmark, GPU 0, and ResNet50
# in OpenVINO.
GPU_LOG = {1: 78, 2: 171, 4: 294, 8: 553, 16: 868, 32: 1089}
CPU_LOG = {1: 123, 2: 152, 4: 184, 8: 232, 16: 247, 32: 247, 64: 248}

CARD = 24 * 2**30  # bytes of the RTX 3090
# Bytes of a CUDA context: "around 400MB if CUDA >= 11.7 is used and lazy module loading enabled",
# a maintainer of PyTorch in github.com/pytorch/pytorch/issues/109888.
CONTEXT = 400_000_000
# An assumption: the process of cpu-resnet-34 took 624 MB, of which its weights are 87 MB.
PROCESS = 500_000_000
LIVE = 0.5  # share of a forward pass's activations that are alive at once

JITTER = "mlperf-single-stream"
MODELS = {"llama2-70b": "Llama2-70B", "bloom-176b": "BLOOM-176B"}
CARDS = {"a100": "a100-80gb", "h100": "h100-80gb"}
SPLIT, PROMPT = 8, 512  # tensor parallel; tokens of a prompt


def main(data_folder: str, out_folder: str | Path = SHIPPED) -> None:
    """Read the data and write every profile."""
    data = Path(data_folder)
    for content in (*images(data / "timm_profiles"), *prompts(data / "splitwise_perf")):
        profiles.write(Path(out_folder) / f"{content['name']}.json", content)
        print(content["name"])


def images(folder: Path) -> Iterator[Content]:
    """Yield the image models on the GPU and on the processor."""
    tops = pd.read_csv(folder / "results-imagenet.csv")
    on_gpu, on_cpu = (pd.read_csv(folder / name) for name in (GPU_FILE, CPU_FILE))
    for member, (weights, size) in MEMBERS.items():
        top = row_of(tops, model=weights, img_size=size)
        key = {"model": weights.partition(".")[0], "infer_img_size": size}
        gpu, cpu = row_of(on_gpu, **key), row_of(on_cpu, **key)
        about = {"weights": weights, "size": size, "accuracy": round(top["top1"] / 100, 5)}
        yield gpu_profile(f"timm-{member}-rtx3090", gpu, **about)
        yield cpu_profile(f"timm-{member}-i9", cpu, gpu, **about)


def row_of(table: pd.DataFrame, **keys: Any) -> Mapping[str, Any]:
    """Return the one row with these values."""
    rows = table
    for column, value in keys.items():
        rows = rows[rows[column] == value]
    if len(rows) != 1:
        raise SystemExit(f"{keys}: one row is wanted, {len(rows)} are there")
    return dict(rows.iloc[0])


def gpu_profile(
    name: str, row: Mapping[str, Any], *, weights: str, size: int, accuracy: float
) -> Content:
    """Return the profile of a model on the GPU, where large batches have timm's rate."""
    rate, most = float(row["infer_samples_per_sec"]), int(row["infer_batch_size"])
    if most < BATCHES[-1]:
        raise SystemExit(f"{name}: timm ran a batch of {most} at most, below {BATCHES[-1]}")
    times = call_times(GPU_LOG, np.array(BATCHES) / rate)
    how = f"timm's {rate:g} images a second (batch of {most}) from 29 ms of work on, less work"
    content = composed(name, times, how, weights=weights, size=size, file=GPU_FILE)
    content["environment"] = {"device": GPU, "dtype": "float16 (autocast)", "torch": "2.4.0"}
    return {**content, "model": {**on_gpu_figures(row), "accuracy": accuracy}}


def cpu_profile(
    name: str,
    row: Mapping[str, Any],
    gpu: Mapping[str, Any],
    *,
    weights: str,
    size: int,
    accuracy: float,
) -> Content:
    """Return the profile of a model on the processor, where a batch of 1 has timm's time."""
    rate = float(row["infer_samples_per_sec"])
    if row["infer_batch_size"] != 1:
        raise SystemExit(f"{name}: timm's batch is {row['infer_batch_size']}, not 1")
    work = work_of(CPU_LOG, 1 / rate)
    times = call_times(CPU_LOG, np.array(BATCHES) * work)
    how = f"timm's {rate:g} images a second for a batch of 1, larger ones"
    content = composed(name, times, how, weights=weights, size=size, file=CPU_FILE)
    content["environment"] = {"device": CPU, "dtype": "float32", "torch": "2.4.0 (dynamo)"}
    figures = on_gpu_figures(gpu)
    parameters = figures["parameters"]
    on_cpu = {
        "parameters": parameters,
        "memory": 4 * parameters + PROCESS,
        "memory_per_sample": 2 * figures["memory_per_sample"],
        "accuracy": accuracy,
    }
    return {**content, "model": on_cpu}


def on_gpu_figures(row: Mapping[str, Any]) -> dict[str, int]:
    """Return parameters, bytes of a process, and bytes a sample: what is said above of memory."""
    parameters = round(row["param_count"] * 1e6)
    memory = (4 + 2) * parameters + CONTEXT
    alive = round(LIVE * 2 * row["infer_macts"] * 1e6)
    ran = (CARD - memory) // int(row["infer_batch_size"])
    return {
        "parameters": parameters,
        "memory": memory,
        "memory_per_sample": min(alive, ran),
    }


def logged(log: Mapping[int, int]) -> tuple[Numbers, Numbers]:
    """Return the work and the time of each logged call, seconds, from no work to the best batch."""
    batches = np.array(list(log), dtype=np.float64)
    best = max(log.values())
    works = batches / best
    times = rising(works, batches / np.array(list(log.values())))
    return np.concatenate([[0], works]), np.concatenate([[times[0] - works[0]], times])


def rising(works: Numbers, times: Numbers) -> Numbers:
    """Return times that rise: two that do not get their mean, and the work between them apart."""
    times = times.copy()
    for i in range(1, len(times)):
        if times[i] <= times[i - 1]:
            half = (works[i] - works[i - 1]) / 2
            middle = (times[i] + times[i - 1]) / 2
            times[i - 1 : i + 1] = middle - half, middle + half
    if not (np.diff(times) > 0).all():
        raise SystemExit(f"these times do not rise: {times}")
    return times


def call_times(log: Mapping[int, int], work: Numbers) -> Numbers:
    """Return how long calls with so much work take, both in seconds: F of the docstring above."""
    works, times = logged(log)
    return np.where(work < works[-1], np.interp(work, works, times), work)


def work_of(log: Mapping[int, int], time: float) -> float:
    """Return the work of a call that takes so long, in seconds: F the other way round."""
    works, times = logged(log)
    if time < times[0]:
        raise SystemExit(f"no call of the log is as short as {time} s")
    return float(np.interp(time, times, works)) if time < times[-1] else time


def composed(name: str, times: Numbers, how: str, *, weights: str, size: int, file: str) -> Content:
    """Return a profile of calls with these mean times (s), one a batch size, but its model."""
    points = [point(batch, 1000 * time) for batch, time in zip(BATCHES, times, strict=True)]
    return {
        "name": name,
        "description": f"Times of {weights} at {size} x {size} pixels by batch size, composed: "
        f"{how} as in another model's log; jitter of {JITTER}. Single times were not measured.",
        "source": "Computed from github.com/huggingface/pytorch-image-models, commit aa4b5850, "
        f"results/{file} and results-imagenet.csv; rates by batch size from "
        "github.com/PierrickPochelu/inference_framework_benchmark (arXiv 2210.04323); "
        "github.com/mlcommons/inference_results_v1.0, commit f7759baf.",
        "licence": "Apache-2.0 (www.apache.org/licenses/LICENSE-2.0); copyright Ross Wightman; "
        "MLCommons; changed: computed from rates and quantiles. Logged rates are facts.",
        "unit": "ms",
        **{key: points[0][key] for key in ("n", "mean", "std", "levels", "values")},
        "tail": f"The end is that of {JITTER}, 3.7 times the median; it rests on no measurement of "
        "this model.",
        "points": points,
    }


def point(batch: int, mean: float) -> Content:
    """Return a point with this mean (ms) and the jitter of dedicated devices."""
    jitter = profiles.load(JITTER)
    factors = jitter.values / Curve(jitter.levels, jitter.values).mean
    curve = Curve(jitter.levels, mean * factors)
    return {
        "batch": batch,
        "concurrency": 1,
        "load": "closed",
        "n": 0,
        "mean": rounded(mean),
        "std": rounded(curve.std),
        "levels": jitter.levels.tolist(),
        "values": [rounded(float(value)) for value in curve.values],
        "throughput": rounded(1000 * batch / mean),
        "autocorrelation": None,
        "effective": None,
    }


def prompts(folder: Path) -> Iterator[Content]:
    """Yield language models, a call being a batch of prompts, without the answers' tokens."""
    # The file holds the calls of a batch of 1 three times, digit for digit.
    table = pd.read_csv(folder / "perf_model.csv").drop_duplicates()
    chosen = (table["tensor_parallel"] == SPLIT) & (table["prompt_size"] == PROMPT)
    table = table[chosen & (table["token_size"] == 128)]
    for model, known in MODELS.items():
        for card, hardware in CARDS.items():
            rows = table[(table["model"] == model) & (table["hardware"] == hardware)]
            points = [repeats(int(b), part) for b, part in rows.groupby("batch_size")]
            yield {
                "name": f"splitwise-{model}-{card}",
                "description": f"Times of prompts of {PROMPT} tokens through {known} by batch "
                f"size, the answer's tokens left out; tensor parallel {SPLIT}: one device is "
                f"{SPLIT} cards. Each batch size was measured {points[0]['n']} times: its "
                "quantiles say little beyond their mean.",
                "source": "Computed from github.com/Mutinifni/splitwise-sim, commit 8f99e7dc, "
                "data/perf_model.csv; cite Patel et al., Splitwise, ISCA 2024.",
                "licence": "MIT; copyright 2024 Pratyush Patel; changed: only quantiles are kept.",
                "unit": "ms",
                **{key: points[0][key] for key in ("n", "mean", "std", "levels", "values")},
                "tail": "A law ends at the largest of its few measurements.",
                "environment": {"device": f"{SPLIT} x NVIDIA {card.upper()} 80GB"},
                "points": points,
            }


def repeats(batch: int, rows: pd.DataFrame) -> Content:
    """Return a point of a few repeats: the i-th of n stands at (i - 1/2) / n, straight between.

    As in the tables of many measurements (``quantile_table``), without levels between these.
    """
    values = np.sort(rows["prompt_time"].to_numpy(dtype=np.float64))
    n = len(values)
    levels = np.round((np.arange(n) + 0.5) / n, 4)
    return {
        "batch": batch,
        "concurrency": 1,
        "load": "closed",
        "n": n,
        "mean": rounded(float(values.mean())),
        "std": rounded(float(values.std())),
        "levels": [0.0, *levels.tolist(), 1.0],
        "values": [rounded(float(value)) for value in (values[0], *values, values[-1])],
        "throughput": rounded(1000 * batch / float(values.mean())),
        "autocorrelation": None,
        "effective": None,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What an allocation matrix buys: ensembles on devices, by three ways to allocate them.

    python verification/ensemble_speedups.py [OUT_FOLDER]

Ensembles of 2 to 12 image models (profiles timm-*-rtx3090) on 1 to 8 GPUs of 24 GiB: samples a
second that the engine serves saturated, with batches of 1 where worst-fit puts them, with the best
batch sizes there (the baseline of Pochelu, Petiton and Conche, arXiv:2208.14049), and with the
matrix of the greedy search. A line an ensemble, with the bound of each matrix, and intervals over
runs that the searches did not see. Writes a table and a figure into OUT_FOLDER. Exit code 1 if a
greedy matrix is slower than its baseline, or a throughput off its bound by 2 %.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

import strag_sim
from strag_sim.allocating import Allocated
from strag_sim.allocating.scoring import throughput
from strag_sim.plots.styles import styled
from strag_sim.statistics.intervals import student

MODELS = (
    "vit-l",
    "swin-l",
    "convnext-l",
    "maxvit-b",
    "regnety-320",
    "nasnet-large",
    "effnet-b6",
    "deit3-b",
    "resnet152",
    "inception-v4",
    "densenet161",
    "vgg19",
)
# Members, and GPUs.
ENSEMBLES = (
    (("vit-l", "vgg19"), 1),
    (("vit-l", "vgg19"), 2),
    (("vit-l", "convnext-l", "resnet152"), 2),
    (("swin-l", "resnet152", "inception-v4", "vgg19"), 4),
    (MODELS[::2], 3),
    (MODELS[::2], 8),
    (MODELS, 4),
    (MODELS, 8),
)
SEARCHES = ("worst-fit", "best-batch", "greedy")
RUNS, SEGMENT, SAMPLES, MOST = 8, 32, 128, 128
OFF = 0.02


def main(folder: str | None = None) -> int:
    """Print the table, write it with its figure, and return the exit code."""
    table = pd.DataFrame(list(rows()))
    print(table.to_string(index=False, float_format=lambda x: f"{x:.3f}"))
    if folder is not None:
        out = Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        table.to_csv(out / "speedups.csv", index=False, float_format="%.4f")
        draw(table, out / "speedups.png")
    off = [abs(table[name] / table[f"{name} bound"] - 1) for name in SEARCHES]
    slower = table["speed-up high"] < 1
    return int(slower.any() or any((each > OFF).any() for each in off))


def rows() -> Iterator[dict[str, object]]:
    """Yield a line of the table for each ensemble."""
    for members, gpus in ENSEMBLES:
        scenario = strag_sim.load(ensemble(members, gpus))
        found = {name: strag_sim.allocate(scenario, search=name) for name in SEARCHES}
        served = {name: samples(scenario, each) for name, each in found.items()}
        ratios = served["greedy"] / served["best-batch"]
        half = student(0.95, RUNS - 1) * ratios.std(ddof=1) / np.sqrt(RUNS)
        yield {
            "members": len(members),
            "GPUs": gpus,
            **{name: each.mean() for name, each in served.items()},
            **{f"{name} bound": each.bound for name, each in found.items()},
            "speed-up": ratios.mean(),
            "speed-up low": ratios.mean() - half,
            "speed-up high": ratios.mean() + half,
        }


def ensemble(members: tuple[str, ...], gpus: int) -> dict[str, object]:
    """Return a scenario of an ensemble of these models on so many GPUs."""
    services = {m: {"kind": "profile", "profile": f"timm-{m}-rtx3090"} for m in members}
    return {
        "arrivals": {"kind": "poisson", "rate": 1},
        "job": {"samples": SAMPLES, "segment": SEGMENT},
        "models": {name: {"service": service} for name, service in services.items()},
        "devices": [{"count": gpus, "memory": "24 GiB"}],
        "policies": [{"kind": "ensemble", "members": list(members)}],
    }


def samples(scenario: strag_sim.Scenario, found: Allocated) -> np.ndarray:
    """Return the samples a second of an allocation in runs that the search did not see."""
    (setup,) = scenario.setups()
    seeds = range(1, RUNS + 1)
    each = (replace(setup, seed=seed) for seed in seeds)
    return np.array([throughput(s, found.allocation, found.devices, MOST) for s in each])


def draw(table: pd.DataFrame, path: Path) -> None:
    """Draw the samples a second of each ensemble by the three ways."""
    import matplotlib.pyplot as plt

    with styled():
        figure, axes = plt.subplots(figsize=(7, 2.8))
        at = np.arange(len(table))
        for k, name in enumerate(SEARCHES):
            axes.bar(at + (k - 1) * 0.27, table[name], 0.25, label=name, hatch=("//", "..", "")[k])
        for i, row in table.iterrows():
            text = f"{row['speed-up']:.2f}x"
            axes.annotate(text, (float(i) + 0.27, row["greedy"]), ha="center", va="bottom")
        axes.set_xticks(
            at, [f"{m} on {g}" for m, g in zip(table["members"], table["GPUs"], strict=True)]
        )
        axes.set_xlabel("models on GPUs; above: greedy over best batch sizes")
        axes.set_ylabel("samples a second")
        axes.set_ylim(0, 1.1 * table["greedy"].max())
        axes.legend(loc="upper left")
        figure.savefig(path, dpi=200)
        plt.close(figure)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

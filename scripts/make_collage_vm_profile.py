"""Make the shipped profile collage-vm from the summary of the collage authors' latencies.

    python scripts/make_collage_vm_profile.py SUMMARY.json [PROFILE.json]

The summary holds 1,001 quantiles of all measurements and nine of the upper tail, which become one
table. Of each machine it holds only 101 quantiles. A straight line from a machine's 99th percentile
to its maximum, which often is a single outlier, overstates its mean by up to 3 % and its standard
deviation by up to 127 %; a line from its minimum to its first percentile can err as much. So each
machine's table gets one point more in its first and in its last hundredth, placed so that the
table's mean equals the measured mean, and its standard deviation the measured one as far as two
points allow. No measured quantile is changed.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim import profiles

Numbers = NDArray[np.float64]
SHIPPED = Path(__file__).parents[1] / "strag_sim/profiles/data/collage-vm.json"
# How near a table's standard deviation must come to the measured one before the search ends.
NEAR = 1e-3

DESCRIPTION = (
    "Latencies of an image classifier on 50 virtual machines, of which one is slow throughout: "
    "2.06 % of all are near 700 ms, five times the median. Machines are read from the order of "
    "the authors' file, an inference. A machine's table holds 101 measured quantiles and two "
    "points computed so that its mean and, nearly, its standard deviation are the measured ones."
)
SOURCE = (
    "Computed from the latencies published by the authors of Collage Inference (ICDCS 2020): "
    "github.com/krishnagirinarra/collage-inference, commit ce37f1ee, "
    "collage_worker/latency_distribution.npy."
)
LICENCE = "The repository carries no licence; only statistics computed from its file are kept."


def main(summary_path: str, profile_path: str | Path = SHIPPED) -> None:
    """Read the summary and write the profile."""
    summary = json.loads(Path(summary_path).read_text(encoding="utf-8"))
    inner = slice(0, -1)
    levels = [*summary["quantile_levels"][inner], *summary["upper_tail_levels"], 1.0]
    values = [*summary["quantiles"][inner], *summary["upper_tail"], summary["quantiles"][-1]]
    content = {
        "name": "collage-vm",
        "description": DESCRIPTION,
        "source": SOURCE,
        "licence": LICENCE,
        "unit": summary["unit"],
        **{key: summary[key] for key in ("n", "mean", "std")},
        "levels": levels,
        "values": values,
        "machines": [machine(block) for block in summary["per_vm"]["blocks"]],
    }
    profiles.write(Path(profile_path), content)


def machine(block: dict[str, Any]) -> dict[str, Any]:
    """Return one machine's table, with the two points that set its mean and standard deviation."""
    levels, values = np.linspace(0, 1, 101), np.array(block["quantiles"])
    # The lower point stands where the second smallest measurement does, above the straight line.
    first = round(1 / (block["n"] - 1), 6)
    line = np.interp(first, levels, values)
    best = None
    for bend in np.linspace(0, 1, 101):
        low = round(float(line + bend * (values[1] - line)), 3)
        lower = np.insert(levels, 1, first), np.insert(values, 1, low)
        upper, error = upper_point(*lower, block["mean"], block["std"])
        if best is None or error < best[0]:
            best = error, lower, upper
        if error < NEAR:
            break
    assert best is not None
    _, (levels, values), (level, value) = best
    return {
        "name": f"vm-{block['vm']:02d}",
        **{key: block[key] for key in ("n", "mean", "std")},
        "levels": [round(float(x), 6) for x in np.insert(levels, -1, level)],
        "values": [round(float(x), 3) for x in np.insert(values, -1, value)],
    }


def upper_point(
    levels: Numbers, values: Numbers, mean: float, std: float
) -> tuple[tuple[float, float], float]:
    """Return the point in the last hundredth that gives the mean and comes nearest to std.

    Also returns how far std remains, relatively; infinity if no point gives the mean. For each
    place of the point its value follows from the mean, so the places are tried one by one.
    """
    start, (low, high) = levels[-2], values[-2:]
    left = np.arange(1, 10_000) / 10_000  # share of the last interval before the point
    width = 1 - start
    missing = (mean - np.trapezoid(values[:-1], levels[:-1])) / width
    value = np.clip(np.round(2 * missing - left * low - (1 - left) * high, 3), low, high)
    total = left * (low + value) / 2 + (1 - left) * (value + high) / 2
    reached = np.abs(total - missing) * width < 1e-4 * mean
    square = left * product(low, value) + (1 - left) * product(value, high)
    rest = np.sum(np.diff(levels[:-1]) * product(values[:-2], values[1:-1]))
    spread = np.sqrt(np.maximum(rest + width * square - mean**2, 0))
    error = np.where(reached, np.abs(spread / std - 1), np.inf)
    i = int(np.argmin(error))
    return (float(start + width * left[i]), float(value[i])), float(error[i])


def product(low: Any, high: Any) -> Any:
    """Return the mean square of a straight line from low to high."""
    return (low**2 + low * high + high**2) / 3


if __name__ == "__main__":
    main(*sys.argv[1:])

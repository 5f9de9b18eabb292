"""By which factor do common random numbers cut the variance of a ratio of p99, and of means?

    python verification/common_numbers.py [DIR] [RUNS]

Simulates scenarios/collage_vs_replication.yaml under two seeds (RUNS runs each, by default 400).
For a pair of policies, the logarithm of the ratio of their p99 (mean) in a run has one variance if
both meet the same random numbers, and another if each has its own seed. Their quotient is by how
many times more runs independent numbers would need for the same interval.

DIR/common_numbers.csv (by default in results/common_numbers) has a row a measure and pair, with the
95 % interval of the factor by resampling runs, and the policies' correlation over runs.
"""

import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

import strag_sim

SCENARIO = Path(__file__).parents[1] / "scenarios/collage_vs_replication.yaml"
SEEDS = (7, 8)
MEASURES = ("p99", "mean")
PAIRS = (
    ("replication 2", "none"),
    ("hedge p95", "none"),
    ("collage 3x3", "none"),
    ("collage 3x3", "replication 2"),
    ("lagrange 9/10", "collage 3x3"),
)

Numbers = NDArray[np.float64]


def log_runs(runs: int, seed: int) -> dict[tuple[str, str], Numbers]:
    """Return the logarithms of each run, shape (runs,), by measure and label."""
    changes = {"runs": runs, "seed": seed}
    found = strag_sim.simulate(strag_sim.load(SCENARIO, overrides=changes)).runs()
    return {
        (measure, str(label)): np.log(of[measure].to_numpy())
        for label, of in found.groupby("label")
        for measure in MEASURES
    }


def factor(a: Numbers, b: Numbers, a_other: Numbers, b_other: Numbers, axis: int = -1) -> Numbers:
    """Return the variance of independent runs over that of runs with common random numbers.

    ``a`` and ``b`` are two policies under one seed, the others under another.
    """
    common = np.var(a - b, axis=axis, ddof=1) + np.var(a_other - b_other, axis=axis, ddof=1)
    apart = np.var(a - b_other, axis=axis, ddof=1) + np.var(a_other - b, axis=axis, ddof=1)
    return np.asarray(apart / common)


def main(folder: str = "results/common_numbers", runs: str = "400") -> None:
    """Print the table and write it."""
    one, other = (log_runs(int(runs), seed) for seed in SEEDS)
    rows = []
    for measure, (label, base) in product(MEASURES, PAIRS):
        policy, against = (measure, label), (measure, base)
        four = (one[policy], one[against], other[policy], other[against])
        drawn = stats.bootstrap(
            four, factor, paired=True, method="percentile", rng=np.random.default_rng(1)
        )
        both = np.concatenate(four[::2]), np.concatenate(four[1::2])
        rows.append(
            {
                "measure": measure,
                "policy": label,
                "baseline": base,
                "runs": 2 * int(runs),
                "correlation": np.corrcoef(*both)[0, 1],
                "factor": factor(*four),
                "factor_low": drawn.confidence_interval.low,
                "factor_high": drawn.confidence_interval.high,
            }
        )
    table = pd.DataFrame(rows)
    print(table.round(3).to_string(index=False))
    Path(folder).mkdir(parents=True, exist_ok=True)
    table.to_csv(Path(folder) / "common_numbers.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

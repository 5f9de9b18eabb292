"""Replay measured rounds: is the k-of-n time of every round exactly the measured one?

    python verification/replay.py DATA_FOLDER [OUT_FILE.md]

DATA_FOLDER holds job_1_norm.csv to job_3_norm.csv, the mini-batch times of ten workers in three
production jobs on shared GPUs (github.com/alibaba/clusterdata, cluster-trace-gpu-v2020). Their
complete rounds become a matrix, as `strag-sim import --as matrix` makes it, and each worker serves
one task a round. A line a job and k: how many rounds agree, and by how much times that are drawn
i.i.d. from all of the job's miss the mean and p99 of the k-of-n time. Exit code 1 if any round
differs.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaincinv

import strag_sim
from strag_sim.measurements import Choice, read
from strag_sim.measurements.rounds import rounds

Numbers = NDArray[np.float64]
COLUMNS = Choice(columns=("batch_time_norm",), group="worker", order="time", unit="ratio")
INTERVAL = 4096  # between rounds, above every time; whole, so that no digit is lost
LEVELS = (np.arange(100_000) + 0.5) / 100_000


def main(data_folder: str, out_file: str | None = None) -> int:
    """Print the table, write it, and return the exit code."""
    lines = pd.DataFrame(list(rows(Path(data_folder)))).set_index(["job", "k"])
    text = lines.to_string(float_format=lambda x: f"{x:+.1%}")
    print(text)
    if out_file is not None:
        Path(out_file).write_text(f"{text}\n", encoding="utf-8")
    return 0 if (lines["agree"] == lines["rounds"]).all() else 1


def rows(data_folder: Path) -> Iterator[dict[str, float]]:
    """Yield a line of the table for each job and k."""
    for job in (1, 2, 3):
        matrix = measured(data_folder / f"job_{job}_norm.csv")
        for k in (8, 9, 10):
            kth = np.sort(matrix, axis=1)[:, k - 1]
            played = replayed(matrix, k)
            drawn = of_independent(matrix, k)
            p99 = np.quantile(kth, 0.99, method="inverted_cdf")
            yield {
                "job": job,
                "k": k,
                "rounds": len(kth),
                "agree": int((played == kth).sum()),
                "i.i.d. mean": drawn.mean() / kth.mean() - 1,
                "i.i.d. p99": float(np.quantile(drawn, 0.99)) / p99 - 1,
            }


def measured(path: Path) -> Numbers:
    """Return the complete rounds of a job, shape (rounds, workers)."""
    measurements = read(path, COLUMNS).measurements
    matrix: Numbers = measurements.values[rounds(measurements).row]
    return matrix


def replayed(matrix: Numbers, k: int) -> Numbers:
    """Return the simulated k-of-n time of each round: one task a worker and round, of size 1."""
    count, workers = matrix.shape
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.npy"
        np.save(path, matrix)
        scenario = strag_sim.load(
            {
                "runs": 1,
                "requests": count,
                "arrivals": {"kind": "deterministic", "interval": INTERVAL},
                "service": {"kind": "deterministic", "value": 1},
                "workers": {"count": workers, "placement": "fixed"},
                "slowdown": [{"kind": "replay", "path": str(path), "columns": "fixed"}],
                "policies": [{"kind": "lagrange", "inputs": 1, "tasks": workers, "threshold": k}],
            }
        )
        result = strag_sim.simulate(scenario)
    return result.responses(str(result.summary()["label"].iloc[0]))


def of_independent(matrix: Numbers, k: int) -> Numbers:
    """Return quantiles at ``LEVELS`` of the k-of-n time of independent draws from all times.

    Q(I^-1_level(k, n - k + 1)), as in `theory.order_statistics`.
    """
    levels = betaincinv(k, matrix.shape[1] - k + 1, LEVELS)
    return np.asarray(np.quantile(matrix, levels, method="inverted_cdf"))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

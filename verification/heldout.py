"""Ask how well a table made from half of a set of measurements predicts the other half.

    python verification/heldout.py DATA_FOLDER [OUT_FOLDER]

Each set of published measurements is split at random, ``SPLITS`` times; a table is made from one
half as `strag-sim import` makes it, and its p99 and its means of the time until k of 16 tasks are
done are held against those of the other half. A line a set: the median over splits of the absolute
relative error, and the worst. Beside it a shifted exponential with the half's least and mean, the
usual law of papers on coded computing, as a control that must fail the check; and, where the
measurements are in order, how well the first half in time predicts the second. OUT_FOLDER/table.csv
holds the same; exit code 1 if a median over the sets is beyond its limit.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betainc

from strag_sim.measurements import quantile_table

Numbers = NDArray[np.float64]
SEED, SPLITS, LARGEST = 20, 20, 40_000
WORKERS, QUORUMS = 16, (12, 14, 15)
P99_LIMIT, MEAN_LIMIT = 0.05, 0.10


def main(data_folder: str, out_folder: str | Path = "results/heldout") -> int:
    """Print the table, write it, and return the exit code."""
    rows = [row(name, *rest) for name, *rest in sets(Path(data_folder))]
    table = pd.DataFrame(rows).set_index("set")
    medians = table.drop(columns="n").median()
    table.loc["median over sets"] = medians
    table["n"] = table["n"].astype("Int64")
    print(table.to_string(float_format=lambda x: f"{x:.2%}", na_rep=""))
    out = Path(out_folder)
    out.mkdir(parents=True, exist_ok=True)
    table.round(5).to_csv(out / "table.csv")
    fine = medians["p99"] <= P99_LIMIT and medians["kofn"] <= MEAN_LIMIT
    told = medians["exp_p99"] > P99_LIMIT
    print(f"p99 within {P99_LIMIT:.0%}, k-of-n mean within {MEAN_LIMIT:.0%}: {fine}")
    print(f"a shifted exponential fails the first: {told}")
    return 0 if fine and told else 1


def row(name: str, values: Numbers, timed: bool = False) -> dict[str, float | str]:
    """Return a line of the table; errors are absolute and relative to the half left out.

    ``timed`` measurements are in order of time; NaN stands for the split in time of others.
    """
    rng = np.random.default_rng(SEED)
    earlier, later = np.array_split(values, 2)
    in_time = errors(tabled(earlier), later) if timed else [np.nan] * (1 + len(QUORUMS))
    if values.size > LARGEST:
        values = rng.choice(values, LARGEST, replace=False)
    table, exponential = [], []
    for _ in range(SPLITS):
        shuffled = rng.permutation(values)
        half, rest = np.array_split(shuffled, 2)
        table.append(errors(tabled(half), rest))
        exponential.append(errors(shifted_exponential(half), rest))
    means = np.array([error[1:] for error in table])
    each = dict(zip((f"{k}of{WORKERS}" for k in QUORUMS), np.median(means, axis=0), strict=True))
    return {
        "set": name,
        "n": values.size,
        "p99": median([error[0] for error in table]),
        "p99_worst": max(error[0] for error in table),
        "kofn": float(np.median(means)),
        "kofn_worst": float(means.max()),
        **each,
        "exp_p99": median([error[0] for error in exponential]),
        "exp_kofn": median([error[1:] for error in exponential]),
        "in_time_p99": in_time[0],
        "in_time_kofn": median(in_time[1:]),
    }


def median(numbers: object) -> float:
    """Return the median of all numbers of an array or lists."""
    return float(np.median(np.asarray(numbers)))


Law = tuple[Numbers, Numbers]  # levels and values of a quantile function, straight lines between


def tabled(half: Numbers) -> Law:
    """Return the table that a profile of these measurements holds."""
    table = quantile_table(half)
    return np.array(table["levels"]), np.array(table["values"])


def shifted_exponential(half: Numbers) -> Law:
    """Return a shifted exponential with their least and mean, as lines too fine to matter."""
    levels = np.concatenate([np.linspace(0, 0.99, 1000), 1 - np.geomspace(0.01, 1e-9, 1000), [1]])
    levels = np.unique(levels)
    excess = half.mean() - half.min()
    return levels, half.min() - excess * np.log1p(-np.minimum(levels, 1 - 1e-9))


def errors(law: Law, rest: Numbers) -> list[float]:
    """Return how far the law's p99, then its k-of-n means, lie from those of ``rest``."""
    p99 = np.interp(0.99, *law) / np.quantile(rest, 0.99, method="hazen") - 1
    means = [mean_of_kth(*law, k) / measured_mean_of_kth(rest, k) - 1 for k in QUORUMS]
    return [abs(float(error)) for error in (p99, *means)]


def mean_of_kth(levels: Numbers, values: Numbers, k: int, n: int = WORKERS) -> float:
    """Return E[X_(k:n)] of independent draws from a table, exactly.

    The level of the k-th of n draws has the law Beta(k, n-k+1); over a piece a + b u of the
    quantile function, u has the integral k/(n+1) times the share of the law Beta(k+1, n-k+1).
    """
    share = np.diff(betainc(k, n - k + 1, levels))
    moment = k / (n + 1) * np.diff(betainc(k + 1, n - k + 1, levels))
    slope = np.diff(values) / np.diff(levels)
    return float(np.sum((values[:-1] - slope * levels[:-1]) * share + slope * moment))


def measured_mean_of_kth(values: Numbers, k: int, n: int = WORKERS) -> float:
    """Return E[X_(k:n)] of independent draws from the measurements themselves, exactly."""
    steps = np.arange(values.size + 1) / values.size
    return float(np.diff(betainc(k, n - k + 1, steps)) @ np.sort(values))


def sets(data: Path) -> Iterator[tuple[str, Numbers, bool]]:
    """Yield each set of measurements: its name, the values, and whether they are in order."""
    readers: list[tuple[Callable[[Path], Iterator[tuple[str, Numbers]]], bool]]
    readers = [(_functions, False), (_starts, True), (_machines, True), (_training, True)]
    for reader, timed in [*readers, (_operations, False), (_network, False)]:
        for name, values in reader(data):
            yield name, np.asarray(values, dtype=np.float64), timed


def _functions(data: Path) -> Iterator[tuple[str, Numbers]]:
    tasks = pd.read_csv(data / "faas_parallelism/tasks.csv")
    of = tasks[tasks["size"] == 200].groupby(["provider", "exp"])["fn_ms"]
    for key in (("aws", "work2g"), ("gcp", "work2g_2"), ("ibm", "work2g"), ("azure", "limit1p")):
        yield f"FaaS {key[0]}", of.get_group(key).to_numpy()


def _starts(data: Path) -> Iterator[tuple[str, Numbers]]:
    days = pd.read_csv(data / "lambda_coldstart/coldstarts.csv").sort_values("day", kind="stable")
    for runtime in ("python3.12", "java21"):
        chosen = days[(days["runtime"] == runtime) & (days["memory_mb"] == 512)]
        yield f"Lambda {runtime}", chosen.filter(like="init").dropna().to_numpy().ravel()


def _machines(data: Path) -> Iterator[tuple[str, Numbers]]:
    for name, file, is_rate in (
        ("Azure fresh postgres", "short_pg25ro_westus2_D8s_v5_ms", False),
        ("Azure fresh memset", "short_memset_westus2_D8s_v5_GBsec", True),
        ("Azure kept cache B8ms", "long_cpucache_eastus_B8ms_ops", True),
        ("Azure kept cache D8s", "long_cpucache_eastus_D8s_v5_ops", True),
    ):
        rows = pd.read_csv(data / f"azure_vm_noise/{file}.csv").sort_values("starttime")
        values = rows["value"].to_numpy()
        yield name, np.median(values) / values if is_rate else values


def _training(data: Path) -> Iterator[tuple[str, Numbers]]:
    for job in (1, 2, 3):
        rows = pd.read_csv(data / f"pai_minibatch/job_{job}_norm.csv")
        rows = rows.sort_values("time", kind="stable")
        yield f"PAI job {job}", rows["batch_time_norm"].to_numpy()


def _operations(data: Path) -> Iterator[tuple[str, Numbers]]:
    ops = pd.read_parquet(data / "bytedance_straggler/trace-SE.parquet")
    for kind in ("forward", "backward"):
        chosen = ops[ops["optype"] == f"{kind}-compute"]
        stage = chosen.groupby("stage")["duration"].transform("median")
        yield f"ByteDance SE {kind}", (chosen["duration"] / stage).to_numpy()


def _network(data: Path) -> Iterator[tuple[str, Numbers]]:
    with np.load(data / "net_latency/seattle_rtt_centisec.npz") as file:
        trips = file["rtt"].astype(np.float64)
    own = np.arange(trips.shape[1])
    trips[:, own, own] = 0
    yield "Seattle round trips", trips[trips > 0]
    pairs = pd.read_csv(data / "net_latency/PlanetLabData_1", sep="\t", header=None)
    table = pairs.dropna(axis=1, how="all").to_numpy()
    yield "PlanetLab round trips", table[table > 0]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

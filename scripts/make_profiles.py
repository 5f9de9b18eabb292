"""Make the shipped profiles, all but collage-vm, from published measurements.

    python scripts/make_profiles.py DATA_FOLDER [OUT_FOLDER]

DATA_FOLDER holds one folder a source; each function below that yields profiles says which files it
reads, and the profile's ``source`` says where they were published. The profiles of PBS need no
data: they are computed from published parameters. Same data, same bytes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strag_sim import profiles
from strag_sim.distributions import Exponential, Mixture, Pareto
from strag_sim.distributions.composed import Part
from strag_sim.distributions.curve import Curve
from strag_sim.measurements import (
    Measurements,
    end_for,
    levels_for,
    profile_content,
    rounded,
)

Numbers = NDArray[np.float64]
Content = dict[str, Any]
SHIPPED = Path(__file__).parents[1] / "strag_sim/profiles/data"

APACHE = "Apache-2.0 (www.apache.org/licenses/LICENSE-2.0)"
CC_BY = "CC-BY-4.0 (creativecommons.org/licenses/by/4.0)"
MIT = "MIT"
REDUCED = "changed: only quantiles are kept"


def main(data_folder: str, out_folder: str | Path = SHIPPED) -> None:
    """Read the data and write every profile."""
    data = Path(data_folder)
    sources = (faas(data), lambda_starts(data), azure_vms(data), mlperf(data), pbs(), network(data))
    for source in sources:
        for content in source:
            profiles.write(Path(out_folder) / f"{content['name']}.json", content)
            print(content["name"])


def measured(name: str, values: Numbers, unit: str, **texts: str) -> Content:
    """Return the profile of measurements that are given in its unit."""
    if not (np.isfinite(values).all() and values.min() > 0):
        raise SystemExit(f"{name}: a measurement is missing or not above 0")
    content = profile_content(Measurements(values=values), unit=unit, scale=1.0)
    return {"name": name, **texts, **content}


# Cloud -> its product, the experiment (a result file of the source), and where its tasks ran.
FAAS = {
    "aws": ("AWS Lambda", "work2g", "2 GB, each in an instance of its own"),
    "gcp": ("Google Cloud Functions", "work2g_2", "2 GB, each in an instance of its own"),
    "ibm": ("IBM Cloud Functions", "work2g", "2 GB, each in an instance of its own"),
    "azure": ("Azure Functions", "limit1p", "13 instances that ran one task at a time"),
}


def faas(data: Path) -> Iterator[Content]:
    """Yield the fan-out of identical tasks on four clouds; reads faas_parallelism/tasks.csv."""
    tasks = pd.read_csv(data / "faas_parallelism/tasks.csv")
    for cloud, (product, experiment, where) in FAAS.items():
        chosen = (tasks["provider"] == cloud) & (tasks["exp"] == experiment)
        values = tasks.loc[chosen & (tasks["size"] == 200), "fn_ms"].to_numpy(dtype=np.float64)
        yield measured(
            f"faas-{cloud}",
            values,
            "ms",
            description="Service times of 200 identical CPU-bound tasks (Monte Carlo pi, 5 million "
            f"iterations) sent at once to {product} in 2020: {where}. Time inside the function, "
            "without start, queue and network. One burst on one day: nothing is known past p99.",
            source="Computed from github.com/danielBCN/faas-parallelism-benchmark, commit "
            f"3012d720, {cloud}/run-experiment/results/{experiment}_size=200.json.",
            licence=f"{APACHE}; copyright 2020 Daniel Barcelona; {REDUCED}.",
        )


def lambda_starts(data: Path) -> Iterator[Content]:
    """Yield cold starts of two runtimes; reads lambda_coldstart/coldstarts.csv."""
    days = pd.read_csv(data / "lambda_coldstart/coldstarts.csv")
    columns = [f"init{i}_ms" for i in range(10)]
    for runtime, name in (("python3.12", "lambda-python312"), ("java21", "lambda-java21")):
        chosen = (days["runtime"] == runtime) & (days["memory_mb"] == 512)
        whole = days.loc[chosen & (days["arch"] == "x86_64"), columns].dropna()
        first, last = days.loc[whole.index, "day"].min(), days.loc[whole.index, "day"].max()
        yield measured(
            name,
            whole.to_numpy(dtype=np.float64).ravel(),
            "ms",
            description="Initialisation times of cold starts of an AWS Lambda function that does "
            f"nothing ({runtime}, 512 MB, x86_64): ten a day from {first} to {last}, days with "
            "fewer left out.",
            source="Computed from github.com/maxday/lambda-perf, commit 6070b794, data/.",
            licence=f"{APACHE}; {REDUCED}.",
        )


def azure_vms(data: Path) -> Iterator[Content]:
    """Yield the spread of fresh virtual machines; reads two files of azure_vm_noise."""
    folder = data / "azure_vm_noise"
    delay = pd.read_csv(folder / "short_pg25ro_westus2_D8s_v5_ms.csv")["value"].to_numpy()
    rate = pd.read_csv(folder / "short_memset_westus2_D8s_v5_GBsec.csv")["value"].to_numpy()
    for name, ratios, what in (
        ("postgres", delay / np.median(delay), "mean response time of a read-only PostgreSQL load"),
        ("memset", np.median(rate) / rate, "time to set memory (median rate over rate)"),
    ):
        yield measured(
            f"azure-fresh-vm-{name}",
            ratios,
            "ratio",
            description=f"How slow a fresh Azure D8s_v5 machine (westus2) is: {what}, over the "
            "median of all machines; one measurement a machine, May 2023 to September 2024. For "
            "a fixed factor per worker.",
            source="Computed from github.com/Azure/AzurePublicDataset, commit b469a113, "
            "vm-noise-data; cite Freischuetz et al., TUNA, EuroSys 2025.",
            licence=f"{CC_BY}: Azure VM Noise Dataset 2024, Microsoft; {REDUCED}, over the median.",
        )


# Levels of the published logs.
_LOGGED = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p97": 0.97, "p99": 0.99, "p999": 0.999, "max": 1.0}
_KNEE = 0.01  # where the computed point of the lower half stands


def mlperf(data: Path) -> Iterator[Content]:
    """Yield the jitter of dedicated devices; reads mlperf_v1_quantiles/mlperf_v1_quantiles.csv."""
    runs = pd.read_csv(data / "mlperf_v1_quantiles/mlperf_v1_quantiles.csv")
    # The length of rnnt's inputs varies, so its times vary without any jitter.
    single = (runs["scenario"] == "SingleStream") & ~runs["model"].str.contains("rnnt")
    runs = runs.loc[single]
    for name, share, which in (
        ("mlperf-single-stream", 0.5, "median"),
        ("mlperf-single-stream-p90", 0.9, "90th percentile"),
    ):
        levels, values = _law_of_runs(runs, share)
        curve = Curve(levels, values)
        yield {
            "name": name,
            "description": "Jitter of inference on a dedicated device, one request at a time: "
            f"times over the run's median. Each quantile is the {which} of that quantile over "
            f"{len(runs)} MLPerf v1.0 SingleStream runs (rnnt left out); the point at level "
            f"{_KNEE} is computed from the runs' means. n counts the measurements that all runs "
            "hold at the least; mean and std are this law's.",
            "source": "Computed from github.com/mlcommons/inference_results_v1.0, commit f7759baf, "
            "*/results/*/*/*/performance/run_1/mlperf_log_summary.txt.",
            "licence": f"{APACHE}; MLCommons; {REDUCED}, over runs.",
            "unit": "ratio",
            "n": int(runs["minq"].sum()),
            "mean": rounded(curve.mean),
            "std": rounded(curve.std),
            "levels": levels.tolist(),
            "values": [rounded(float(value)) for value in values],
            "tail": f"Beyond level 0.999 a straight line to the {which} of the runs' largest; a "
            "run holds 1,024 measurements at the least, so its 99.9th percentile rests on one.",
        }


def _law_of_runs(runs: pd.DataFrame, share: float) -> tuple[Numbers, Numbers]:
    """Return levels and ratios to the median: of each quantile the ``share`` quantile over runs.

    Below its median a run says only its least, a single outlier; a straight line from there would
    understate the mean. What the mean leaves for the lower half sets one point more.
    """
    levels = np.array(list(_LOGGED.values()))
    ratios = runs[list(_LOGGED)].to_numpy() / runs[["p50"]].to_numpy()
    half = 2 * ((runs["mean"] / runs["p50"]).to_numpy() - np.trapezoid(ratios, levels, axis=1))
    least = np.quantile(runs["min"] / runs["p50"], share)
    # Lines from (0, least) to (_KNEE, point) to (0.5, 1) have the lower half's mean.
    point = 2 * (np.quantile(half, share) - _KNEE * least - (0.5 - _KNEE))
    upper = np.quantile(ratios, share, axis=0)
    values = np.array([least, np.clip(point, least, 1.0), *upper])
    return np.array([0.0, _KNEE, *levels]), np.maximum.accumulate(values)


# Name -> share, minimum and shape of the Pareto body, rate (1/ms) of the exponential rest, text.
PBS = {
    "pbs-linkedin-ssd": (0.9122, 0.235, 10.0, 1.66, "LNKD-SSD, W=A=R=S: any message"),
    "pbs-linkedin-disk": (0.38, 1.05, 1.51, 0.183, "LNKD-DISK, W: a write and its way there"),
    "pbs-yammer-write": (0.939, 3.0, 3.35, 0.0028, "YMMR, W: a write and its way there"),
    "pbs-yammer-read": (0.982, 1.5, 3.8, 0.0217, "YMMR, A=R=S: any other message"),
}


def pbs() -> Iterator[Content]:
    """Yield the one-way times that were fitted to production systems at LinkedIn and Yammer."""
    levels = levels_for(1000)
    for name, (share, minimum, shape, rate, what) in PBS.items():
        body = Part(weight=share, of=Pareto(minimum=minimum, shape=shape))
        rest = Part(weight=1 - share, of=Exponential(mean=1 / rate))
        law = Mixture(parts=(body, rest))
        # The exponential part begins at 0, where no size may be.
        values = law.quantile(np.concatenate([[1e-5], levels[1:]]))
        values[-1] = end_for(law.mean, levels, values)
        curve = Curve(levels, values)
        yield {
            "name": name,
            "description": f"One-way times in a replicated store ({what}), fitted by the authors "
            f"of PBS: {share:.2%} Pareto (minimum {minimum:g} ms, shape {shape:g}), the rest "
            f"exponential ({rate:g} per ms). An operation at a node is two of them, there and "
            "back. mean and std are this law's, as it ends.",
            "source": "Computed from the parameters in Bailis et al., Probabilistically Bounded "
            "Staleness for Practical Partial Quorums, PVLDB 5(8), 2012, table of fits.",
            "licence": "Published parameters are facts; the paper is cited.",
            "unit": "ms",
            "n": 0,
            "mean": rounded(curve.mean),
            "std": rounded(curve.std),
            "levels": levels.tolist(),
            "values": [rounded(float(value)) for value in values],
            "tail": f"The published law has no end; this one ends at {values[-1]:.4g} ms, so that "
            "its mean is the published law's. Up to level 0.9999 its quantiles are exact.",
        }


def network(data: Path) -> Iterator[Content]:
    """Yield round trips; reads seattle_rtt_centisec.npz and PlanetLabData_1 of net_latency."""
    with np.load(data / "net_latency/seattle_rtt_centisec.npz") as file:
        trips = file["rtt"].copy()  # slice, from, to; 0 where there is no value
    own = np.arange(trips.shape[1])
    trips[:, own, own] = 0
    pairs = pd.read_csv(data / "net_latency/PlanetLabData_1", sep="\t", header=None)
    table = pairs.dropna(axis=1, how="all").to_numpy(dtype=np.float64)
    np.fill_diagonal(table, 0)
    source = (
        "Computed from github.com/uofa-rzhu3/NetLatency-Data, commit a5845579, {}; cite Zhu, Liu, "
        "Niu, Li, Zhao, IEEE/ACM Transactions on Networking 25 (2017)."
    )
    licence = f"{MIT}; copyright 2016 uofa-rzhu3; {REDUCED}."
    half = "Half a round trip is the time of one way: as `network`, use `scale: 0.5`."
    yield measured(
        "seattle-rtt",
        trips[trips > 0] / 100,
        "s",
        description="Round trips between 99 personal devices (Seattle testbed), every pair in 688 "
        f"slices of time, on a grid of 10 ms. A harsh case: home networks. {half}",
        source=source.format("Seattle/"),
        licence=licence,
    )
    yield measured(
        "planetlab-rtt",
        table[table > 0],
        "ms",
        description=f"Round trips between 490 hosts of PlanetLab, each pair once. {half}",
        source=source.format("PlanetLab/PlanetLabData_1"),
        licence=licence,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

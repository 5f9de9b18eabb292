"""Sweeps on a real Slurm: two nodes on this host, where it is installed."""

from pathlib import Path

import pytest

import strag_sim
from strag_sim.errors import SweepError
from verification.slurm import asked, missing, slurm

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
SCENARIO = {
    "name": "on-slurm",
    "runs": 3,
    "requests": 20_000,
    "arrivals": {"kind": "poisson"},
    "service": {"kind": "exponential", "mean": "10 ms"},
    "workers": {"count": 8},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
    "sweep": {"arrivals.offered_load": [0.2, 0.4], "seed": [1, 2, 3]},
}
CLUSTER = {"memory": "1 GB", "time": "10 min", "interface": "lo"}


@pytest.fixture(scope="module", autouse=True)
def two_nodes(tmp_path_factory):
    """Start Slurm for all tests here."""
    with slurm(tmp_path_factory.mktemp("slurm")):
        yield


def cells_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all cells by their keys."""
    files = (folder / "cells").rglob("*.json")
    return {file.stem: file.read_bytes() for file in files if len(file.stem) == 32}


@pytest.mark.parametrize("adapt", [False, True])
def test_slurm_gives_the_same_bytes(tmp_path, adapt):
    """As this process alone; with jobs that are there from the start, or as they are needed."""
    strag_sim.sweep(SCENARIO, output=tmp_path / "alone", jobs=1)
    cluster = CLUSTER | {"adapt": adapt, "cpus": 1}
    swept = strag_sim.sweep(
        SCENARIO, output=tmp_path / "slurm", on="slurm", jobs=2, cluster=cluster
    )

    assert swept.status["done"] == 6
    assert cells_of(tmp_path / "alone") == cells_of(tmp_path / "slurm")
    assert len(list((tmp_path / "slurm" / "jobs").glob("*.out"))) >= 1


def test_a_node_that_is_drained(tmp_path):
    """And whose job is then killed: the other node takes over, to the same bytes."""
    source = SCENARIO | {"requests": 200_000, "sweep": {"seed": list(range(1, 41))}}
    source["arrivals"] = {"kind": "poisson", "offered_load": 0.4}
    strag_sim.sweep(source, output=tmp_path / "alone", jobs=2)
    drained = []

    def drain(progress):
        jobs = asked("squeue", "-h", "-t", "R", "-o", "%i %N").splitlines()
        places = dict(reversed(job.split()) for job in jobs)
        if progress.state == "running" and progress.done >= 4 and not drained and places:
            node, job = next(iter(places.items()))
            asked("scontrol", "update", f"nodename={node}", "state=drain", "reason=test")
            asked("scancel", job)
            drained.append(node)

    try:
        swept = strag_sim.sweep(
            source, output=tmp_path / "slurm", on="slurm", jobs=2, cluster=CLUSTER, progress=drain
        )
    finally:
        for node in drained:
            asked("scontrol", "update", f"nodename={node}", "state=resume")

    assert drained
    assert swept.status["done"] == 40
    assert cells_of(tmp_path / "alone") == cells_of(tmp_path / "slurm")


def test_a_partition_that_is_not_there(tmp_path):
    """What Slurm says is told."""
    with pytest.raises(SweepError, match="Invalid partition name"):
        strag_sim.sweep(
            SCENARIO, output=tmp_path / "a", on="slurm", cluster=CLUSTER | {"partition": "none"}
        )

"""The same cells from workers of Dask, also where one of them is killed."""

import os
import signal
import subprocess
import sys
import time

import pytest
from distributed import LocalCluster
from swept import TINY, cells_of

import strag_sim
from strag_sim.errors import SweepError
from strag_sim.sweep import Swept, dask, sweeping

SMALL = {**TINY, "requests": 30_000}


@pytest.fixture(scope="module")
def scheduler():
    """Return a cluster of two processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster


def test_dask_gives_the_same_bytes(tmp_path, scheduler):
    """As this process alone; through the address of a scheduler that is running."""
    strag_sim.sweep(TINY, output=tmp_path / "alone", jobs=1)
    address = scheduler.scheduler_address
    strag_sim.sweep(TINY, output=tmp_path / "dask", on="dask", scheduler=address)

    assert cells_of(tmp_path / "alone") == cells_of(tmp_path / "dask")
    one, two = (Swept.open(tmp_path / name).table() for name in ("alone", "dask"))
    assert one.drop(columns="wall_time").equals(two.drop(columns="wall_time"))


def test_a_worker_of_dask_that_is_killed_is_replaced(tmp_path, scheduler):
    """In the middle of its cells; they are done by others, to the same bytes."""
    strag_sim.sweep(SMALL, output=tmp_path / "alone", jobs=1)
    killed = []

    def kill(progress):
        if progress.state == "running" and progress.done == 1 and not killed:
            time.sleep(0.05)
            killed.append(next(iter(scheduler.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    address = scheduler.scheduler_address
    swept = strag_sim.sweep(
        SMALL, output=tmp_path / "dask", on="dask", scheduler=address, progress=kill
    )

    assert killed
    assert swept.status["done"] == 6
    assert cells_of(tmp_path / "alone") == cells_of(tmp_path / "dask")


def test_a_worker_with_other_code_refuses(tmp_path, scheduler, monkeypatch):
    """And says what to do; nothing is done by it."""
    monkeypatch.setattr(sweeping, "code", lambda: "other")
    with pytest.raises(SweepError, match="has another version of strag-sim"):
        strag_sim.sweep(
            TINY, output=tmp_path / "a", on="dask", scheduler=scheduler.scheduler_address
        )
    assert cells_of(tmp_path / "a") == {}


def test_a_scheduler_that_is_not_there(tmp_path, monkeypatch):
    """Is told, and the folder says that it was stopped."""
    monkeypatch.setattr(dask, "CONNECTING", 0.5)
    with pytest.raises(SweepError, match="127.0.0.1:1: cannot be reached"):
        strag_sim.sweep(TINY, output=tmp_path / "a", on="dask", scheduler="tcp://127.0.0.1:1")


def test_a_queue_that_is_not_there(tmp_path, monkeypatch):
    """Is told: there is no command to ask it with."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for queue, command in (("slurm", "squeue"), ("pbs", "qstat")):
        with pytest.raises(SweepError, match=f"{queue}: there is no {command} here"):
            strag_sim.sweep(TINY, output=tmp_path / "a", on=queue)


def test_without_the_extra_it_is_told(tmp_path, monkeypatch):
    """What to install."""
    monkeypatch.setitem(sys.modules, "strag_sim.sweep.dask", None)
    with pytest.raises(SweepError, match=r"pip install 'strag-sim\[cluster\]'"):
        strag_sim.sweep(TINY, output=tmp_path / "a", on="dask")


def test_ctrl_c_stays_what_it_was():
    """dask-jobqueue takes it for itself when it is imported, and would end without a word."""
    code = (
        "import signal; before = signal.getsignal(signal.SIGINT); import strag_sim.sweep.queues; "
        "assert signal.getsignal(signal.SIGINT) is before"
    )

    subprocess.run([sys.executable, "-c", code], check=True)

"""Workers that a cluster's queue starts: jobs of Slurm or PBS, by dask-jobqueue."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import dask
from distributed import Client, Status

from strag_sim.errors import SweepError
from strag_sim.scenario import Cluster
from strag_sim.sweep.dask import TRIES, OnDask, quieten
from strag_sim.sweep.job import Job

_CTRL_C = signal.getsignal(signal.SIGINT)

from dask_jobqueue import PBSCluster, SLURMCluster  # noqa: E402

signal.signal(signal.SIGINT, _CTRL_C)  # which the import has taken, to end without a word

QUEUES = {"slurm": SLURMCluster, "pbs": PBSCluster}
# Says what is queued: where it cannot, nothing can be submitted.
ASKING = {"slurm": "squeue", "pbs": "qstat"}
ANSWERING = 30  # seconds that the queue has to answer
# Seconds between two looks at how many jobs there are, and until a worker counts as lost.
TENDING, LOST = 10.0, 15
WORKING = 60  # seconds after which a worker without a scheduler ends


def on_queue(job: Job, queue: str, asked: Cluster) -> OnDask:
    """Return the workers of jobs that are submitted to a queue; they end with the sweep."""
    _check(queue)
    quieten()
    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": TRIES,
            "distributed.deploy.lost-worker-timeout": f"{LOST} s",
        }
    )
    try:
        cluster = QUEUES[queue](**_settings(job, asked))
    except (OSError, ValueError, RuntimeError) as error:
        raise SweepError(f"{queue}: the jobs cannot be described: {error}") from error
    tend = None
    try:
        # By hand, not by `scale`, which submits later and only logs why a job is refused; where
        # the number of jobs adapts, the first one.
        while len(cluster.worker_spec) < (1 if asked.adapt else asked.jobs):
            cluster.worker_spec.update(cluster.new_worker_spec())
        cluster.sync(cluster._correct_state)
    except (OSError, RuntimeError) as error:
        for refused in cluster._created:  # or closing would take it for one that still begins
            if refused.status == Status.created:
                refused.status = Status.failed
        cluster.close(timeout=LOST)
        raise SweepError(f"{queue} takes no job: {_last_line(error)}") from error
    if asked.adapt:
        cluster.adapt(minimum_jobs=0, maximum_jobs=asked.jobs)
    else:
        tend = _Tending(cluster, asked.jobs)
    return OnDask(job, Client(cluster), asked.jobs * asked.cpus, cluster, tend)


def _check(queue: str) -> None:
    """Raise a SweepError where there is no such queue, or it does not answer."""
    command = ASKING[queue]
    try:
        done = subprocess.run([command], capture_output=True, text=True, timeout=ANSWERING)
    except FileNotFoundError:
        raise SweepError(
            f"{queue}: there is no {command} here; sweep on a host from which jobs are submitted"
        ) from None
    except subprocess.TimeoutExpired:
        raise SweepError(f"{queue}: does not answer ({command}); is it running?") from None
    if done.returncode:
        raise SweepError(f"{queue}: does not answer ({command}): {done.stderr.strip()}")


def _last_line(error: Exception) -> str:
    """Return what a queue said at last: before it stands the command that was run."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


class _Tending:
    """Submits jobs anew in place of those that have ended, as where a node is drained."""

    def __init__(self, cluster: Any, jobs: int) -> None:
        self.cluster = cluster
        self.jobs = jobs
        self.last = time.monotonic()

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self.last > TENDING:
            self.last = now
            self.cluster.scale(jobs=self.jobs)


def _settings(job: Job, asked: Cluster) -> dict[str, Any]:
    """Return what dask-jobqueue is told."""
    minutes, seconds = divmod(round(asked.time), 60)
    hours, minutes = divmod(minutes, 60)
    return {
        "queue": asked.partition,
        "account": asked.account,
        "cores": asked.cpus,
        "processes": asked.cpus,
        "memory": asked.memory,
        "walltime": f"{hours:02d}:{minutes:02d}:{seconds:02d}",
        "interface": asked.interface,
        "job_extra_directives": list(asked.directives),
        "job_script_prologue": list(asked.prologue),
        "log_directory": str(Path(job.folder) / "jobs"),
        "death_timeout": WORKING,
        "python": sys.executable,
        "scheduler_options": {"dashboard_address": None},
    }

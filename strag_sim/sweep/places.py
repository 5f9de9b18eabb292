"""Where cells are simulated: from the words of a user to an executor."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from strag_sim.errors import ScenarioError, SweepError
from strag_sim.hints import did_you_mean
from strag_sim.scenario import Cluster, read_cluster
from strag_sim.simulate import cores
from strag_sim.sweep.executors import Alone, Executor
from strag_sim.sweep.job import Job
from strag_sim.sweep.local import Processes

On = Literal["local", "dask", "slurm", "pbs"]
PLACES: tuple[On, ...] = ("local", "dask", "slurm", "pbs")
QUEUES = ("slurm", "pbs")

# Makes an executor for a job, once it is known that there is something to simulate.
Making = Callable[[Job], Executor]


def executor_of(
    on: str,
    jobs: int | None = None,
    scheduler: str | None = None,
    cluster: Cluster | str | Path | Mapping[str, Any] | None = None,
) -> Making | None:
    """Return what makes the executor; None for this machine's processes, which are there anyway.

    A ScenarioError tells what does not go together, a SweepError what is not installed.
    """
    if on not in PLACES:
        hint = did_you_mean(on, PLACES)
        raise ScenarioError(f"on: {on!r} is not allowed; on must be {', '.join(PLACES)}{hint}")
    if jobs is not None and jobs < 1:
        raise ScenarioError(f"jobs: {jobs} is not allowed; jobs must be at least 1")
    if scheduler is not None and on != "dask":
        raise ScenarioError(f"scheduler: is not allowed with on: {on}; it is for dask")
    if cluster is not None and on not in QUEUES:
        raise ScenarioError(f"cluster: is not allowed with on: {on}; it is for slurm and pbs")
    if on == "local":
        return None
    if on == "dask":
        return partial(_module("dask").on_dask, scheduler=scheduler, jobs=jobs or cores())
    asked = cluster
    if not isinstance(asked, Cluster):
        asked = read_cluster(asked, {} if jobs is None else {"jobs": jobs})
    return partial(_module("queues").on_queue, queue=on, asked=asked)


def local(job: Job, jobs: int | None = None) -> Executor:
    """Return the executor of this machine; never more processes than cells."""
    workers = min(jobs or cores(), len(job.grid))
    return Alone(job) if workers == 1 else Processes(job, workers)


def _module(name: str) -> Any:
    """Return a module that needs the extra ``cluster``."""
    try:
        return import_module(f"strag_sim.sweep.{name}")
    except ImportError as error:
        raise SweepError(
            f"{error.name} is not installed; install strag-sim with its extra cluster: "
            "pip install 'strag-sim[cluster]'"
        ) from error

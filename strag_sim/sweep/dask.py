"""Cells over the workers of Dask: on this machine, or wherever a scheduler has them."""

import logging
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, wait
from distributed.versions import VersionMismatchWarning

from strag_sim.errors import SweepError
from strag_sim.sweep.chunks import Chunk, Chunks
from strag_sim.sweep.executors import given_up
from strag_sim.sweep.job import Job, Report, Work

AHEAD = 2  # chunks that lie ready for each worker
PATIENCE = 5.0  # seconds between two looks at the workers while nothing ends
# How often a cell's worker may be lost, by a node that fails or a job whose time is over, before
# the cell is to blame. Dask counts it for all that a worker was handed.
TRIES = 10
CONNECTING = 20  # seconds until a scheduler must answer

_GONE = "cannot be reached; is the address right, and is it running?"


class OnDask:
    """The workers of a Dask scheduler, each with one cell at a time.

    Dask itself hands the cells of a lost worker to others. ``cluster`` is closed with this, and
    ``tend`` called now and then.
    """

    def __init__(
        self,
        job: Job,
        client: Client,
        workers: int,
        cluster: Any = None,
        tend: Callable[[], None] | None = None,
    ) -> None:
        self.job = job
        self.client = client
        self.workers = workers
        self.cluster = cluster
        self.tend = tend

    def reports(self, work: Work, chunks: Chunks, threads: int) -> Iterator[list[Report]]:
        """Yield what became of the cells; see `Executor`."""
        running: dict[Future, Chunk] = {}
        try:
            while self._hand_out(work, chunks, running):
                for future in _ended(running):
                    chunk = running.pop(future)
                    yield self._result(future, chunk, chunks)
                if self.tend is not None:
                    self.tend()
        finally:
            self.client.cancel(list(running))

    def close(self) -> None:
        """Let go of the workers, and of the cluster where it was started for this sweep."""
        self.client.close(timeout=PATIENCE)
        if self.cluster is not None:
            self.cluster.close(timeout=PATIENCE)

    def _hand_out(self, work: Work, chunks: Chunks, running: dict[Future, Chunk]) -> bool:
        """Hand out chunks until enough lie ready; return whether there is anything to wait for."""
        while len(running) < AHEAD * self.workers:
            chunk = chunks.take()
            if chunk is None:
                break
            # Not pure: the same chunk may be handed out again, after its worker was lost.
            future = self.client.submit(_work, work, self.job, chunk, pure=False)
            running[future] = chunk
        return bool(running)

    def _result(self, future: Future, chunk: Chunk, chunks: Chunks) -> list[Report]:
        """Return what became of a chunk."""
        if future.status == "finished":
            reports, seconds = future.result()
            chunks.told(len(chunk), seconds)
            found: list[Report] = reports
            return found
        if future.status in ("lost", "cancelled"):
            chunks.took_worker(chunk, alone=False)
            return []
        error = future.exception()
        if isinstance(error, KilledWorker):
            if len(chunk) == 1:
                return given_up(chunk, TRIES)
            chunks.took_worker(chunk, alone=False)
            return []
        if isinstance(error, SweepError):
            raise error
        raise SweepError(f"a worker cannot simulate: {type(error).__name__}: {error}")


def on_dask(job: Job, scheduler: str | None, jobs: int) -> OnDask:
    """Return the workers of a running scheduler, or so many processes of this machine."""
    quieten()
    dask.config.set({"distributed.scheduler.allowed-failures": TRIES})
    if scheduler is None:
        cluster = LocalCluster(
            n_workers=jobs, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        )
        return OnDask(job, Client(cluster), jobs, cluster)
    try:
        client = Client(scheduler, timeout=CONNECTING)
    except (OSError, ValueError) as error:
        raise SweepError(f"{scheduler}: {_GONE}") from error
    workers = sum(client.nthreads().values())
    if not workers:
        client.close()
        raise SweepError(f"{scheduler}: has no workers; start some with `dask worker {scheduler}`")
    return OnDask(job, client, workers)


def _ended(running: dict[Future, Chunk]) -> Sequence[Future]:
    """Wait for the first chunks to end, but not for long; return those that have."""
    try:
        wait(list(running), timeout=PATIENCE, return_when="FIRST_COMPLETED")
    except TimeoutError:
        return ()
    return [future for future in running if future.status != "pending"]


def _work(work: Work, job: Job, chunk: Chunk) -> tuple[list[Report], float]:
    """Work through a chunk, and say how long it took."""
    began = time.perf_counter()
    return work(job, chunk, 1), time.perf_counter() - began


def quieten() -> None:
    """Let Dask say only what has failed: workers that come and go are no news to a user.

    Nor are versions that differ: what matters of them is checked by the workers.
    """
    logging.getLogger("distributed").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=VersionMismatchWarning)

"""Who simulates cells: an executor works through chunks and yields what became of each cell."""

import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from strag_sim.sweep.chunks import Chunks
from strag_sim.sweep.job import Cell, Job, Report, Work

KILLED = (
    "the process that simulated it was killed, {times} times; was there enough memory, and time?"
)


class Executor(Protocol):
    """Works through chunks with some workers; closed when it is left."""

    workers: int

    def reports(self, work: Work, chunks: Chunks, threads: int) -> Iterator[list[Report]]:
        """Yield what became of the cells, in any order, until all chunks are done.

        Cells whose worker is lost are done again by others. KeyboardInterrupt when interrupted.
        """

    def close(self) -> None:
        """Let go of all workers; what they have not finished is dropped."""


class Alone:
    """Simulates cells in this process, one at a time."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.workers = 1

    def reports(self, work: Work, chunks: Chunks, threads: int) -> Iterator[list[Report]]:
        """Yield what became of the cells."""
        while (chunk := chunks.take()) is not None:
            began = time.perf_counter()
            found = work(self.job, chunk, threads)
            chunks.told(len(chunk), time.perf_counter() - began)
            yield found

    def close(self) -> None:
        """Do nothing: there is nobody."""


def given_up(cells: Sequence[Cell], times: int) -> list[Report]:
    """Return reports on cells that took their workers with them."""
    return [Report(cell, "failed", error=KILLED.format(times=times)) for cell in cells]

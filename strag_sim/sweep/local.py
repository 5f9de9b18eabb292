"""Cells over the processes of this machine: the standard library's, all cores."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process

from strag_sim.errors import SweepError
from strag_sim.sweep.chunks import TRIES, Chunk, Chunks
from strag_sim.sweep.executors import given_up
from strag_sim.sweep.job import Job, Report, Work

# Chunks that lie ready for each worker, so that none waits for its next.
AHEAD = 2
# The child imports what every worker needs, once, and forks them from there.
PRELOAD = ["strag_sim.sweep.cells"]

Done = tuple[list[Report], float]
Running = dict[Future[Done], Chunk]


class Processes:
    """So many processes, each with one cell at a time; those that are killed are replaced."""

    def __init__(self, job: Job, workers: int) -> None:
        self.job = job
        self.workers = workers
        self.context = get_context("forkserver")
        self.context.set_forkserver_preload(PRELOAD)
        self.pool: ProcessPoolExecutor | None = None
        self.proved = False  # that processes start at all

    def reports(self, work: Work, chunks: Chunks, threads: int) -> Iterator[list[Report]]:
        """Yield what became of the cells; see `Executor`."""
        running: Running = {}
        while True:
            self._hand_out(work, chunks, threads, running)
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            lost: list[Chunk] = []
            for future in done:
                chunk = running.pop(future)
                try:
                    found, seconds = future.result()
                except BrokenProcessPool:
                    lost.append(chunk)
                    continue
                self.proved = True
                chunks.told(len(chunk), seconds)
                yield found
            if lost:
                yield self._replaced(chunks, running, lost)

    def close(self) -> None:
        """Kill the processes: what they have kept is whole, and the rest is not needed."""
        if self.pool is None:
            return
        workers = list((self.pool._processes or {}).values())
        self.pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.kill()
        self.pool = None

    def _hand_out(self, work: Work, chunks: Chunks, threads: int, running: Running) -> None:
        """Hand out chunks until enough lie ready; what took a worker with it, alone."""
        while len(running) < (1 if chunks.only_again else AHEAD * self.workers):
            chunk = chunks.take()
            if chunk is None:
                return
            try:
                future = self._started().submit(_work, work, chunk, threads)
            except BrokenProcessPool:  # since the last look
                chunks.took_worker(chunk, alone=False)
                self.close()
                continue
            running[future] = chunk

    def _started(self) -> ProcessPoolExecutor:
        """Return the pool, started anew if it is not there."""
        if self.pool is None:
            self.pool = ProcessPoolExecutor(self.workers, self.context, _begin, (self.job,))
        return self.pool

    def _replaced(self, chunks: Chunks, running: Running, lost: list[Chunk]) -> list[Report]:
        """Start anew after a process was lost, which ends all; report the cells to blame."""
        if not self.proved:
            self.close()
            raise SweepError(
                "the processes for cells do not start; in a script of your own, call sweep below "
                'if __name__ == "__main__":'
            )
        lost = [*lost, *running.values()]
        running.clear()
        self.close()
        alone = len(lost) == 1 and len(lost[0]) == 1
        return given_up([c for chunk in lost for c in chunks.took_worker(chunk, alone)], TRIES)


_JOB: list[Job] = []  # of a worker


def _begin(job: Job) -> None:
    """Begin as a worker: Ctrl-C is for the process that asks, and without it there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _JOB[:] = [job]
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the process that asks has ended, however that was."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(work: Work, chunk: Chunk, threads: int) -> Done:
    """Work through a chunk, and say how long it took."""
    began = time.perf_counter()
    return work(_JOB[0], chunk, threads), time.perf_counter() - began

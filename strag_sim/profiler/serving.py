"""One block of calls, served by one or several threads, in a closed loop or at given times."""

import threading
import time
from concurrent.futures import Future, wait
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from strag_sim.profiler.asked import Asked
from strag_sim.profiler.calling import Caller, serving
from strag_sim.profiler.servers import Servers

Ints = NDArray[np.int64]
DUE, START, TIME, WORK, SERVER = range(5)  # the columns of a call; ns, and which thread


class Block:
    """Calls that are served one after the other by each of ``servers`` threads, each the next.

    ``due`` (ns from the start of the block, rising) is when each call comes: then the thread that
    waits for the block hands it to whoever is free, as the front of a server does, for a thread
    that is woken by another takes longer than one that wakes itself. In a closed loop, where it is
    None, a thread makes the next as soon as it is free. Each thread makes a call that
    is not counted before the block starts, because another model's block was before it and left
    nothing in the caches. A thread for which no call is left goes on calling until all are done,
    uncounted, so that the last ones are served as the others were: among as many.
    """

    def __init__(self, call: Caller, calls: int, servers: int, due: Ints | None = None) -> None:
        self.call, self.servers, self.due = call, servers, due
        self.rows = np.zeros((calls, 5), np.int64)
        self.done = np.zeros(calls, np.bool_)
        self.waiting: SimpleQueue[int | None] = SimpleQueue()
        self.taken, self.left = 0, calls
        self.failure: BaseException | None = None
        self.stopped = False
        self.lock = threading.Lock()
        feeders = 0 if due is None else 1
        self.together = threading.Barrier(servers + feeders, action=self._begin)
        self.begun = 0

    def serve(self, asked: Asked, servers: Servers) -> None:
        """Serve all calls; what a call raises is raised here, and what was done stays.

        One server of a closed loop is the thread that calls this; others are of ``servers``.
        """
        if self.servers == 1 and self.due is None:
            self._work(0, asked)
        else:
            self._spread(asked, servers)
        if self.failure is not None:
            raise self.failure

    def measured(self) -> Ints:
        """Return a row for each call that was done: ``DUE`` ... ``SERVER``."""
        rows: Ints = self.rows[self.done]
        return rows

    def _begin(self) -> None:
        """Start the clock: all servers are there."""
        self.begun = time.perf_counter_ns()

    def _spread(self, asked: Asked, servers: Servers) -> None:
        """Serve by threads, until all is done, one fails, or Ctrl-C is pressed."""
        at_work: list[Future[None]] = []
        try:
            at_work = servers.begin(self.servers, lambda server: self._work(server, asked))
            if self.due is not None:
                self._feed(self.due)
            wait(at_work)
        except threading.BrokenBarrierError:
            return  # a thread has failed, and said so
        finally:
            self.stopped = True
            self.together.abort()  # nobody waits for a thread that will not come
            self._end()
            wait(at_work)

    def _feed(self, due: Ints) -> None:
        """Hand over each call when it is due."""
        self.together.wait()
        for number, at in enumerate(due):
            early = self.begun + int(at) - time.perf_counter_ns()
            if early > 0:
                time.sleep(early / 1e9)
            if self.stopped:
                break
            self.waiting.put(number)
        self._end()

    def _end(self) -> None:
        """Tell all threads that no more calls come."""
        for _ in range(self.servers):
            self.waiting.put(None)

    def _work(self, server: int, asked: Asked) -> None:
        """Serve as one thread."""
        try:
            with serving(asked, server):
                self.call(server)
                self.together.wait()
                while (number := self._next()) is not None:
                    self._one(number, server)
                while self.due is None and self.left > 0 and not self.stopped:
                    self.call(server)
        except threading.BrokenBarrierError:
            return  # another has failed, and says so
        except BaseException as error:  # told by ``serve``, in the thread that waits
            self.failure, self.stopped = error, True
            self.together.abort()

    def _next(self) -> int | None:
        """Return the next call to serve, waiting for it where calls come by themselves."""
        if self.due is not None:
            number = self.waiting.get()
            return None if self.stopped else number
        with self.lock:
            if self.stopped or self.taken == len(self.done):
                return None
            self.taken += 1
            return self.taken - 1

    def _one(self, number: int, server: int) -> None:
        """Serve a call."""
        due = 0 if self.due is None else self.begun + int(self.due[number])
        start, took, work = self.call(number)
        self.rows[number] = due or start, start, took, work, server
        self.done[number] = True
        with self.lock:
            self.left -= 1

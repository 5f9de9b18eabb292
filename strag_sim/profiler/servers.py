"""Threads that call models, and stay for a session."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")


class Servers:
    """Threads by the number of their server, begun when they are first needed; a context manager.

    They stay, because cuDNN keeps what it has found out about a shape for each thread: a new one
    would try all of its algorithms again in the middle of a session. Left, they have ended.
    """

    def __init__(self) -> None:
        self._threads: list[ThreadPoolExecutor] = []

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.shutdown()

    def begin(self, count: int, act: Callable[[int], T]) -> list[Future[T]]:
        """Let each of the first ``count`` servers act, with its number."""
        while len(self._threads) < count:
            self._threads.append(ThreadPoolExecutor(1))
        return [thread.submit(act, server) for server, thread in enumerate(self._threads[:count])]

    def all(self, count: int, act: Callable[[int], T]) -> list[T]:
        """Let them act at once, and return what each returned; what one raised is raised here."""
        acting = self.begin(count, act)
        wait(acting)
        return [each.result() for each in acting]

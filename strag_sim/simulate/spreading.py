"""Work spread over threads, stopped by Ctrl-C where nothing is lost."""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

# Called with how much is done, and of how much.
Progress = Callable[[int, int], None]
# A flag that threads and engines look at.
Stop = NDArray[np.uint8]

Key = TypeVar("Key")
Done = TypeVar("Done")


def cores() -> int:
    """Return how many cores this process may use: a scheduler may grant fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def interruptible() -> Iterator[Stop]:
    """Yield a flag that the first Ctrl-C sets; the second raises KeyboardInterrupt.

    An exception at any place whatever could cost finished runs, or leave a lock taken; whoever
    looks at the flag stops where nothing is lost. The flag is also set at the end.
    """
    stop: Stop = np.zeros(1, dtype=np.uint8)

    def interrupt(*_: object) -> None:
        if stop[0]:
            raise KeyboardInterrupt
        stop[0] = 1

    # Other handlers than Python's own, and ignored signals, are somebody's wish; and only the
    # main thread may set one.
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ours = usual and threading.current_thread() is threading.main_thread()
    if ours:
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop
    finally:
        stop[0] = 1
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def spread(
    one: Callable[[Key], Done | None], todo: Iterable[Key], threads: int, stop: Stop
) -> Iterator[tuple[Key, Done]]:
    """Yield each key and what ``one`` makes of it, as they finish, until all are done or stopped.

    A thread takes its next key when it is done with the last, so that none lie ahead, which
    would take memory and have to be taken back. Threads are daemons: a second Ctrl-C ends the
    program without waiting for them. What is None is not told.
    """
    # What a thread reports: a key that it finished, an error, or None when it ends.
    reports: SimpleQueue[tuple[Key, Done] | BaseException | None] = SimpleQueue()
    arguments = (one, iter(todo), threading.Lock(), stop, reports)
    for _ in range(threads):
        threading.Thread(target=_work, args=arguments, daemon=True).start()
    failure, working = None, threads
    while working:
        match reports.get():
            case None:
                working -= 1
            case BaseException() as error:
                failure = failure or error
            case finished:
                yield finished
    if failure is not None:
        raise failure


def _work(
    one: Callable[[Key], Done | None],
    todo: Iterator[Key],
    taking: threading.Lock,
    stop: Stop,
    reports: SimpleQueue[tuple[Key, Done] | BaseException | None],
) -> None:
    """Do what there is until none is left or it is stopped; an error stops all threads."""
    try:
        while not stop[0]:
            with taking:
                key = next(todo, None)
            if key is None:
                break
            done = one(key)
            if done is not None:
                reports.put((key, done))
    except BaseException as error:
        stop[0] = 1
        reports.put(error)
    finally:
        reports.put(None)

"""A second process that runs a load at the same time: another tenant of the same machine."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from strag_sim.errors import ProfilerError
from strag_sim.plan.streams import BESIDE, Streams
from strag_sim.profiler.asked import Asked, Load
from strag_sim.profiler.calling import caller, load, reason, serving
from strag_sim.profiler.memory import keep_memory
from strag_sim.profiler.warming import warm_up

PATIENCE = 30.0  # seconds until a process that does not answer is ended


@dataclass
class Neighbour:
    """What the other process ran; ``calls`` and their mean time, in s, are known at its end.

    None where it failed meanwhile, and ``failure`` says why.
    """

    model: str
    load: Load
    calls: int | None = None
    mean: float | None = None
    failure: str = ""


@contextmanager
def beside(model: str | None, runs: Load, asked: Asked) -> Iterator[Neighbour | None]:
    """Let another process call a model, in batches of 1, until this is left; None for no model.

    It is warmed up before this is entered. A ProfilerError says why it cannot run. Ctrl-C is for
    this process only.
    """
    if model is None:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(model, runs, asked, there), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which the other inherits
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    there.close()
    neighbour = Neighbour(model, runs)
    try:
        _told(here, model, None)
        yield neighbour
        _end(here, neighbour)
    finally:
        here.close()
        process.join(1)
        if process.is_alive():
            process.terminate()
            process.join()


def _end(here: Connection, neighbour: Neighbour) -> None:
    """Stop the other process, and note what it ran; what was measured beside it is kept anyway."""
    with suppress(OSError):  # it may be gone, and have said why
        here.send("stop")
    try:
        neighbour.calls, neighbour.mean = _told(here, neighbour.model, PATIENCE)
    except ProfilerError as error:
        neighbour.failure = str(error)


def _told(here: Connection, model: str, patience: float | None) -> Any:
    """Return what the other process says; raise what went wrong there."""
    try:
        if not here.poll(patience):
            raise ProfilerError(f"--beside: {model!r} does not answer")
        failure, answer = here.recv()
    except (EOFError, OSError):
        raise ProfilerError(f"--beside: the process that runs {model!r} has died") from None
    if failure:
        raise ProfilerError(f"--beside: {failure}")
    return answer


def _run(model: str, runs: Load, asked: Asked, there: Connection) -> None:
    """Call a model until told to stop; tell how often that was."""
    from strag_sim.profiler.models import subject

    keep_memory()
    try:
        call = caller(load(subject(model), asked), 1, asked)
        warm_up(call, asked)
        there.send((None, os.getpid()))
        there.send((None, _serve(call, runs, asked, there)))
    except (BrokenPipeError, EOFError):
        return  # who measures is gone
    except ProfilerError as error:
        there.send((str(error), None))
    except Exception as error:  # a model may raise anything
        there.send((f"{model}: {reason(error)}", None))


def _serve(call: Any, runs: Load, asked: Asked, there: Connection) -> tuple[int, float]:
    """Call until told to stop; return how many calls it were and their mean time, in s."""
    gaps = Streams(asked.seed, 0)(BESIDE)
    took: list[int] = []
    due = time.perf_counter()
    with serving(asked):
        while not there.poll(0):
            if runs.rate:
                due += gaps.exponential(1 / runs.rate)
                if there.poll(max(0.0, due - time.perf_counter())):
                    break
            took.append(call(len(took))[1])
    there.recv()
    return len(took), sum(took) / len(took) / 1e9 if took else 0.0

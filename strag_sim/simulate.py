"""From a scenario to a result: every policy's runs, spread over the machine's cores.

Runs are spread over threads: drawing and the compiled engine hold no interpreter lock. A run
depends on nothing but its scenario and its number, and runs are put together in their order, so
the number of threads changes nothing.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from strag_sim import engines
from strag_sim.errors import EngineError, ScenarioError
from strag_sim.plan import draw
from strag_sim.results import Result, provenance
from strag_sim.scenario import Scenario, dump
from strag_sim.setup import Setup
from strag_sim.statistics import (
    RECORDS,
    Estimates,
    Facts,
    Record,
    Run,
    Sample,
    estimate,
    facts,
    measure,
    notes,
)
from strag_sim.tables import COMPLETE, EVENT_LIMIT, INTERRUPTED, STUCK

Progress = Callable[[int, int], None]
Stop = NDArray[np.uint8]
# A policy, by its place in the scenario, and a run; and what is kept of it.
Key = tuple[int, int]
Kept = tuple[Facts, Run]
# What a thread reports: a run that it finished, an error, or None when it ends.
Reports = SimpleQueue[tuple[Key, Kept] | BaseException | None]

WHY = {
    EVENT_LIMIT: "stopped after more events than so many requests can cause",
    STUCK: "requests wait for an answer, but nothing is left to happen: a group that does not "
    "fill needs a fill_timeout, and tasks that expire need another way to an answer",
}


def simulate(
    scenario: Scenario,
    *,
    engine: str = "compiled",
    jobs: int | None = None,
    record: Record = "summary",
    progress: Progress | None = None,
) -> Result:
    """Simulate every policy of a scenario and estimate what its result reports.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    engine : str
        ``compiled``, or ``reference``, which is slow and short; they agree to the last bit.
    jobs : int or None
        Runs at a time; None is one for each core that this process may use.
    record : "summary", "requests" or "tasks"
        Whether to keep a row for each request, and one for each task too.
    progress : callable or None
        Called with the number of runs that are done and that of all, after each.

    Raises
    ------
    EngineError
        If a run cannot end; the text names the policy and says why.
    KeyboardInterrupt
        If it is interrupted before every policy has finished its first run; later, the runs that
        every policy has finished are returned, and the result is marked ``interrupted``. At a
        second Ctrl-C in any case, without waiting for the runs that are being stopped.
    """
    _check(engine, jobs, record)
    began = time.perf_counter()
    with _interruptible() as stop:
        setups = scenario.setups()
        policies, threads = range(len(setups)), jobs or cores()
        # Run by run, not policy by policy: whenever it is stopped, the policies are level.
        todo = ((policy, run) for run in range(scenario.runs) for policy in policies)
        one = partial(_one_run, setups, engine, record, stop)
        total = scenario.runs * len(setups)
        finished = {}
        for key, kept in _spread(one, todo, min(threads, total), stop):
            finished[key] = kept
            if progress is not None:
                progress(len(finished), total)
        runs = _level(finished, len(setups), scenario.runs)
        if runs == 0:
            raise KeyboardInterrupt
        samples = [_sample(setup, policy, finished, runs) for policy, setup in enumerate(setups)]
        estimates = _estimates(scenario, samples, threads)
    known = provenance(
        setups,
        name=scenario.name,
        seed=scenario.seed,
        engine=engine,
        runs=runs,
        interrupted=runs < scenario.runs,
        notes=notes(samples),
        seconds=round(time.perf_counter() - began, 3),
    )
    return Result.of(samples, estimates, dump(scenario), known, confidence=scenario.confidence)


def cores() -> int:
    """Return how many cores this process may use: a scheduler may grant fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check(engine: str, jobs: int | None, record: str) -> None:
    """Raise a ScenarioError for an argument that is not allowed."""
    if engine not in engines.ENGINES:
        known = " or ".join(engines.ENGINES)
        raise ScenarioError(f"engine: {engine!r} is not allowed; engine must be {known}")
    if jobs is not None and jobs < 1:
        raise ScenarioError(f"jobs: {jobs} is not allowed; jobs must be at least 1")
    if record not in RECORDS:
        known = ", ".join(RECORDS)
        raise ScenarioError(f"record: {record!r} is not allowed; record must be one of {known}")


@contextmanager
def _interruptible() -> Iterator[Stop]:
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


def _spread(
    one: Callable[[Key], Kept | None], todo: Iterable[Key], threads: int, stop: Stop
) -> Iterator[tuple[Key, Kept]]:
    """Yield each (policy, run) and what it gave, as they finish, until all are done or stopped.

    A thread takes its next run when it is done with the last, so that none lie ahead, which
    would take memory and have to be taken back. Threads are daemons: a second Ctrl-C ends the
    program without waiting for them.
    """
    reports: Reports = SimpleQueue()
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
    one: Callable[[Key], Kept | None],
    todo: Iterator[Key],
    taking: threading.Lock,
    stop: Stop,
    reports: Reports,
) -> None:
    """Do runs until none is left or it is stopped; an error stops all threads."""
    try:
        while not stop[0]:
            with taking:
                key = next(todo, None)
            if key is None:
                break
            kept = one(key)
            if kept is not None:
                reports.put((key, kept))
    except BaseException as error:
        stop[0] = 1
        reports.put(error)
    finally:
        reports.put(None)


def _one_run(
    setups: Sequence[Setup], engine: str, record: Record, stop: Stop, key: Key
) -> Kept | None:
    """Draw, run and measure one run of one policy; None if it was stopped."""
    policy, run = key
    setup = setups[policy]
    plan = draw(setup, run)
    outcome = engines.run(engine, plan, record == "tasks", stop)
    if outcome.code == INTERRUPTED:
        return None
    if outcome.code != COMPLETE:
        raise EngineError(f"policy {setup.label!r}, run {run}: {WHY[outcome.code]}")
    return facts(plan), measure(outcome, setup, plan.paths, record)


def _level(finished: Mapping[Key, Kept], policies: int, runs: int) -> int:
    """Return how many runs, from the first without a gap, every policy has finished."""
    whole = [all((policy, run) in finished for policy in range(policies)) for run in range(runs)]
    return [*whole, False].index(False)


def _sample(setup: Setup, policy: int, finished: Mapping[Key, Kept], runs: int) -> Sample:
    """Return the first runs of a policy."""
    kept = [finished[policy, run] for run in range(runs)]
    return Sample(setup, kept[0][0], tuple(run for _, run in kept))


def _estimates(scenario: Scenario, samples: Sequence[Sample], jobs: int) -> list[Estimates]:
    """Estimate every policy; the sorting of its runs is spread over threads too."""
    with ThreadPoolExecutor(jobs) as pool:
        return [
            estimate(
                sample,
                quantiles=scenario.quantiles,
                slo=scenario.slo,
                confidence=scenario.confidence,
                spread=pool.map,
            )
            for sample in samples
        ]

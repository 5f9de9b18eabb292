"""The runs of a simulation: which are done, and what is kept of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from strag_sim import engines
from strag_sim.errors import EngineError
from strag_sim.plan import draw
from strag_sim.setup import Setup
from strag_sim.simulate.bound import bound
from strag_sim.simulate.spreading import Progress, Stop, spread
from strag_sim.simulate.store import Keeps, Kept, Key
from strag_sim.statistics import Record, Sample, Sketch, facts, measure, sketched
from strag_sim.statistics.attribution import attributed
from strag_sim.tables import COMPLETE, EVENT_LIMIT, INTERRUPTED, STUCK

# Responses of a policy that are kept as they are, in all runs together; of more, a sketch of each
# run. So memory is bounded, and the number of threads does not matter.
MOST_KEPT = 50_000_000

Keeping = Callable[[Kept], Kept]

WHY = {
    EVENT_LIMIT: "stopped after more events than so many requests can cause",
    STUCK: "requests wait for an answer, but nothing is left to happen: a group that does not "
    "fill needs a fill_timeout, and tasks that expire need another way to an answer",
}


@dataclass(frozen=True)
class Simulation:
    """A scenario's policies, how they are simulated, and the runs that are finished.

    ``stop`` is looked at between the events of a run; ``finished`` grows; ``store`` keeps the
    runs, where one is given.
    """

    setups: Sequence[Setup]
    engine: str
    record: Record
    threads: int
    stop: Stop
    finished: dict[Key, Kept] = field(default_factory=dict)
    store: Keeps | None = None
    attribution: bool = False


def finish(simulation: Simulation, runs: int, progress: Progress | None = None) -> None:
    """Simulate what is missing of the first ``runs`` runs of every policy, unless stopped."""
    policies, finished = len(simulation.setups), simulation.finished
    todo = [key for key in _in_order(policies, runs) if key not in finished]
    total = runs * policies
    threads = min(simulation.threads, len(todo))
    keep = _as_they_are if runs * simulation.setups[0].requests <= MOST_KEPT else _sketched
    finished.update({key: keep(kept) for key, kept in finished.items()})
    for key, kept in spread(partial(_taken_up, simulation, keep), todo, threads, simulation.stop):
        finished[key] = kept
        if progress is not None:
            progress(len(finished), total)


def samples(simulation: Simulation) -> list[Sample]:
    """Return, policy by policy, the runs from the first without a gap that all have finished."""
    policies = range(len(simulation.setups))
    runs = _level(simulation.finished, len(policies))
    return [_sample(simulation, policy, runs) for policy in policies] if runs else []


def _in_order(policies: int, runs: int) -> Iterator[Key]:
    """Yield run by run, not policy by policy: whenever it is stopped, the policies are level."""
    return ((policy, run) for run in range(runs) for policy in range(policies))


def _taken_up(simulation: Simulation, keep: Keeping, key: Key) -> Kept | None:
    """Return what is kept of a run, from the store if it is there; None if it was stopped."""
    store = simulation.store
    stored = store.load(key) if store else None
    # What was sketched in a longer simulation cannot be taken back.
    if stored is not None and (keep is _sketched or not isinstance(stored[1].response, Sketch)):
        return keep(stored)
    kept = _one(simulation, key)
    if kept is not None:
        kept = keep(kept)
        if store:
            store.save(key, kept)
    return kept


def _as_they_are(kept: Kept) -> Kept:
    """Keep the responses of a run."""
    return kept


def _sketched(kept: Kept) -> Kept:
    """Keep a sketch of the responses of a run."""
    known, run = kept
    return known, sketched(run)


def _one(simulation: Simulation, key: Key) -> Kept | None:
    """Draw, run and measure one run of one policy; None if it was stopped."""
    policy, run = key
    setup = simulation.setups[policy]
    engine, stop, record = simulation.engine, simulation.stop, simulation.record
    plan = None if setup.rivals else draw(setup, run)
    if plan is None:
        known, outcome = bound(engine, setup, run, record == "tasks", stop)
    else:
        logs = simulation.attribution or record == "tasks"
        known, outcome = facts(plan), engines.run(engine, plan, logs, stop)
    if outcome.code == INTERRUPTED:
        return None
    if outcome.code != COMPLETE:
        raise EngineError(f"policy {setup.label!r}, run {run}: {WHY[outcome.code]}")
    measured = measure(outcome, setup, known.paths, record)
    if simulation.attribution and plan is not None:  # an oracle has no tasks of its own
        measured = replace(measured, attribution=attributed(plan, outcome, setup.job))
    return known, measured


def _level(finished: Mapping[Key, Kept], policies: int) -> int:
    """Return how many runs, from the first without a gap, every policy has finished."""
    run = 0
    while all((policy, run) in finished for policy in range(policies)):
        run += 1
    return run


def _sample(simulation: Simulation, policy: int, runs: int) -> Sample:
    """Return the first runs of a policy."""
    kept: Iterable[Kept] = [simulation.finished[policy, run] for run in range(runs)]
    known, measured = zip(*kept, strict=True)
    return Sample(simulation.setups[policy], known[0], tuple(measured))

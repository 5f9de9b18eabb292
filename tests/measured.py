"""Measured samples made by hand: single queues by Lindley's recursion, without an engine."""

from collections.abc import Mapping, Sequence

import numpy as np

from strag_sim.accuracies import AccuracyTable
from strag_sim.arrivals import Arrivals, Poisson
from strag_sim.distributions import Exponential
from strag_sim.policies import NoRedundancy, Replication
from strag_sim.setup import Setup
from strag_sim.statistics import Facts, Record, Run, Sample, measure
from strag_sim.tables import Floats, Outcome, Paths


def paths_of(
    accuracy: Mapping[str, float],
    tables: Sequence[AccuracyTable | None] | None = None,
    tasks: Sequence[tuple[int, ...]] | None = None,
) -> Paths:
    """Return ways to an answer: their accuracies by name, and the tables and tasks of some."""
    return Paths(
        tuple(accuracy),
        np.array([*accuracy.values()]),
        tuple(tables or [None] * len(accuracy)),
        tuple(tasks or [()] * len(accuracy)),
        np.full(len(accuracy), -1),
    )


FACTS = Facts(paths_of({"own": 0.9, "copy": 0.8}), own=1, tasks=2, roles=("own", "copy"))


def setup_of(
    label: str = "none", load: float = 0.7, arrivals: Arrivals | None = None, slots: int = 1
) -> Setup:
    """Return the setup of workers with exponential sizes of mean 1 s."""
    return Setup(
        label=label,
        policy=NoRedundancy() if label == "none" else Replication(copies=2),
        arrivals=arrivals or Poisson(rate=load * slots),
        service=Exponential(mean=1.0),
        speeds=(1.0,) * slots,
        slots=(1,) * slots,
    )


def outcome_of(arrival: Floats, completion: Floats, busy: float = 1.0) -> Outcome:
    """Return the outcome of requests, every tenth of them answered by its copy."""
    count = arrival.size
    path = (np.arange(count) % 10 == 9).astype(np.int16)
    totals = np.array([busy, 2 * busy, 1.5 * busy])
    window = np.array([arrival[0], arrival[-1]])
    group = np.arange(count, dtype=np.int32)
    return Outcome(0, arrival, completion, path, group, totals, window, count, None)


def queue(load: float, requests: int, seed: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return arrivals and completions at one server with exponential sizes of mean 1 s."""
    return queue_of(Poisson(rate=load), requests, seed)


def queue_of(arrivals: Arrivals, requests: int, seed: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return arrivals and completions at one server with exponential sizes of mean 1 s."""
    rng = np.random.default_rng(seed)
    arrival, sizes = arrivals.draw(rng, requests), rng.exponential(1, requests)
    steps = np.cumsum(np.concatenate(([0.0], sizes[:-1] - np.diff(arrival))))
    return arrival, arrival + steps - np.minimum.accumulate(steps) + sizes


def run_of(
    responses: Sequence[float], setup: Setup | None = None, paths: Paths = FACTS.paths
) -> Run:
    """Return a run with these responses, one request a second."""
    arrival = np.arange(len(responses), dtype=np.float64)
    return measure(outcome_of(arrival, arrival + responses), setup or setup_of(), paths)


def sample_of(*runs: Sequence[float]) -> Sample:
    """Return a sample of runs with these responses."""
    return Sample(setup_of(), FACTS, tuple(run_of(responses) for responses in runs))


def simulated(
    label: str = "none",
    load: float = 0.7,
    runs: int = 5,
    requests: int = 2000,
    seed: int = 0,
    record: Record = "summary",
) -> Sample:
    """Return a sample of runs of a single queue."""
    setup = setup_of(label, load)
    outcomes = [outcome_of(*queue(load, requests, (seed, run))) for run in range(runs)]
    kept = [measure(outcome, setup, FACTS.paths, record) for outcome in outcomes]
    return Sample(setup, FACTS, tuple(kept))

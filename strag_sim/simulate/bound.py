"""A run of an oracle: what no policy of its scenario can beat, request by request."""

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim import engines
from strag_sim.accuracies import AccuracyTable
from strag_sim.plan import draw
from strag_sim.plan.ideal import ideal
from strag_sim.setup import Setup
from strag_sim.simulate.spreading import Stop
from strag_sim.statistics import Facts
from strag_sim.tables import NOWHERE, Outcome, Paths, empty_log

# Each way to an answer: its name, its accuracy (as a text: NaN equals no NaN), its table, its tasks
# and those of them that had returned.
Ways = dict[tuple[str, str, AccuracyTable | None, tuple[int, ...], int], int]


def bound(
    engine: str, setup: Setup, run: int, record: bool = False, stop: Stop | None = None
) -> tuple[Facts, Outcome]:
    """Return a run of an oracle, and what it is read by.

    Each request is completed when it first is in the ideal plan of a rival (see ``plan.ideal``;
    the first in order wins a tie), by a path "LABEL: PATH" and in the group that it has there.
    It runs on nothing: its totals are NaN, and its log, where one is asked for, is of no task.
    """
    ways: Ways = {}
    runs = (_ideal_run(engine, rival, run, ways, stop) for rival in setup.rivals)
    best = reduce(_earlier, runs)
    names, accuracies, tables, tasks, returned = zip(*ways, strict=True)
    paths = Paths(
        names, np.array([*map(float, accuracies)]), tables, tasks, np.array(returned, np.int64)
    )
    known = Facts(paths, own=0, tasks=1, roles=())
    totals, log = np.full_like(best.totals, np.nan), empty_log(0) if record else None
    return known, best._replace(totals=totals, log=log)


def _ideal_run(engine: str, rival: Setup, run: int, ways: Ways, stop: Stop | None) -> Outcome:
    """Return the outcome of a rival's ideal plan; its paths are numbers of ``ways``, which grow."""
    plan = ideal(draw(rival, run))
    names = [f"{rival.label}: {name}" for name in plan.paths.name]
    _, accuracy, tables, tasks, always = plan.paths
    accuracies = map(repr, accuracy.tolist())
    keys = zip(names, accuracies, tables, tasks, always.tolist(), strict=True)
    # Wider than an engine's paths: there may be many rivals.
    way: NDArray[Any] = np.array([ways.setdefault(key, len(ways)) for key in keys])
    outcome = engines.run(engine, plan, False, stop)
    noted = outcome.returned if outcome.returned.size else np.full(outcome.path.size, NOWHERE)
    return outcome._replace(path=way[outcome.path], returned=noted)


def _earlier(one: Outcome, other: Outcome) -> Outcome:
    """Return an outcome with the earlier completion of two, request by request."""
    won = other.completion < one.completion
    return one._replace(
        code=max(one.code, other.code),  # only COMPLETE is 0
        completion=np.where(won, other.completion, one.completion),
        path=np.where(won, other.path, one.path),
        group=np.where(won, other.group, one.group),
        returned=np.where(won, other.returned, one.returned),
    )

"""Whether scripted sizes and workers cover every task that a policy will send."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from strag_sim.arrivals import Deterministic, Trace
from strag_sim.distributions.scripted import Scripted
from strag_sim.policies.shape import Shape
from strag_sim.scenario.problems import Path, Problem
from strag_sim.setup import ScriptedPlacement, Setup


def check_scripts(setup: Setup, shape: Shape, place: Callable[..., Path]) -> Iterator[Problem]:
    """Yield what scripts leave out; ``place`` gives the path of a setting."""
    placed = isinstance(setup.placement, ScriptedPlacement)
    scripted = isinstance(setup.service, Scripted) or any(
        isinstance(model.service, Scripted) for model in setup.models.values()
    )
    if not (placed or scripted):
        return
    requests, groups = setup.requests + setup.warm_up, most_groups(setup, shape)
    yield from _check_sizes(setup, shape, requests, groups)
    if isinstance(setup.placement, ScriptedPlacement):
        path = place("placement")
        if path == ("placement",):
            path = place("workers", "placement")
        script, label = setup.placement, setup.label
        rows = range(len(shape.tasks) - shape.own)  # resends may be left out
        yield from _check_rows(path, script.own, shape.own, requests, label)
        yield from _check_redundant(path, script.redundant, rows, groups, label)
        yield from _check_workers(path, script, len(setup.speeds))


def most_groups(setup: Setup, shape: Shape) -> int:
    """Return how many groups a run can have: more than full ones where a timeout closes some."""
    count = setup.requests + setup.warm_up
    if setup.fill_timeout is None or shape.requests == 1:
        return -(-count // shape.requests)
    arrivals = setup.arrivals
    if not isinstance(arrivals, Deterministic | Trace) or (
        isinstance(arrivals, Trace) and not arrivals.draws_nothing
    ):
        return count
    times = arrivals.draw(np.random.default_rng(0), count)  # draws nothing
    groups = start = 0
    while start < count:
        in_time = int(np.searchsorted(times, times[start] + setup.fill_timeout, side="right"))
        start = min(start + shape.requests, in_time)
        groups += 1
    return groups


def _check_sizes(setup: Setup, shape: Shape, requests: int, groups: int) -> Iterator[Problem]:
    """Yield what the scripts of the service and of the models leave out."""
    if isinstance(setup.service, Scripted):
        yield from _check_rows(("service",), setup.service.own, shape.own, requests, setup.label)
    scripts: dict[str | None, object] = {None: setup.service}
    scripts |= {name: model.service for name, model in setup.models.items()}
    for name, service in scripts.items():
        rows = [j for j, task in enumerate(shape.tasks[shape.own :]) if task.model == name]
        if isinstance(service, Scripted) and rows:
            path: Path = ("service",) if name is None else ("models", name, "service")
            yield from _check_redundant(path, service.redundant, rows, groups, setup.label)


def _check_rows(
    path: Path, own: Sequence[object] | None, tasks: int, requests: int, label: str
) -> Iterator[Problem]:
    """Yield a problem where the own tasks of some request are left out."""
    if tasks and own is None:
        yield Problem((*path, "own"), f"missing; {label!r} has own tasks, one a request")
    elif tasks and own is not None and len(own) < requests:
        text = f"has {len(own)} entries, but there are {requests} requests, warm-up included"
        yield Problem((*path, "own"), f"{text}: give more, or set requests")


def _check_redundant(
    path: Path, redundant: Sequence[Sequence[object]], rows: Sequence[int], groups: int, label: str
) -> Iterator[Problem]:
    """Yield a problem where the redundant tasks of some group are left out."""
    missing = [j for j in rows if j >= len(redundant)]
    if missing:
        text = f"has {len(redundant)} rows, but {label!r} has redundant tasks up to the"
        yield Problem((*path, "redundant"), f"{text} {missing[-1] + 1}th: give a row for each")
    for j in rows:
        if j < len(redundant) and len(redundant[j]) < groups:
            text = f"row {j} has {len(redundant[j])} entries, but {label!r} has {groups} groups"
            yield Problem((*path, "redundant"), text)


def _check_workers(path: Path, script: ScriptedPlacement, workers: int) -> Iterator[Problem]:
    """Yield a problem for the first worker of each row that does not exist."""
    rows = [((*path, "own"), script.own or ())]
    rows += [((*path, "redundant", j), row) for j, row in enumerate(script.redundant)]
    for place, row in rows:
        wrong = [worker for worker in row if not 0 <= worker < workers]
        if wrong:
            text = f"{wrong[0]} is not allowed; workers are numbered from 0 to {workers - 1}"
            yield Problem(place, text)

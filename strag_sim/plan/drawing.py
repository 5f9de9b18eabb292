"""A plan, put together: the shape as arrays, the workers, the protocol and all draws."""

import math
import re

import numpy as np

from strag_sim.accuracies import AccuracyTable
from strag_sim.arrivals import Closed
from strag_sim.layout import compile_shape
from strag_sim.plan.carrying import carried
from strag_sim.plan.deploying import pools
from strag_sim.plan.draws import draws
from strag_sim.plan.streams import Streams
from strag_sim.plan.workers import fleet, slowness
from strag_sim.policies.shape import After, Recovery, Shape, Task
from strag_sim.setup import ScriptedPlacement, Setup
from strag_sim.tables import (
    CANCELS,
    COMBINES,
    MOST_BITS,
    NOWHERE,
    PLACEMENTS,
    SCRIPTED,
    Draws,
    Fleet,
    Layout,
    Paths,
    Plan,
    Protocol,
    bit_of,
)


def draw(setup: Setup, run: int) -> Plan:
    """Return the plan of a run (0, 1, ...) of a policy's setup; a ValueError for an oracle's."""
    if setup.rivals:
        raise ValueError(f"{setup.label}: an oracle has no plan of its own, only its rivals have")
    shape = setup.policy.shape()
    layout = compile_shape(
        shape,
        delay=lambda task: _delay(setup, task),
        decodes=setup.decode is not None,
    )
    protocol = _protocol(setup, layout)
    streams = Streams(setup.seed, run)
    models = (*(task.model for task in shape.tasks), *[None] * (layout.tasks - layout.regular))
    drawn = carried(draws(setup, shape, layout, streams, models), setup, shape)
    crew = fleet(setup, models, streams)
    if setup.deployment:
        layout = layout._replace(pool=pools(setup.deployment, models))
    _check(layout, crew, drawn)
    slow = slowness(setup, drawn.arrival, streams)
    roles = tuple(task.role for task in shape.tasks) + ("own",) * (layout.tasks - layout.regular)
    return Plan(layout, crew, protocol, drawn, slow, _paths(setup, shape), roles)


def _paths(setup: Setup, shape: Shape) -> Paths:
    """Return the ways to an answer: their names, and what is known of their accuracy."""
    rows = shape.recoveries
    tables = [r.accuracy if isinstance(r.accuracy, AccuracyTable) else None for r in rows]
    accuracy = [_accuracy(setup, shape, recovery) for recovery in rows]
    tasks = [
        (r.among or r.tasks) if r.decode or table else ()
        for r, table in zip(rows, tables, strict=True)
    ]
    return Paths(
        (*(recovery.path for recovery in rows), "resend"),
        np.array([*accuracy, setup.accuracy]),
        (*tables, None),
        (*tasks, ()),
        np.array([*(_returned(shape, row) for row in rows), NOWHERE]),
    )


def _returned(shape: Shape, recovery: Recovery) -> int:
    """Return the tasks that a recovery always has, as bits; -1 where they differ or have none.

    Alternatives are noted as the first task that gives their result.
    """
    given = {shape.gives(task) for task in recovery.tasks}
    if recovery.threshold < len(given) or max(given) >= MOST_BITS:
        return NOWHERE
    return sum(bit_of(task) for task in given)


def _accuracy(setup: Setup, shape: Shape, recovery: Recovery) -> float:
    """Return the accuracy of a recovery's answers: given, or its model's; NaN if by a table."""
    if isinstance(recovery.accuracy, AccuracyTable):
        return math.nan
    if recovery.accuracy is not None:
        return recovery.accuracy
    model = shape.tasks[recovery.tasks[0]].model
    return setup.accuracy if model is None else setup.models[model].accuracy


def _delay(setup: Setup, task: Task) -> float:
    """Return the delay of a task that is released later, in seconds.

    It may name a quantile: of the service of the task that it is an alternative for, if it is one.
    """
    delay = task.release.delay if isinstance(task.release, After) else 0.0
    service = setup.service if task.alternative is None else setup.law(task.model)
    if not isinstance(delay, str):
        return float(delay)
    percent = re.fullmatch(r"p(\d{1,2}(?:\.\d+)?)", delay)
    if percent is None:
        raise ValueError(f"delay: {delay!r} is not allowed; it must be a time or such as p95")
    return float(service.quantile(float(percent[1]) / 100))


def _protocol(setup: Setup, layout: Layout) -> Protocol:
    """Return how requests, workers and the master deal with each other."""
    closed = setup.arrivals if isinstance(setup.arrivals, Closed) else None
    scripted = isinstance(setup.placement, ScriptedPlacement)
    return Protocol(
        shared=setup.queue == "shared",
        placement=SCRIPTED if scripted else PLACEMENTS.index(str(setup.placement)),
        distinct=setup.distinct and layout.tasks > 1,
        cancel=CANCELS.index(setup.cancel),
        cancel_delay=float(setup.cancel_delay),
        cores=setup.cores or 0,
        fill_timeout=math.inf if setup.fill_timeout is None else float(setup.fill_timeout),
        clients=closed.clients if closed else 0,
        round=closed.round_of(layout.requests) * setup.job.segments if closed else 0,
        warm_up=setup.warm_up * setup.job.segments,
        combine=COMBINES.index(setup.combine),
        most=setup.most,
        wait=setup.batching.wait if setup.most > 1 else 0.0,
        growth=setup.batching.growth,
    )


def _check(layout: Layout, fleet: Fleet, draws: Draws) -> None:
    """Refuse a plan that an engine could not run: engines do not look again."""
    if layout.own and draws.own_size.size < draws.arrival.size:
        raise ValueError(
            f"service.own: {draws.own_size.size} sizes are too few; "
            f"give one for each of the {draws.arrival.size} requests"
        )
    regular = draws.size[:, : layout.regular - layout.own]
    # NaN is the own size, where there is one.
    wrong = (regular <= 0).any() if layout.own else not (regular > 0).all()
    if wrong or not (draws.own_size > 0).all():
        raise ValueError("service: a size is missing or not above 0; every task must have one")
    workers = np.concatenate((draws.own_worker, draws.worker[:, : regular.shape[1]].ravel()))
    missing = draws.worker.size and (draws.own_worker.size < draws.own_size.size)
    if missing or (workers < 0).any() or (workers >= fleet.speed.size).any():
        raise ValueError(
            "workers.placement: give a worker (from 0) for each own task of a request and "
            f"each redundant task of a group; there are {fleet.speed.size} workers"
        )

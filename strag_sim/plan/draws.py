"""The tables of a run that are laid out by request, or by group and redundant task."""

from collections.abc import Sequence

import numpy as np

from strag_sim.arrivals import Closed
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.scripted import Scripted
from strag_sim.plan.streams import (
    ARRIVALS,
    DECODE,
    ENCODE,
    FROM_WORKER,
    LUCK,
    SIZE,
    THINK,
    TO_WORKER,
    Streams,
)
from strag_sim.policies.shape import Shape, Task
from strag_sim.setup import ScriptedPlacement, Setup
from strag_sim.tables import NOWHERE, Draws, Floats, Layout

NOTHING = np.empty(0)
NO_WORKERS = np.empty(0, np.int32)
RESEND = Task("own")


def draws(
    setup: Setup,
    shape: Shape,
    layout: Layout,
    streams: Streams,
    models: Sequence[str | None],
) -> Draws:
    """Return all random numbers of a run, given the model of each task of a group."""
    requests = setup.warm_up + setup.requests
    count = requests * setup.job.segments
    closed = isinstance(setup.arrivals, Closed)
    think = setup.arrivals.think if isinstance(setup.arrivals, Closed) else None
    arrival = np.full(count, np.nan)
    if not closed:
        times = setup.arrivals.draw(streams(ARRIVALS), requests)
        arrival = np.repeat(times, setup.job.segments) if setup.job.segments > 1 else times
    groups = _groups(setup, layout, arrival)
    own = count if layout.own else 0
    redundant = layout.tasks - layout.own

    def of_own(purpose: int, law: Distribution | None) -> Floats:
        return law.sample(streams(purpose), own) if law and own else NOTHING

    def of_redundant(purpose: int, law: Distribution | None) -> Floats:
        table = np.empty((groups, redundant if law else 0))
        for j in range(table.shape[1]):
            table[:, j] = law.sample(streams(purpose, j), groups) if law else 0.0
        return table

    luck = np.empty((groups, redundant))
    for j in range(redundant):
        luck[:, j] = streams(LUCK, j).random(groups)
    decodes = int(layout.decode_column.max(initial=-1)) + 1
    own_worker, worker = _scripted_workers(setup.placement, groups, redundant, own)
    return Draws(
        arrival=arrival,
        own_size=_own_sizes(setup, streams(SIZE), own),
        own_luck=streams(LUCK).random(own),
        own_worker=own_worker,
        own_to=of_own(TO_WORKER, setup.to_worker),
        own_from=of_own(FROM_WORKER, setup.from_worker),
        size=_redundant_sizes(setup, shape, layout, streams, models, groups),
        luck=luck,
        worker=worker,
        added=_added(setup, shape, layout, streams, groups),
        to=of_redundant(TO_WORKER, setup.to_worker),
        back=of_redundant(FROM_WORKER, setup.from_worker),
        encode=setup.encode.sample(streams(ENCODE), groups) if setup.encode else NOTHING,
        decode=(
            setup.decode.sample(streams(DECODE), (groups, decodes))
            if setup.decode
            else np.empty((groups, 0))
        ),
        think=think.sample(streams(THINK), count) if think else NOTHING,
    )


def _groups(setup: Setup, layout: Layout, arrival: Floats) -> int:
    """Return how many groups a run can have at most."""
    count = arrival.size
    if setup.fill_timeout is None:
        return -(-count // layout.requests)
    if isinstance(setup.arrivals, Closed):
        return count  # each may close short
    groups = start = 0
    while start < count:
        waits_until = arrival[start] + setup.fill_timeout
        in_time = int(np.searchsorted(arrival, waits_until, side="right"))
        start = min(start + layout.requests, in_time)
        groups += 1
    return groups


def _sizes(setup: Setup, law: Distribution, rng: np.random.Generator, count: int) -> Floats:
    """Return sizes, or levels where the size depends on the worker's machine or the batch.

    Laws sample by inversion of such levels, so that a batch of one has the size it has without.
    """
    return rng.random(count) if setup.is_tabled(law) else law.sample(rng, count)


def _own_sizes(setup: Setup, rng: np.random.Generator, count: int) -> Floats:
    """Return the sizes of own tasks."""
    if isinstance(setup.service, Scripted):
        return np.array((setup.service.own or ())[:count], dtype=np.float64)
    return _sizes(setup, setup.service, rng, count)


def _redundant_sizes(
    setup: Setup,
    shape: Shape,
    layout: Layout,
    streams: Streams,
    models: Sequence[str | None],
    groups: int,
) -> Floats:
    """Return the sizes of redundant tasks, shape (groups, J); NaN where the own size holds."""
    table = np.full((groups, layout.tasks - layout.own), np.nan)
    for j in range(table.shape[1]):
        place = layout.own + j
        task = shape.tasks[place] if place < layout.regular else RESEND
        law = setup.law(models[place])
        if isinstance(law, Scripted):
            row = law.redundant[j][:groups] if j < len(law.redundant) else ()
            table[: len(row), j] = row
        elif not (setup.shared_size and task.role in ("copy", "hedge") and task.model is None):
            table[:, j] = _sizes(setup, law, streams(SIZE, j), groups)
    return table


def _added(setup: Setup, shape: Shape, layout: Layout, streams: Streams, groups: int) -> Floats:
    """Return what encoding adds to the sizes of tasks whose workers encode, shape (groups, J)."""
    encodes = [task.encodes for task in shape.tasks[layout.own :]]
    if setup.encode is None or not any(encodes):
        return np.empty((groups, 0))
    table = np.zeros((groups, layout.tasks - layout.own))
    for j in np.flatnonzero(encodes):
        table[:, j] = setup.encode.sample(streams(ENCODE, int(j)), groups)
    return table


def _scripted_workers(
    placement: object, groups: int, redundant: int, own: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scripted workers of own and of redundant tasks; -1 where none is written."""
    if not isinstance(placement, ScriptedPlacement):
        return NO_WORKERS, np.empty((groups, 0), np.int32)
    worker = np.full((groups, redundant), NOWHERE, np.int32)
    for j, row in enumerate(placement.redundant[:redundant]):
        worker[: len(row[:groups]), j] = row[:groups]
    return np.array((placement.own or ())[:own], dtype=np.int32), worker

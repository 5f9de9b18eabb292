"""From a policy's setup and the number of a run to a plan: every random number is drawn here.

Each purpose has a stream of its own, ``SeedSequence(seed, spawn_key=(stream, run))``, laid out by
request or by (group, redundant task) and never by the order of events. So every policy sees the
same arrivals, the same own sizes and the same luck, and a run can be repeated alone.
"""

import math
import re

import numpy as np

from strag_sim.arrivals import Closed
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.scripted import Scripted
from strag_sim.layout import compile_shape
from strag_sim.policies.shape import Shape, Task
from strag_sim.setup import ScriptedPlacement, Setup
from strag_sim.slowdown import Streams as PartStreams
from strag_sim.slowdown import bind, joined
from strag_sim.tables import (
    CANCELS,
    COMBINES,
    NOWHERE,
    PLACEMENTS,
    SCRIPTED,
    Draws,
    Fleet,
    Floats,
    Layout,
    Paths,
    Plan,
    Protocol,
    Slowness,
)

# Streams of random numbers. The j-th redundant task has the streams REDUNDANT * (j + 1) + purpose.
ARRIVALS, SIZE, LUCK, TO_WORKER, FROM_WORKER, ENCODE, DECODE, THINK, MACHINES, SLOW = range(10)
REDUNDANT = 16

# How long timelines of slowness last: the arrivals and then some, for what is left in the queues.
BEYOND, SIZES_BEYOND, ROUNDS_BEYOND = 1.25, 100, 4

NOTHING = np.empty(0)
NO_WORKERS = np.empty(0, np.int32)
NOT_TABLED = -1
RESEND = Task("own")


def draw(setup: Setup, run: int) -> Plan:
    """Return the plan of a run (0, 1, ...) of a policy's setup."""
    shape = setup.policy.shape()
    layout = compile_shape(
        shape,
        delay=lambda delay: _seconds(delay, setup.service),
        decodes=setup.decode is not None,
    )
    protocol = _protocol(setup, layout)
    streams = Streams(setup.seed, run)
    services = _services(setup, shape)
    draws = _draws(setup, shape, layout, streams, services)
    roles = tuple(task.role for task in shape.tasks) + ("own",) * (layout.tasks - layout.regular)
    fleet = _fleet(setup, layout, services, streams)
    _check(layout, fleet, draws)
    slowness = _slowness(setup, draws.arrival, streams)
    return Plan(layout, fleet, protocol, draws, slowness, paths(setup, shape), roles)


class Streams:
    """The random generators of one run, one for each purpose."""

    def __init__(self, seed: int, run: int) -> None:
        self.seed, self.run = seed, run

    def __call__(self, purpose: int, redundant: int | None = None) -> np.random.Generator:
        """Return the generator for a purpose, of own tasks or of the j-th redundant task."""
        stream = purpose if redundant is None else REDUNDANT * (redundant + 1) + purpose
        return self._generator(stream, self.run)

    def of_slowdown(self, part: int) -> PartStreams:
        """Return the generators of a part of the slowdown: the i-th one for i."""
        return lambda i: self._generator(SLOW, self.run, part, i)

    def _generator(self, *key: int) -> np.random.Generator:
        sequence = np.random.SeedSequence(self.seed, spawn_key=key)
        return np.random.Generator(np.random.PCG64(sequence))


def paths(setup: Setup, shape: Shape) -> Paths:
    """Return the names and accuracies of the ways to an answer."""
    accuracy = [
        _model_accuracy(setup, shape.tasks[recovery.tasks[0]].model)
        if recovery.accuracy is None
        else recovery.accuracy
        for recovery in shape.recoveries
    ]
    name = [recovery.path for recovery in shape.recoveries]
    return Paths((*name, "resend"), np.array([*accuracy, setup.accuracy]))


def _model_accuracy(setup: Setup, model: str | None) -> float:
    """Return the accuracy of a model by name; None is the one that own tasks run."""
    return setup.accuracy if model is None else setup.models[model].accuracy


def _seconds(delay: float | str, service: Distribution) -> float:
    """Return a delay in seconds, which may name a quantile of the service distribution."""
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
        round=closed.round_of(layout.requests) if closed else 0,
        warm_up=setup.warm_up,
        combine=COMBINES.index(setup.combine),
    )


def _services(setup: Setup, shape: Shape) -> tuple[Distribution, ...]:
    """Return the size distribution of each task of a group, resends included."""
    resends = (setup.service,) * (shape.requests if shape.resend else 0)
    named = (
        setup.service if task.model is None else setup.models[task.model].service
        for task in shape.tasks
    )
    return (*named, *resends)


def _books(services: tuple[Distribution, ...]) -> list[Profile]:
    """Return the distributions that hold one table a machine, each once."""
    books: list[Profile] = []
    for service in services:
        if isinstance(service, Profile) and service.per_worker and service not in books:
            books.append(service)
    return books


def _fleet(
    setup: Setup, layout: Layout, services: tuple[Distribution, ...], streams: Streams
) -> Fleet:
    """Return the workers, each bound to a machine where sizes are measured by machine."""
    count = len(setup.speeds)
    first_redundant = count - setup.redundant_workers
    pools = [(0, first_redundant), (first_redundant, count)]
    if setup.redundant_workers == 0:
        pools = [(0, count), (0, count)]
    books = _books(services)
    tables = [book.machine_tables() for book in books]
    longest = max((levels.size for levels, _ in tables), default=0)
    machines = max((values.shape[0] for _, values in tables), default=0)
    levels = np.ones((len(books), longest))
    values = np.zeros((len(books), machines, longest))
    machine = np.zeros((len(books), count), np.int64)
    for b, (level, value) in enumerate(tables):
        levels[b, : level.size] = level
        values[b, : value.shape[0], : level.size] = value
        values[b, : value.shape[0], level.size :] = value[:, -1:]
        machine[b] = bind(streams(MACHINES), value.shape[0], count)
    return Fleet(
        np.array(setup.speeds, dtype=np.float64),
        np.array(setup.slots, dtype=np.int64),
        np.array([first for first, _ in pools], dtype=np.int64),
        np.array([stop for _, stop in pools], dtype=np.int64),
        np.array([books.index(s) if s in books else NOT_TABLED for s in services], dtype=np.int64),
        machine,
        levels,
        values,
    )


def _slowness(setup: Setup, arrival: Floats, streams: Streams) -> Slowness:
    """Return how slow the workers are in each part of the slowdown that is enabled."""
    workers, horizon = len(setup.speeds), _horizon(setup, arrival)
    parts = [
        part.tracks(streams.of_slowdown(p), workers, horizon, setup.combine)
        for p, part in enumerate(setup.slowdown)
        if part.enabled
    ]
    return joined(parts, workers)


def _horizon(setup: Setup, arrival: Floats) -> float:
    """Return until when, at least, a run is expected to go on, in seconds."""
    size = setup.service.mean
    if not math.isfinite(size):
        size = float(setup.service.quantile(0.5))
    if not isinstance(setup.arrivals, Closed):
        return BEYOND * float(arrival[-1]) + SIZES_BEYOND * size
    think = setup.arrivals.think.mean if setup.arrivals.think else 0.0
    round_of = setup.arrivals.round_of(setup.policy.shape().requests)
    rounds = -(-arrival.size // (setup.arrivals.clients * round_of))
    return ROUNDS_BEYOND * (rounds * (think + size) + arrival.size * size / sum(setup.slots))


def _draws(
    setup: Setup,
    shape: Shape,
    layout: Layout,
    streams: Streams,
    services: tuple[Distribution, ...],
) -> Draws:
    """Return all random numbers of a run."""
    count = setup.warm_up + setup.requests
    closed = isinstance(setup.arrivals, Closed)
    think = setup.arrivals.think if isinstance(setup.arrivals, Closed) else None
    arrival = np.full(count, np.nan)
    if not closed:
        arrival = setup.arrivals.draw(streams(ARRIVALS), count)
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
    decodes = int((layout.decode_column >= 0).sum())
    own_worker, worker = _scripted_workers(setup.placement, groups, redundant, own)
    return Draws(
        arrival=arrival,
        own_size=_own_sizes(setup.service, streams(SIZE), own),
        own_luck=streams(LUCK).random(own),
        own_worker=own_worker,
        own_to=of_own(TO_WORKER, setup.to_worker),
        own_from=of_own(FROM_WORKER, setup.from_worker),
        size=_redundant_sizes(setup, shape, layout, streams, services, groups),
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


def _sizes(law: Distribution, rng: np.random.Generator, count: int) -> Floats:
    """Return sizes, or levels where the size depends on the worker's machine."""
    if isinstance(law, Profile) and law.per_worker:
        return rng.random(count)
    return law.sample(rng, count)


def _own_sizes(law: Distribution, rng: np.random.Generator, count: int) -> Floats:
    """Return the sizes of own tasks."""
    if isinstance(law, Scripted):
        return np.array((law.own or ())[:count], dtype=np.float64)
    return _sizes(law, rng, count)


def _redundant_sizes(
    setup: Setup,
    shape: Shape,
    layout: Layout,
    streams: Streams,
    services: tuple[Distribution, ...],
    groups: int,
) -> Floats:
    """Return the sizes of redundant tasks, shape (groups, J); NaN where the own size holds."""
    table = np.full((groups, layout.tasks - layout.own), np.nan)
    for j in range(table.shape[1]):
        place = layout.own + j
        task = shape.tasks[place] if place < layout.regular else RESEND
        law = services[place]
        if isinstance(law, Scripted):
            row = law.redundant[j][:groups] if j < len(law.redundant) else ()
            table[: len(row), j] = row
        elif not (setup.shared_size and task.role in ("copy", "hedge") and task.model is None):
            table[:, j] = _sizes(law, streams(SIZE, j), groups)
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

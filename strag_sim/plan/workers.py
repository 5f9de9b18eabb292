"""The workers of a run: the machines that they are bound to, and how slow they are when."""

import math
from collections.abc import Sequence

import numpy as np

from strag_sim.arrivals import Closed
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.errors import ScenarioError
from strag_sim.plan.carrying import transfers
from strag_sim.plan.deploying import NO_DEVICES, deployed
from strag_sim.plan.streams import MACHINES, Streams
from strag_sim.setup import Batching, Setup
from strag_sim.slowdown import bind, joined, wrong_tracks
from strag_sim.tables import Fleet, Floats, Slowness

NOT_TABLED = -1
# How long timelines of slowness last: the arrivals and then some, for what is left in the queues.
BEYOND, SIZES_BEYOND, ROUNDS_BEYOND = 1.25, 100, 4


def fleet(setup: Setup, models: Sequence[str | None], streams: Streams) -> Fleet:
    """Return the workers, each bound to a machine where sizes are measured by machine.

    ``models`` names the model of each task of a group; None is that of own tasks.
    """
    if setup.deployment:
        return deployed(setup, setup.deployment, models)
    count = len(setup.speeds)
    first_redundant = count - setup.redundant_workers
    pools = [(0, first_redundant), (first_redundant, count)]
    if setup.redundant_workers == 0:
        pools = [(0, count), (0, count)]
    services = [setup.law(model) for model in models]
    books = _books(services, setup)
    by_batch = [setup.batching.measured(book) is not None for book in books]
    levels, values = _tables(books, setup.batching)
    machine = np.zeros((len(books), count), np.int64)
    for b, book in enumerate(books):
        if not by_batch[b]:
            machine[b] = bind(streams(MACHINES), len(book.profile_data.machines), count)
    kinds = [None, *setup.models]
    return Fleet(
        np.array(setup.speeds, dtype=np.float64),
        np.array(setup.slots, dtype=np.int64),
        np.array([first for first, _ in pools], dtype=np.int64),
        np.array([stop for _, stop in pools], dtype=np.int64),
        np.array([books.index(s) if s in books else NOT_TABLED for s in services], dtype=np.int64),
        machine,
        levels,
        values,
        np.array(by_batch, dtype=np.bool_),
        np.array([kinds.index(model) for model in models], dtype=np.int64),
        *NO_DEVICES,
    )


def slowness(setup: Setup, arrival: Floats, streams: Streams) -> Slowness:
    """Return how slow the workers are in each part of the slowdown that is enabled."""
    workers, enabled = setup.machines, any(part.enabled for part in setup.slowdown)
    horizon = _horizon(setup, arrival) if enabled else 0.0
    origin = 0.0 if isinstance(setup.arrivals, Closed) else float(arrival[0])
    parts = []
    for p, part in enumerate(setup.slowdown):
        if part.enabled:
            tracks = part.tracks(streams.of_slowdown(p), workers, horizon, setup.combine)
            wrong = wrong_tracks(tracks, workers)
            if wrong:
                raise ScenarioError(f"slowdown.{p}: {wrong}")
            parts.append(tracks)
    slow = joined(parts, workers, origin)
    if setup.deployment:  # a device is slow, and all its instances with it
        return slow._replace(track=slow.track[:, [i.device for i in setup.deployment.instances]])
    return slow


def _books(services: Sequence[Distribution], setup: Setup) -> list[Profile]:
    """Return the distributions that hold one table a machine or a batch size, each once."""
    books: list[Profile] = []
    for service in services:
        if isinstance(service, Profile) and setup.is_tabled(service) and service not in books:
            books.append(service)
    return books


def _tables(books: Sequence[Profile], batching: Batching) -> tuple[Floats, Floats]:
    """Return the levels, shape (books, L), and the values, shape (books, rows, L), of all books.

    Those that are shorter than others are filled with their last level and values.
    """
    tables = [
        book.batch_tables(batching.most) if batching.measured(book) else book.machine_tables()
        for book in books
    ]
    longest = max((levels.size for levels, _ in tables), default=0)
    rows = max((values.shape[0] for _, values in tables), default=0)
    levels = np.ones((len(books), longest))
    values = np.zeros((len(books), rows, longest))
    for b, (level, value) in enumerate(tables):
        levels[b, : level.size] = level
        values[b, : value.shape[0], : level.size] = value
        values[b, : value.shape[0], level.size :] = value[:, -1:]
    return levels, values


def _horizon(setup: Setup, arrival: Floats) -> float:
    """Return how long, at least, a run is expected to last from its first arrival, in seconds."""
    size = setup.work / setup.job.segments
    if not math.isfinite(size):
        size = float(setup.service.quantile(0.5))
    if not isinstance(setup.arrivals, Closed):
        return BEYOND * float(arrival[-1] - arrival[0]) + SIZES_BEYOND * size
    # What a client waits for beside the worker: its own thinking, the network and the master.
    waits = (setup.arrivals.think, setup.to_worker, setup.from_worker, setup.encode, setup.decode)
    shape = setup.policy.shape()
    carrying = sum(float(times.max()) for times in transfers(setup, shape))
    beside = sum(law.mean for law in waits if law is not None) + carrying
    round_of = setup.arrivals.round_of(shape.requests)
    rounds = -(-arrival.size // (setup.arrivals.clients * round_of * setup.job.segments))
    return ROUNDS_BEYOND * (rounds * (beside + size) + arrival.size * size / setup.servers)

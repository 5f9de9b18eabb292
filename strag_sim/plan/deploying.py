"""The workers of an ensemble: instances of models on devices, each with batches of its own size.

An instance takes as many segments at once as its batch size has room for, and one at least. It
computes their samples in batches of its size, one after the other, the last of what is left. All
batches of one service are as fast or slow as its first, at one level of their laws: in measured
times what is slow stays slow for many calls, far longer than a service lasts.
"""

from collections.abc import Sequence

import numpy as np

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.setup import Deployment, Instance, Setup
from strag_sim.tables import NOWHERE, Fleet, Floats, Ints

NO_DEVICES: tuple[Ints, Ints, Floats, Ints, Floats] = (
    np.zeros(0, np.int64),
    np.zeros(0, np.int64),
    np.zeros((0, 0)),
    np.zeros(0, np.int64),
    np.zeros((0, 0)),
)


def deployed(setup: Setup, deployment: Deployment, models: Sequence[str | None]) -> Fleet:
    """Return the instances of a deployment; ``models`` names the model of each task of a group."""
    instances, devices = deployment.instances, deployment.devices
    most = [setup.at_once(instance) for instance in instances]
    tabled = [m for m in deployment.models if setup.is_tabled(setup.law(m))]
    machine, levels, values = _books(setup, deployment, tabled)
    kinds = [None, *setup.models]
    of_model = np.array([deployment.models.index(i.model) for i in instances], dtype=np.int64)
    pool = np.arange(len(deployment.models))
    count = len(instances)
    return Fleet(
        speed=np.array([devices[i.device].speed for i in instances], dtype=np.float64),
        slots=np.ones(count, np.int64),
        pool_first=np.searchsorted(of_model, pool, side="left").astype(np.int64),
        pool_stop=np.searchsorted(of_model, pool, side="right").astype(np.int64),
        book=np.array([tabled.index(m) if m in tabled else NOWHERE for m in models], np.int64),
        machine=machine,
        levels=levels,
        values=values,
        by_batch=np.ones(len(tabled), np.bool_),
        model=np.array([kinds.index(model) for model in models], dtype=np.int64),
        device=np.array([i.device for i in instances], dtype=np.int64),
        device_slots=np.array([device.slots for device in devices], dtype=np.int64),
        interference=_interference(deployment),
        most=np.array(most, dtype=np.int64),
        multiple=np.array([_multiples(setup, i, max(most)) for i in instances]),
    )


def pools(deployment: Deployment, models: Sequence[str | None]) -> Ints:
    """Return the pool of each task of a group, the place of its model among those deployed."""
    known = list(deployment.models)
    return np.array([known.index(model) for model in models if model], dtype=np.int64)


def _books(
    setup: Setup, deployment: Deployment, tabled: Sequence[str]
) -> tuple[Ints, Floats, Floats]:
    """Return the tables of the models measured by batch size: first rows, levels and values.

    The book of a model holds the rows of all its instances, one after the other: the quantiles of
    a service with 1, 2, ... segments.
    """
    instances = deployment.instances
    machine = np.zeros((len(tabled), len(instances)), np.int64)
    books: list[list[tuple[Floats, Floats]]] = []
    for b, name in enumerate(tabled):
        rows: list[tuple[Floats, Floats]] = []
        for w, instance in enumerate(instances):
            if instance.model == name:
                machine[b, w] = len(rows)
                law = setup.law_on(instance)
                rows += _services(law, instance.batch, setup.job.samples)
        books.append(rows)
    levels = [np.unique(np.concatenate([level for level, _ in rows])) for rows in books]
    longest = max((level.size for level in levels), default=0)
    all_levels = np.ones((len(books), longest))
    values = np.zeros((len(books), max(map(len, books), default=0), longest))
    for b, rows in enumerate(books):
        all_levels[b, : levels[b].size] = levels[b]
        for r, (level, value) in enumerate(rows):
            values[b, r] = np.interp(all_levels[b], level, value)
    return machine, all_levels, values


def _services(law: Distribution, batch: int, samples: int) -> list[tuple[Floats, Floats]]:
    """Return levels and quantiles of services with 1, 2, ... segments of so many samples."""
    if not isinstance(law, Profile):
        raise TypeError("a model that was measured by batch size has such laws for all devices")
    levels, values = law.batch_tables(min(batch, law.batches[-1]))
    services = []
    for segments in range(1, max(1, batch // samples) + 1):
        full, rest = divmod(segments * samples, batch)
        whole = full * values[batch - 1] if full else np.zeros(levels.size)
        services.append((levels, whole + values[rest - 1] if rest else whole))
    return services


def _multiples(setup: Setup, instance: Instance, most: int) -> list[float]:
    """Return by what a drawn size is multiplied in services with 1, 2, ... ``most`` segments."""
    growth = setup.batching.growth

    def of_batch(samples: int) -> float:
        return 1.0 + growth * (samples - 1) if samples else 0.0

    multiples = []
    for segments in range(1, most + 1):
        full, rest = divmod(segments * setup.job.samples, instance.batch)
        multiples.append(full * of_batch(instance.batch) + of_batch(rest))
    return multiples


def _interference(deployment: Deployment) -> Floats:
    """Return the factors of each device by how many of its instances serve; none if all are 1."""
    devices = deployment.devices
    widest = max(device.slots for device in devices)
    factors = np.ones((len(devices), widest))
    for d, device in enumerate(devices):
        factors[d, : len(device.interference)] = device.interference
    return factors if (factors > 1).any() else np.zeros((0, 0))

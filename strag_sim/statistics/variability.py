"""How much sizes and slowness vary: what makes the backlog of a stable policy wander."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from strag_sim.arrivals import Steady
from strag_sim.distributions.distribution import Distribution
from strag_sim.setup import Setup
from strag_sim.slowdown import Shock, States
from strag_sim.slowdown.part import Slow


@dataclass(frozen=True)
class Spells:
    """Slow spells of a worker: the share of time in them, and the mean time from one to the next.

    ``loss`` is the share of its work that a worker leaves undone then, ``together`` the number of
    workers whose spells come together.
    """

    share: float
    cycle: float
    loss: float
    together: float


def laws_of(setup: Setup) -> list[Distribution]:
    """Return the laws of all sizes."""
    return [setup.service, *(model.service for model in setup.models.values())]


def variability(setup: Setup) -> float:
    """Return the dispersion that sizes and slow spells add to that of the arrivals.

    That of the sizes is their squared coefficient of variation, the largest of all models, times
    the tasks of a batch, which leave at once, over the segments of a request. That of spells is
    the variance of the work that a slot could do, over the requests that come to it: of a share p
    of the time that comes and goes with a cycle of mean c, 2 p^2 (1 - p)^2 c a second (an
    alternating renewal process with exponential stretches). 0 for slowness that stays.
    """
    at_once = setup.most / setup.job.segments  # requests, or less than one
    sizes = at_once * max(_squared_variation(law) for law in laws_of(setup))
    rate = setup.arrivals.mean_rate if isinstance(setup.arrivals, Steady) else math.nan
    mean, slots = setup.work, setup.servers
    if not (rate > 0 and mean < math.inf):
        return sizes
    wandering = sum(
        2 * (each.share * (1 - each.share) * each.loss / mean) ** 2 * each.cycle * each.together
        for each in spells(setup)
    )
    return sizes + wandering * slots / rate


def spells(setup: Setup) -> Iterator[Spells]:
    """Yield the slow spells of each part of the slowdown that comes and goes."""
    workers = setup.machines
    for part in setup.slowdown:
        if part.enabled and isinstance(part, States):
            cycle = part.slow.mean + part.between
            together = float(min(part.shared_by, workers))
            yield Spells(part.share, cycle, _loss(setup, part.factor), together)
        elif part.enabled and isinstance(part, Shock):
            share = -math.expm1(-part.hit(1))
            together = 1 + part.share * (workers - 1)
            yield Spells(share, part.lasting.mean / share, _loss(setup, part.factor), together)


def _loss(setup: Setup, factor: Slow) -> float:
    """Return the share of its work that a worker leaves undone while it is slow, in the mean."""
    slow: float = factor.mean if isinstance(factor, Distribution) else factor
    mean = setup.service.mean
    if setup.combine != "product":
        slow = slow / mean + 1 if setup.combine == "sum" else max(slow / mean, 1.0)
    return 1 - 1 / slow


def _squared_variation(service: Distribution) -> float:
    """Return the squared coefficient of variation, without the outermost parts per thousand.

    So it is finite for every law; by the midpoint rule over its quantiles.
    """
    values = service.quantile((np.arange(1000) + 0.5) / 1000)
    return float(np.var(values) / np.mean(values) ** 2)

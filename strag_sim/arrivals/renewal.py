"""Arrivals with independent gaps of one law: burstier than Poisson for cv above 1, else calmer.

The first gap is drawn like all others: time 0 is just after an arrival that is not counted.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.arrivals.rates import (
    check_batch,
    check_rate,
    in_batches,
    summed,
    with_rate,
)
from strag_sim.distributions.gamma import Gamma
from strag_sim.distributions.parameters import cv_in_range
from strag_sim.distributions.weibull import Weibull


@dataclass(frozen=True, kw_only=True)
class GammaGaps:
    """Arrivals with independent gamma gaps of mean 1 / rate and coefficient of variation ``cv``.

    ``rate``, ``offered_load`` and ``batch`` as for poisson, which this is at cv 1.
    """

    cv: float
    rate: float | None = None
    offered_load: float | None = None
    batch: int = 1

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        _check(self)

    def at_capacity(self, mean_size: float, slots: int) -> "GammaGaps":
        """Return the same arrivals with the offered load turned into a rate."""
        return with_rate(self, mean_size, slots)

    @property
    def mean_rate(self) -> float:
        """The requests a second; NaN while the offered load is no rate."""
        return _mean_rate(self)

    @property
    def dispersion(self) -> float:
        """The limit of variance over mean of the number of requests: batch cv^2."""
        return self.batch * self.cv**2

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        law = Gamma(mean=1.0, cv=self.cv)
        return in_batches(self.batch, count, lambda n: summed(law.sample(rng, n), self.rate))


@dataclass(frozen=True, kw_only=True)
class WeibullGaps:
    """Arrivals with independent Weibull gaps of mean 1 / rate and coefficient of variation ``cv``.

    ``rate``, ``offered_load`` and ``batch`` as for poisson, which this is at cv 1.
    """

    cv: float
    rate: float | None = None
    offered_load: float | None = None
    batch: int = 1

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        _check(self)

    def at_capacity(self, mean_size: float, slots: int) -> "WeibullGaps":
        """Return the same arrivals with the offered load turned into a rate."""
        return with_rate(self, mean_size, slots)

    @property
    def mean_rate(self) -> float:
        """The requests a second; NaN while the offered load is no rate."""
        return _mean_rate(self)

    @property
    def dispersion(self) -> float:
        """The limit of variance over mean of the number of requests: batch cv^2."""
        return self.batch * self.cv**2

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        law = Weibull(mean=1.0, cv=self.cv)
        return in_batches(self.batch, count, lambda n: summed(law.sample(rng, n), self.rate))


def _check(arrivals: GammaGaps | WeibullGaps) -> None:
    """Refuse parameters that make no sense."""
    cv_in_range(arrivals.cv)
    check_rate(arrivals.rate, arrivals.offered_load)
    check_batch(arrivals.batch)


def _mean_rate(arrivals: GammaGaps | WeibullGaps) -> float:
    """Return the requests a second; NaN while the offered load is no rate."""
    return math.nan if arrivals.rate is None else arrivals.rate * arrivals.batch

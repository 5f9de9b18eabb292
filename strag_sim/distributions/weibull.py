"""The Weibull law: a stretched (cv above 1) or compressed (below 1) exponential tail."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import above_zero, levels_of, numbers_of
from strag_sim.distributions.parameters import cv_in_range, positive
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Weibull:
    """Sizes with a Weibull law of this ``mean`` and coefficient of variation ``cv``."""

    mean: Seconds
    cv: float

    def __post_init__(self) -> None:
        """Refuse parameters that make no law."""
        positive(mean=self.mean)
        cv_in_range(self.cv)

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds."""
        with np.errstate(divide="ignore"):  # level 1 is infinity
            return self.scale * (-np.log1p(-levels_of(level))) ** self.power

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        return -np.expm1(-((np.maximum(numbers_of(time), 0.0) / self.scale) ** (1 / self.power)))

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        sizes = np.power(rng.standard_exponential(shape), self.power)
        sizes *= self.scale
        return above_zero(sizes)

    @cached_property
    def power(self) -> float:
        """The power to which exponential sizes are raised: 1 / shape, fixed by cv alone."""
        return _power_for(self.cv)

    @cached_property
    def scale(self) -> float:
        """The factor that gives the mean: mean = scale Gamma(1 + power), in seconds."""
        return self.mean / math.gamma(1 + self.power)


def _power_for(cv: float) -> float:
    """Return the power p of an exponential size E with ``cv(E^p) = cv``, by bisection.

    ``cv^2 + 1 = Gamma(1 + 2p) / Gamma(1 + p)^2`` grows with p. 60 halvings of the bracket,
    which holds every allowed cv, leave no more than rounding.
    """
    low, high = 1e-4, 20.0
    target = math.log1p(cv**2)
    for _ in range(60):
        power = math.sqrt(low * high)  # halves on a logarithmic scale
        if math.lgamma(1 + 2 * power) - 2 * math.lgamma(1 + power) < target:
            low = power
        else:
            high = power
    return math.sqrt(low * high)

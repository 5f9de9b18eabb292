"""The lognormal law: a product of many small effects; a common fit of service times."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import above_zero, levels_of, numbers_of
from strag_sim.distributions.parameters import cv_in_range, positive
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Lognormal:
    """Sizes whose logarithm is normal, with this ``mean`` and coefficient of variation ``cv``."""

    mean: Seconds
    cv: float

    def __post_init__(self) -> None:
        """Refuse parameters that make no law."""
        positive(mean=self.mean)
        cv_in_range(self.cv)

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds."""
        from scipy.special import ndtri  # slow to import, and only needed here

        centre, spread = self._logarithm()
        return numbers_of(np.exp(centre + spread * ndtri(levels_of(level))))

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        from scipy.special import ndtr

        centre, spread = self._logarithm()
        with np.errstate(divide="ignore"):  # time 0 is minus infinity, whose share is 0
            logarithm = np.log(np.maximum(numbers_of(time), 0.0))
        return numbers_of(ndtr((logarithm - centre) / spread))

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        centre, spread = self._logarithm()
        sizes = rng.standard_normal(shape)
        sizes *= spread
        sizes += centre
        return above_zero(np.exp(sizes, out=sizes))

    def _logarithm(self) -> tuple[float, float]:
        """Return the mean and standard deviation of the logarithm of the sizes."""
        variance = math.log1p(self.cv**2)
        return math.log(self.mean) - variance / 2, math.sqrt(variance)

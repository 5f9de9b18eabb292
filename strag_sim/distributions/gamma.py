"""The gamma law: Erlang sizes for cv below 1, more variable than exponential above."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import above_zero, levels_of, numbers_of
from strag_sim.distributions.parameters import cv_in_range, positive
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Gamma:
    """Sizes with a gamma law of this ``mean`` and coefficient of variation ``cv``."""

    mean: Seconds
    cv: float

    def __post_init__(self) -> None:
        """Refuse parameters that make no law."""
        positive(mean=self.mean)
        cv_in_range(self.cv)

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds."""
        from scipy.special import gammaincinv  # slow to import, and only needed here

        shape, scale = self.shape_and_scale()
        return numbers_of(scale * gammaincinv(shape, levels_of(level)))

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        from scipy.special import gammainc

        shape, scale = self.shape_and_scale()
        return numbers_of(gammainc(shape, np.maximum(numbers_of(time), 0.0) / scale))

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        gamma_shape, scale = self.shape_and_scale()
        sizes = rng.standard_gamma(gamma_shape, shape)
        sizes *= scale
        return above_zero(sizes)

    def shape_and_scale(self) -> tuple[float, float]:
        """Return the two usual parameters: mean = shape scale, cv = 1 / sqrt(shape)."""
        return self.cv**-2.0, self.mean * self.cv**2

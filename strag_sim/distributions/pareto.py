"""The Pareto law: a tail that falls by a power, the heaviest that measured stragglers show."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import above_zero, levels_of, numbers_of
from strag_sim.distributions.parameters import is_finite, positive, refuse
from strag_sim.units import Seconds

# Below it samples would pass the largest double.
_SMALLEST_SHAPE = 0.1


@dataclass(frozen=True, kw_only=True)
class Pareto:
    """Sizes of which a share ``(minimum / t)^shape`` exceeds t; none is below ``minimum``.

    With a shape of at most 1 the mean is infinite, with at most 2 the variance.
    """

    minimum: Seconds
    shape: float

    def __post_init__(self) -> None:
        """Refuse parameters that make no law."""
        positive(minimum=self.minimum)
        if not (is_finite(self.shape) and self.shape >= _SMALLEST_SHAPE):
            raise refuse("shape", self.shape, f"a finite number of at least {_SMALLEST_SHAPE}")

    @property
    def mean(self) -> float:
        """The mean, in seconds; infinity for a shape of at most 1."""
        return self.minimum * self.shape / (self.shape - 1) if self.shape > 1 else math.inf

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return ``minimum (1 - level)^(-1 / shape)``, in seconds."""
        with np.errstate(divide="ignore"):  # level 1 is infinity
            return self.minimum * np.exp(-np.log1p(-levels_of(level)) / self.shape)

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        return 1 - (self.minimum / np.maximum(numbers_of(time), self.minimum)) ** self.shape

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        sizes = rng.standard_exponential(shape)
        sizes /= self.shape
        np.exp(sizes, out=sizes)
        sizes *= self.minimum
        return above_zero(sizes)

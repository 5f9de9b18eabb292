"""The exponential law: memoryless sizes, the textbooks' first choice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import above_zero, levels_of, numbers_of
from strag_sim.distributions.parameters import positive
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Exponential:
    """Sizes with an exponential law of this ``mean``."""

    mean: Seconds

    def __post_init__(self) -> None:
        """Refuse a mean that is not above 0."""
        positive(mean=self.mean)

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return ``-mean log(1 - level)``, in seconds."""
        with np.errstate(divide="ignore"):  # level 1 is infinity
            return -self.mean * np.log1p(-levels_of(level))

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        return -np.expm1(-np.maximum(numbers_of(time), 0.0) / self.mean)

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        sizes = rng.standard_exponential(shape)
        sizes *= self.mean
        return above_zero(sizes)

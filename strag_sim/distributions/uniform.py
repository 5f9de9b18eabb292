"""The uniform law between two times."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import above_zero, levels_of, numbers_of
from strag_sim.distributions.parameters import is_finite, not_negative, refuse
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Uniform:
    """Sizes spread evenly from ``low`` to ``high``."""

    low: Seconds
    high: Seconds

    def __post_init__(self) -> None:
        """Refuse a negative low, and a high that is not above it."""
        not_negative(low=self.low)
        if not (is_finite(self.high) and self.high > self.low):
            raise refuse("high", self.high, f"a finite number above low ({self.low})")

    @property
    def mean(self) -> float:
        """The middle, in seconds."""
        return self.low + (self.high - self.low) / 2

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return ``low + level (high - low)``, in seconds."""
        return self.low + levels_of(level) * (self.high - self.low)

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        return np.clip((numbers_of(time) - self.low) / (self.high - self.low), 0.0, 1.0)

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        sizes = rng.random(shape)
        sizes *= self.high - self.low
        sizes += self.low
        return above_zero(sizes)

"""The constant: every size is the same."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import levels_of, numbers_of
from strag_sim.distributions.parameters import positive
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Deterministic:
    """Sizes that are all ``value``."""

    value: Seconds

    def __post_init__(self) -> None:
        """Refuse a value that is not above 0."""
        positive(value=self.value)

    @property
    def mean(self) -> float:
        """The value itself, in seconds."""
        return self.value

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the value at every level, in seconds."""
        return np.full(levels_of(level).shape, self.value, dtype=np.float64)

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return 1 from the value on, 0 before."""
        return numbers_of(numbers_of(time) >= self.value)

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Return the value in this shape, in seconds; draws nothing."""
        return np.full(shape, self.value, dtype=np.float64)

"""Arrivals like clockwork."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Deterministic:
    """One request every ``interval``, the first at 0."""

    interval: Seconds

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        if not 0 < self.interval < float("inf"):
            raise ValueError(
                f"interval: {self.interval} is not allowed; interval must be a time above 0"
            )

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        return np.arange(count, dtype=np.float64) * self.interval

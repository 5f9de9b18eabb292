"""Arrivals at a constant rate that know nothing of each other."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Poisson:
    """Arrivals at a constant rate (per second), with exponential gaps.

    Give either ``rate`` or ``offered_load``: the rate times the mean size over the worker slots.
    """

    rate: float | None = None
    offered_load: float | None = None

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        if (self.rate is None) == (self.offered_load is None):
            raise ValueError("rate: give either rate or offered_load, and only one of them")
        if self.rate is not None and not 0 < self.rate < float("inf"):
            raise ValueError(f"rate: {self.rate} is not allowed; rate must be above 0 (per second)")
        if self.offered_load is not None and not 0 < self.offered_load < 1:
            raise ValueError(
                f"offered_load: {self.offered_load} is not allowed; offered_load must be above 0 "
                "and below 1 (at 1 the queues grow without end); to study overload give a rate"
            )

    def at_capacity(self, mean_size: float, slots: int) -> "Poisson":
        """Return the same arrivals with the offered load turned into a rate."""
        if self.offered_load is None:
            return self
        return replace(self, rate=self.offered_load * slots / mean_size, offered_load=None)

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        if self.rate is None:
            raise ValueError("offered_load: needs the workers' capacity, see at_capacity")
        gaps = rng.standard_exponential(count)
        gaps /= self.rate
        return np.cumsum(gaps, out=gaps)

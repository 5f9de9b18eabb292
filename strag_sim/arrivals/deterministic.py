"""Arrivals like clockwork."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.arrivals.rates import check_batch, in_batches
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Deterministic:
    """One request, or a ``batch`` of them, every ``interval``, the first at 0."""

    interval: Seconds
    batch: int = 1

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        if not 0 < self.interval < float("inf"):
            raise ValueError(
                f"interval: {self.interval} is not allowed; interval must be a time above 0"
            )
        check_batch(self.batch)

    @property
    def mean_rate(self) -> float:
        """The requests a second."""
        return self.batch / self.interval

    @property
    def dispersion(self) -> float:
        """The variance over the mean of the number of requests in long windows."""
        return 0.0

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        return in_batches(
            self.batch, count, lambda n: np.arange(n, dtype=np.float64) * self.interval
        )

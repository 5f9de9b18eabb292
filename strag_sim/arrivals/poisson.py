"""Arrivals at a constant rate that know nothing of each other."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.arrivals.rates import (
    check_batch,
    check_rate,
    in_batches,
    summed,
    with_rate,
)


@dataclass(frozen=True, kw_only=True)
class Poisson:
    """Arrivals at a constant rate (per second), with exponential gaps.

    Give either ``rate`` or ``offered_load``: the rate times the mean size over the worker slots.
    Each arrival brings a ``batch`` of requests; the rate counts batches, the load requests.
    """

    rate: float | None = None
    offered_load: float | None = None
    batch: int = 1

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        check_rate(self.rate, self.offered_load)
        check_batch(self.batch)

    def at_capacity(self, mean_size: float, slots: int) -> "Poisson":
        """Return the same arrivals with the offered load turned into a rate."""
        return with_rate(self, mean_size, slots)

    @property
    def mean_rate(self) -> float:
        """The requests a second; NaN while the offered load is no rate."""
        return math.nan if self.rate is None else self.rate * self.batch

    @property
    def dispersion(self) -> float:
        """The variance over the mean of the number of requests: that of the batches is 1."""
        return float(self.batch)

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        return in_batches(
            self.batch, count, lambda n: summed(rng.standard_exponential(n), self.rate)
        )

"""Recorded arrivals, from a list or a file."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.columns import read_column
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Recorded arrival times: a list, or a ``column`` of a CSV, parquet or npy file.

    ``scale`` multiplies them (0.5 doubles the rate).
    """

    times: tuple[Seconds, ...] | None = None
    path: str | None = None
    column: str | None = None
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense, and times out of order."""
        if (self.times is None) == (self.path is None):
            raise ValueError("times: give either times or path, and only one of them")
        if self.times is not None and self.column is not None:
            raise ValueError("column: goes with path, not with times")
        if not 0 < self.scale < float("inf"):
            raise ValueError(f"scale: {self.scale} is not allowed; scale must be above 0")
        _check_order("times" if self.path is None else "path", self.recorded())

    def recorded(self) -> NDArray[np.float64]:
        """Return all recorded times, unscaled, in seconds, shape (n,); not to be changed."""
        return self._recorded

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        recorded = self.recorded()
        if count > recorded.size:
            raise ValueError(
                f"requests: {count} (with the warm-up) is not allowed; "
                f"the trace holds {recorded.size} arrivals"
            )
        return recorded[:count] * self.scale

    @cached_property
    def _recorded(self) -> NDArray[np.float64]:
        """The recorded times: a file is read once, not in every run."""
        if self.times is not None:
            return np.array(self.times, dtype=np.float64)
        return read_column(str(self.path), self.column)


def _check_order(key: str, times: NDArray[np.float64]) -> None:
    """Raise a ValueError, which names the first wrong row, unless times rise from 0 or more."""
    if times.size == 0:
        raise ValueError(f"{key}: an empty trace is not allowed; give at least one arrival")
    if not np.isfinite(times).all():
        row = int(np.argmin(np.isfinite(times)))
        raise ValueError(f"{key}: arrival {row + 1} is {times[row]}; every time must be a number")
    if times[0] < 0:
        raise ValueError(f"{key}: arrival 1 is {times[0]}; times must not be negative")
    falls = np.flatnonzero(np.diff(times) < 0)
    if falls.size:
        row = int(falls[0]) + 1
        raise ValueError(
            f"{key}: arrival {row + 1} ({times[row]}) is before arrival {row} ({times[row - 1]}); "
            "times must be in order: sort them first"
        )

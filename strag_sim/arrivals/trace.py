"""Recorded arrivals, from a list or a file."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from strag_sim.arrivals.rates import check_batch, in_batches
from strag_sim.distributions.columns import read_times
from strag_sim.units import Seconds, readable

# Share of arrivals of a file at the time of the one before, above which its stamps look coarse.
MOST_TOGETHER = 0.5


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Recorded arrival times: a list, or a ``column`` of a CSV, parquet or npy file.

    A file holds numbers in a ``unit`` (s unless given) or dates with times; its first arrival is at
    0. ``scale`` multiplies the times (0.5 doubles the rate). ``jitter`` is the width of the grid on
    which coarse stamps lie: before they are scaled, arrivals are spread evenly over it. Each time
    brings a ``batch`` of requests.
    """

    times: tuple[Seconds, ...] | None = None
    path: str | None = None
    column: str | None = None
    unit: Literal["s", "ms", "us", "ns"] | None = None
    scale: float = 1.0
    jitter: Seconds | None = None
    batch: int = 1

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense, and times out of order."""
        if (self.times is None) == (self.path is None):
            raise ValueError("times: give either times or path, and only one of them")
        for key in ("column", "unit"):
            if self.times is not None and getattr(self, key) is not None:
                raise ValueError(f"{key}: goes with path, not with times")
        if not 0 < self.scale < float("inf"):
            raise ValueError(f"scale: {self.scale} is not allowed; scale must be above 0")
        if self.jitter is not None and not 0 <= self.jitter < float("inf"):
            raise ValueError(f"jitter: {self.jitter} is not allowed; jitter must be a time")
        check_batch(self.batch)
        recorded = self.recorded()
        if self.path is not None and self.jitter is None:
            _check_grid(recorded)

    @property
    def size(self) -> int:
        """How many requests the trace holds."""
        return self.recorded().size * self.batch

    @property
    def draws_nothing(self) -> bool:
        """Whether the arrivals are the same in every run."""
        return not self.jitter

    def recorded(self) -> NDArray[np.float64]:
        """Return all recorded times, unscaled, in seconds, shape (n,); not to be changed."""
        return self._recorded

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        if count > self.size:
            raise ValueError(
                f"requests: {count} (with the warm-up) is not allowed; "
                f"the trace holds {self.size} arrivals"
            )
        return in_batches(self.batch, count, lambda n: self._instants(rng, n))

    def _instants(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        recorded = self.recorded()
        if self.jitter:
            # All of them, however few are asked for: a later one may come before.
            recorded = np.sort(recorded + self.jitter * rng.random(recorded.size))
        times: NDArray[np.float64] = recorded[:count] * self.scale
        return times

    @cached_property
    def _recorded(self) -> NDArray[np.float64]:
        """The recorded times: a file is read once, not in every run."""
        if self.times is not None:
            listed = np.array(self.times, dtype=np.float64)
            _check_order("times", listed)
            return listed
        stamps = read_times(str(self.path), self.column, self.unit)
        _check_order("path", stamps)
        since: NDArray[np.float64] = stamps - stamps[0]
        return since


def _check_order(key: str, times: NDArray[np.float64]) -> None:
    """Raise a ValueError, which names the first wrong row, unless times rise from 0 or more."""
    if times.size == 0:
        raise ValueError(f"{key}: an empty trace is not allowed; give at least one arrival")
    if not np.isfinite(times).all():
        row = int(np.argmin(np.isfinite(times)))
        what = "missing (nan)" if np.isnan(times[row]) else times[row]
        raise ValueError(f"{key}: arrival {row + 1} is {what}; every time must be a number")
    if times[0] < 0:
        raise ValueError(f"{key}: arrival 1 is {times[0]}; times must not be negative")
    falls = np.flatnonzero(np.diff(times) < 0)
    if falls.size:
        row = int(falls[0]) + 1
        raise ValueError(
            f"{key}: arrival {row + 1} ({times[row]}) is before arrival {row} ({times[row - 1]}); "
            "times must be in order: sort them first"
        )


def _check_grid(times: NDArray[np.float64]) -> None:
    """Raise a ValueError if the stamps look too coarse to be taken as they are."""
    gaps = np.diff(times)
    apart = gaps[gaps > 0]
    together = gaps.size - apart.size
    if together > MOST_TOGETHER * gaps.size:
        width = f" (here it looks like {readable(float(np.median(apart)))})" if apart.size else ""
        raise ValueError(
            f"jitter: missing; {together} of {times.size} arrivals come at the time of the one "
            f"before, as where stamps are coarse; give jitter, the width of their grid{width}, or "
            "jitter: 0 to take them as simultaneous"
        )

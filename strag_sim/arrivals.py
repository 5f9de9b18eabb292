"""The request generator: when requests arrive.

An open kind answers ``draw(rng, count)`` before a run starts; in a closed loop the clients'
next requests depend on the answers, so the engines send them.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.columns import read_column
from strag_sim.distributions.distribution import Distribution
from strag_sim.units import Seconds


class Arrivals(Protocol):
    """What every kind of arrivals offers."""

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,)."""
        ...


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


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Clients that send their next request once the last one is answered and thought about.

    ``think`` is a time or a distribution. With ``barrier`` a client sends a whole round at once
    and the next when the last of it is answered, as the collage authors' master does: ``true`` is
    a round of one group of the policy, a number a round of that many requests.
    First requests arrive at 0.
    """

    clients: int
    think: Distribution | None = None
    barrier: bool | int = False

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        if self.clients < 1:
            raise ValueError(f"clients: {self.clients} is not allowed; clients must be at least 1")
        if not isinstance(self.barrier, bool) and self.barrier < 1:
            raise ValueError(
                f"barrier: {self.barrier} is not allowed; barrier must be true, false "
                "or the number of requests of a round (at least 1)"
            )

    def round_of(self, group: int) -> int:
        """Return how many requests a client sends at once, for a policy with such groups."""
        if isinstance(self.barrier, bool):
            return group if self.barrier else 1
        return self.barrier

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Refuse: the arrivals of a closed loop depend on the answers."""
        raise ValueError("arrivals: a closed loop has no arrival times before it is run")


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


KINDS: dict[str, type[Arrivals]] = {
    "poisson": Poisson,
    "deterministic": Deterministic,
    "trace": Trace,
    "closed": Closed,
}

"""What the kinds of arrivals share: rates, loads that become rates, and batches."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.parameters import refuse

MOST_BATCH = 10**6
UNKNOWN_RATE = "offered_load: needs the workers' capacity, see at_capacity"


class Loaded(Protocol):
    """Arrivals in batches, given by a rate or an offered load: a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def offered_load(self) -> float | None:
        """The load of requests; None where it is not given."""
        ...

    @property
    def batch(self) -> int:
        """The requests that arrive together."""
        ...


AnyLoaded = TypeVar("AnyLoaded", bound=Loaded)


def check_rate(rate: float | None, offered_load: float | None) -> None:
    """Require one of rate and offered load, with a value that makes sense."""
    if (rate is None) == (offered_load is None):
        raise ValueError("rate: give either rate or offered_load, and only one of them")
    check_rescaling(rate, offered_load)


def check_rescaling(rate: float | None, offered_load: float | None) -> None:
    """Require at most one of rate and offered load, with a value that makes sense."""
    if rate is not None and offered_load is not None:
        raise ValueError("rate: give either rate or offered_load, and only one of them")
    if rate is not None and not 0 < rate < math.inf:
        raise ValueError(f"rate: {rate} is not allowed; rate must be above 0 (per second)")
    if offered_load is not None and not 0 < offered_load < 1:
        raise ValueError(
            f"offered_load: {offered_load} is not allowed; offered_load must be above 0 "
            "and below 1 (at 1 the queues grow without end); to study overload give a rate"
        )


def check_batch(batch: int) -> None:
    """Require a number of requests that arrive together."""
    if not 1 <= batch <= MOST_BATCH:
        raise refuse("batch", batch, f"a whole number from 1 to {MOST_BATCH}")


def with_rate(arrivals: AnyLoaded, mean_size: float, slots: int) -> AnyLoaded:
    """Return the same arrivals with the offered load, if any, turned into a rate of batches."""
    if arrivals.offered_load is None:
        return arrivals
    rate = arrivals.offered_load * slots / mean_size / arrivals.batch
    return replace(arrivals, rate=rate, offered_load=None)


def summed(gaps: NDArray[np.float64], rate: float | None) -> NDArray[np.float64]:
    """Return the times of arrivals with these gaps, of mean 1, over the rate; changes ``gaps``."""
    if rate is None:
        raise ValueError(UNKNOWN_RATE)
    gaps /= rate
    return np.cumsum(gaps, out=gaps)


def in_batches(
    batch: int, count: int, instants: Callable[[int], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return the first ``count`` arrivals where each of the ``instants(n)`` brings a batch."""
    times = instants(-(-count // batch))
    return times if batch == 1 else np.repeat(times, batch)[:count]

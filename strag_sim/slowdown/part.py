"""What every kind of slowdown offers."""

from collections.abc import Callable
from typing import Annotated, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.distribution import Distribution
from strag_sim.slowdown.tracks import Tracks

Combine = Literal["product", "sum", "max"]
# Marks a factor, which a scenario may write as a time where it is one (combine: sum or max).
Factor = Annotated[float, "time", "factor"]
# How slow: a number or a law of such numbers, factors or seconds as they are combined with sizes.
Slow = float | Distribution
# The i-th generator of a part and run: one for each block of tracks, or for a purpose of its own.
Streams = Callable[[int], np.random.Generator]

# Tracks that share a generator. Whole blocks are drawn, however few of their tracks are used, so
# that a worker is as slow among ten as among twelve.
BLOCK = 16
# The most intervals that a part may have in a run; beyond, its tracks begin anew earlier.
MOST = 1 << 22


@runtime_checkable
class Slowdown(Protocol):
    """One way in which workers are slow; frozen, its fields are its parameters."""

    @property
    def enabled(self) -> bool:
        """Whether it has any effect."""
        ...

    def tracks(self, streams: Streams, workers: int, horizon: float, combine: Combine) -> Tracks:
        """Return how slow each of so many workers is, until ``horizon`` (seconds) at least.

        Where that would take too many intervals, until earlier. Values are the factors of sizes,
        the seconds added to them, or the seconds that they are at least, by ``combine``.
        """
        ...


def drawn(law: Slow, rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return numbers of this shape: the number itself, or drawn from the law."""
    if isinstance(law, Distribution):
        return law.sample(rng, shape)
    return np.full(shape, float(law))


def blocks(count: int) -> range:
    """Return the numbers of the blocks that so many tracks take."""
    return range(-(-count // BLOCK))

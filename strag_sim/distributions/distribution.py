"""What every kind of distribution offers."""

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Sizes are above 0, so that a task never finishes at the instant in which it starts. The smallest
# normal double, because the smallest of all would become 0 when divided by a worker's speed.
SMALLEST = float(np.finfo(np.float64).tiny)


@runtime_checkable
class Distribution(Protocol):
    """A law of positive times, in seconds; frozen, its fields are its parameters."""

    @property
    def mean(self) -> float:
        """The mean, in seconds; infinity where the law has none."""
        ...

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed; same shape as level.

        Levels are in [0, 1]; 0 gives the lower end of the law, 1 the upper (infinity if unbounded).
        """
        ...

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``; same shape as time."""
        ...

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw independent sizes, each above 0, of this shape."""
        ...


def above_zero(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Raise sizes of 0, which rounding can give, to the smallest double; changes its argument."""
    return np.maximum(sizes, SMALLEST, out=sizes)


def numbers_of(values: ArrayLike) -> NDArray[np.float64]:
    """Return the argument as an array of doubles."""
    return np.asarray(values, dtype=np.float64)


def levels_of(level: ArrayLike) -> NDArray[np.float64]:
    """Return the levels as an array; ValueError unless all are in [0, 1]."""
    levels: NDArray[np.float64] = numbers_of(level)
    outside: Any = levels[~((levels >= 0) & (levels <= 1))]
    if outside.size:
        raise ValueError(f"level: {outside[0]} is not allowed; level must be between 0 and 1")
    return levels

"""A law given by a table of quantiles in the scenario itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.curve import Curve
from strag_sim.distributions.distribution import numbers_of
from strag_sim.distributions.parameters import all_positive, is_finite, refuse
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Table:
    """Sizes whose quantile at ``levels[i]`` is ``values[i]``, straight lines between.

    Levels rise from 0 (the smallest size) to 1 (the largest); values never fall.
    """

    levels: tuple[float, ...]
    values: tuple[Seconds, ...]

    def __post_init__(self) -> None:
        """Refuse tables that are no quantile function."""
        object.__setattr__(self, "levels", tuple(self.levels))
        object.__setattr__(self, "values", tuple(self.values))
        _check_levels(self.levels)
        if len(self.values) != len(self.levels):
            allowed = f"as many as levels ({len(self.levels)}, not {len(self.values)})"
            raise refuse("values", self.values, allowed)
        all_positive("values", self.values)
        _check_order("values", self.values, strictly=False)

    @property
    def mean(self) -> float:
        """The mean of the straight lines, in seconds."""
        return self.curve.mean

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds."""
        return self.curve.quantile(level)

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        return self.curve.cdf(time)

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape."""
        return self.curve.sample(rng, shape)

    @cached_property
    def curve(self) -> Curve:
        """The table as arrays."""
        return Curve(numbers_of(self.levels), numbers_of(self.values))


def _check_levels(levels: Sequence[float]) -> None:
    """Require levels that rise from 0 to 1."""
    for i, level in enumerate(levels):
        if not (is_finite(level) and 0 <= level <= 1):
            raise refuse(f"levels[{i}]", level, "between 0 and 1")
    if len(levels) < 2 or levels[0] != 0 or levels[-1] != 1:
        raise refuse("levels", list(levels), "a list that begins with 0 and ends with 1")
    _check_order("levels", levels, strictly=True)


def _check_order(key: str, numbers: Sequence[float], *, strictly: bool) -> None:
    """Require numbers that rise, or at least never fall."""
    for i in range(1, len(numbers)):
        before, here = numbers[i - 1], numbers[i]
        if here < before or (strictly and here == before):
            wanted = "above" if strictly else "at least"
            raise refuse(f"{key}[{i}]", here, f"{wanted} {before}, which stands before it")

"""The part of a law between two of its quantiles: a measured law without its stragglers, say."""

import math
from dataclasses import dataclass
from functools import cached_property, singledispatch

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.composed import Mixture, Shifted, drawable
from strag_sim.distributions.distribution import Distribution, above_zero, levels_of, numbers_of
from strag_sim.distributions.empirical import Empirical
from strag_sim.distributions.integral import of_quantiles
from strag_sim.distributions.parameters import is_finite, refuse
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.table import Table

_BELOW_ONE = float(np.nextafter(1.0, 0.0))


@dataclass(frozen=True, kw_only=True)
class Truncated:
    """Sizes of the law ``of`` between its quantiles at the levels ``low`` and ``high``.

    ``high: 0.98`` leaves out the slowest 2 %, and what is left is drawn as often again.
    """

    of: Distribution
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        """Refuse levels that leave nothing, and a law that cannot be drawn from."""
        drawable(self.of)
        if not (is_finite(self.low) and 0 <= self.low < 1):
            raise refuse("low", self.low, "a level of at least 0 and below 1")
        if not (is_finite(self.high) and self.low < self.high <= 1):
            raise refuse("high", self.high, f"a level above low ({self.low}) and at most 1")

    @cached_property
    def mean(self) -> float:
        """The mean, in seconds: of tables and values exact, of smooth laws within 1e-6 of it."""
        if self.low == 0 and self.high == 1:
            return self.of.mean
        return _integral(self.of, self.low, self.high) / (self.high - self.low)

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds."""
        return self.of.quantile(self._inner(levels_of(level)))

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        share = (self.of.cdf(time) - self.low) / (self.high - self.low)
        return numbers_of(np.clip(share, 0.0, 1.0))

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape, by inversion of uniform levels."""
        # Rounding can bring a level to 1, where an unbounded law is infinite.
        levels = np.minimum(self._inner(rng.random(shape)), _BELOW_ONE)
        return above_zero(numbers_of(self.of.quantile(levels)))

    def _inner(self, level: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the levels of the whole law at levels of this part of it."""
        return numbers_of(np.minimum(self.low + (self.high - self.low) * level, self.high))


@singledispatch
def _integral(of: Distribution, low: float, high: float) -> float:
    """Return the integral of a law's quantiles from level ``low`` to ``high``, in seconds.

    What a law of no known make gives is integrated numerically; up to level 1 as the mean less
    the rest, for what lies beyond the last double below 1 can weigh.
    """
    if high == 1:
        return of.mean - (of_quantiles(of, 0.0, low) if low else 0.0)
    return of_quantiles(of, low, high)


@_integral.register
def _(of: Table, low: float, high: float) -> float:
    return of.curve.integral(low, high)


@_integral.register
def _(of: Profile, low: float, high: float) -> float:
    return of.curve.integral(low, high)


@_integral.register
def _(of: Empirical, low: float, high: float) -> float:
    """Return the sum of the steps, each 1 / n wide."""
    ranked = of.ranked
    sums = np.concatenate([[0.0], np.cumsum(ranked)]) / len(ranked)
    below, above = np.interp([low, high], np.arange(len(sums)) / len(ranked), sums)
    return float(above - below)


@_integral.register
def _(of: Shifted, low: float, high: float) -> float:
    return of.shift * (high - low) + _integral(of.of, low, high)


@_integral.register
def _(of: Truncated, low: float, high: float) -> float:
    width = of.high - of.low
    inner = min(of.low + width * high, of.high)
    return _integral(of.of, of.low + width * low, inner) / width


@_integral.register
def _(of: Mixture, low: float, high: float) -> float:
    """Return the sum over the parts, each between the same two times.

    Where the law jumps at one of them, what of the jump lies outside the levels is taken off.
    """
    begin, end = (float(of.quantile(level)) for level in (low, high))
    total = begin * (float(of.cdf(begin)) - low)
    if math.isfinite(end):
        total -= end * (float(of.cdf(end)) - high)
    for part in of.parts:
        first, last = float(part.of.cdf(begin)), float(part.of.cdf(end))
        if part.weight > 0 and first < last:
            total += part.weight * _integral(part.of, first, last)
    return float(total)

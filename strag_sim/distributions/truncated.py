"""The part of a law between two of its quantiles: a measured law without its stragglers, say."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, singledispatch

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.composed import Mixture, Shifted, drawable
from strag_sim.distributions.distribution import Distribution, above_zero, levels_of, numbers_of
from strag_sim.distributions.empirical import Empirical
from strag_sim.distributions.parameters import is_finite, refuse
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.table import Table

Numbers = NDArray[np.float64]

_BELOW_ONE = float(np.nextafter(1.0, 0.0))
# Gauss's rule: nodes a panel, panels to try, and the relative change that is none.
_NODES, _PANELS, _SAME = 16, (16, 32, 64, 128, 256, 512, 1024), 1e-12


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
        return of.mean - (_integrated(of, 0.0, low) if low else 0.0)
    return _integrated(of, low, high)


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


def _integrated(of: Distribution, low: float, high: float) -> float:
    """Return the integral of a law's quantiles from ``low`` to ``high`` < 1, by Gauss's rule.

    On the logarithm of the level below 1/2 and of its complement above, where the quantiles of
    the laws in use are smooth; on ever more panels until the sum stays as it is.
    """
    total = 0.0
    if low < 0.5:
        first, last = math.log(max(low, 1e-18)), math.log(min(high, 0.5))
        total += _panels(lambda s: of.quantile(np.exp(s)) * np.exp(s), first, last)
    if high > 0.5:
        first, last = -math.log1p(-max(low, 0.5)), -math.log1p(-high)
        total += _panels(lambda s: of.quantile(-np.expm1(-s)) * np.exp(-s), first, last)
    return total


def _panels(values: Callable[[Numbers], Numbers], first: float, last: float) -> float:
    """Return the integral of ``values`` from ``first`` to ``last``."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    before = math.nan
    for panels in _PANELS:
        half = (last - first) / panels / 2
        centres = first + half * (2 * np.arange(panels) + 1)
        total = half * float(np.sum(values(centres[:, None] + half * nodes) @ weights))
        if abs(total - before) <= _SAME * abs(total):
            break
        before = total
    return total

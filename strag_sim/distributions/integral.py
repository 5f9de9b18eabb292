"""Integrals over a law's quantiles, by Gauss's rule."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.distribution import Distribution

Numbers = NDArray[np.float64]

# Nodes a panel, panels to try, and the level below which nothing is worth adding.
_NODES, _PANELS, _LEAST = 16, (16, 32, 64, 128, 256, 512, 1024), 1e-18


def of_quantiles(
    of: Distribution,
    low: float,
    high: float,
    *,
    weight: Callable[[Numbers], Numbers] | None = None,
    within: float = 1e-12,
) -> float:
    """Return the integral of a law's quantiles from level ``low`` to ``high`` < 1, in seconds.

    On the logarithm of the level below 1/2 and of its complement above, where the quantiles of
    smooth laws are smooth; on ever more panels until the sum changes by a share of ``within`` at
    most. ``weight`` is a factor that is given the complement, 1 - level.
    """

    def below(s: Numbers) -> Numbers:
        level = np.exp(s)
        return of.quantile(level) * level * (weight(1 - level) if weight else 1.0)

    def above(s: Numbers) -> Numbers:
        rest = np.exp(-s)
        return of.quantile(-np.expm1(-s)) * rest * (weight(rest) if weight else 1.0)

    total = 0.0
    if low < 0.5:
        total += _panels(below, math.log(max(low, _LEAST)), math.log(min(high, 0.5)), within)
    if high > 0.5:
        total += _panels(above, -math.log1p(-max(low, 0.5)), -math.log1p(-high), within)
    return total


def _panels(
    values: Callable[[Numbers], Numbers], first: float, last: float, within: float
) -> float:
    """Return the integral of ``values`` from ``first`` to ``last``."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    before = math.nan
    for panels in _PANELS:
        half = (last - first) / panels / 2
        centres = first + half * (2 * np.arange(panels) + 1)
        total = half * float(np.sum(values(centres[:, None] + half * nodes) @ weights))
        if abs(total - before) <= within * abs(total):
            break
        before = total
    return total

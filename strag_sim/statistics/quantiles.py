"""Nearest-rank quantiles: of one run, and of several runs taken together."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from strag_sim.tables import Floats


def rank(level: float, count: int) -> int:
    """Return which of ``count`` sorted values is the quantile, counted from 1: ceil(level count).

    Exact for the level as it is written: the double nearest to 0.07 times 100 exceeds 7, yet the
    rank is 7.
    """
    return max(1, math.ceil(Fraction(repr(float(level))) * count))


def quantile(ordered: Floats, level: float) -> float:
    """Return a nearest-rank quantile: the smallest value x with a share >= level of values <= x.

    Parameters
    ----------
    ordered : array of float, shape (n,)
        Sorted, n >= 1.
    level : float
        In (0, 1).

    Notes
    -----
    Type 1 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
    Statistician 50 (1996); numpy calls it ``inverted_cdf``. It is always a value that occurred.
    """
    return float(ordered[rank(level, ordered.size) - 1])


def pooled_quantile(runs: Sequence[Floats], level: float) -> float:
    """Return the nearest-rank quantile of all values of some runs, each of which is sorted.

    Notes
    -----
    It lies between the smallest and the largest of the runs' own quantiles, so only the values
    in between are looked at. For n = sum of n_r values: each run has at least n_r level values up
    to its quantile, so at least n level values lie up to the largest of these; and each has fewer
    than n_r level values below its quantile, so fewer than n level lie below the smallest.
    """
    own = [quantile(ordered, level) for ordered in runs]
    starts = [int(np.searchsorted(ordered, min(own), side="left")) for ordered in runs]
    stops = [int(np.searchsorted(ordered, max(own), side="right")) for ordered in runs]
    between = np.concatenate([x[i:j] for x, i, j in zip(runs, starts, stops, strict=True)])
    place = rank(level, sum(ordered.size for ordered in runs)) - 1 - sum(starts)
    return float(np.partition(between, place)[place])

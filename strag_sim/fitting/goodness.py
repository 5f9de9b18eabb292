"""How far a law is from measured values: the shares, the tail, and the slowest of sixteen."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.integral import of_quantiles
from strag_sim.statistics import quantile

Numbers = NDArray[np.float64]

# Of so many draws the mean of the slowest is compared: a request that waits for 16 workers.
TASKS = 16
# The last level below 1 that doubles tell from it.
_LAST = 1 - 2.0**-52


@dataclass(frozen=True)
class Goodness:
    """The distance and the errors of a law; an error of 0.1 means that it says 10 % too much.

    Parameters
    ----------
    ks : float
        The largest difference between the shares of values up to a time and the law's.
    p99, p999, slowest : float
        Relative errors of the quantiles and of the mean of the slowest of 16 draws. NaN where the
        values are too few to have the quantile: a hundred for p99, a thousand for p99.9.
    """

    ks: float
    p99: float
    p999: float
    slowest: float


def goodness(law: Distribution, values: Numbers) -> Goodness:
    """Return how far a law is from values, shape (n,), above 0."""
    ranked = np.sort(values)
    slowest = slowest_of(law) / slowest_measured(ranked) - 1
    return Goodness(ks(law, ranked), _error(law, ranked, 0.99), _error(law, ranked, 0.999), slowest)


def ks(law: Distribution, ranked: Numbers) -> float:
    """Return Kolmogorov and Smirnov's distance of a law to sorted values, exactly.

    Between two neighbouring values the measured share is constant and the law's rises, so that the
    largest difference is at a value or just before it.
    """
    times, counts = np.unique(ranked, return_counts=True)
    upto = np.cumsum(counts) / ranked.size
    before = np.concatenate([[0.0], upto[:-1]])
    at = np.abs(law.cdf(times) - upto)
    just_before = np.abs(law.cdf(np.nextafter(times, 0)) - before)
    return float(max(at.max(), just_before.max()))


def slowest_of(law: Distribution) -> float:
    """Return the mean of the slowest of 16 independent draws; infinity if the law has no mean.

    It is the integral of 16 Q(u) u^15 over u, with Q the quantiles; computed as 16 times the mean
    less the integral of Q(u) (1 - u^15), which hardly depends on the last levels below 1.
    """
    if not math.isfinite(law.mean):
        return math.inf

    def weight(rest: Numbers) -> Numbers:
        with np.errstate(divide="ignore"):
            return np.asarray(-np.expm1((TASKS - 1) * np.log1p(-rest)))

    return TASKS * (law.mean - of_quantiles(law, 0.0, _LAST, weight=weight, within=1e-9))


def slowest_measured(ranked: Numbers) -> float:
    """Return the mean of the slowest of 16 draws, with replacement, from sorted values; exactly."""
    levels = np.arange(ranked.size + 1) / ranked.size
    return float(np.diff(levels**TASKS) @ ranked)


def _error(law: Distribution, ranked: Numbers, level: float) -> float:
    """Return the relative error of a law's quantile, beside the nearest rank of sorted values."""
    if ranked.size * (1 - level) < 1 - 1e-9:
        return math.nan
    return float(law.quantile(level)) / quantile(ranked, level) - 1

"""How much measurements say: bounds of their quantiles, and how many independent ones they are."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.statistics import quantile

FAR = 40.0  # standard deviations from the mean: what lies beyond has no chance


def bounded_quantiles(
    samples: ArrayLike, levels: Iterable[float], confidence: float = 0.95
) -> dict[float, tuple[float, float]]:
    """Return each quantile that samples bound from above, and its upper bound.

    Parameters
    ----------
    samples : array_like of float, shape (n,)
        Finite, in any order. Taken as independent: where they are not, the bounds are too low, and
        ``effective_size`` says by how many measurements.
    levels : iterable of float
        In (0, 1).
    confidence : float
        How surely the law's quantile is at most its bound, whatever the law; in (0, 1).

    Returns
    -------
    dict
        Level -> (nearest-rank quantile, upper bound), in the unit of the samples. A level is left
        out where not even the largest of n samples bounds it, that is where n is below
        ln(1 - confidence) / ln(level): at 95 % p99 needs 299 samples, and p99.9 needs 2,995.

    Notes
    -----
    The bound is the r-th smallest sample, r the least with P(B <= r - 1) >= confidence for B
    binomial of n and the level: the number of samples below a quantile is such a B. Hahn and
    Meeker, "Statistical Intervals" (1991), section 5.2.3.
    """
    ordered = np.sort(np.asarray(samples, dtype=np.float64))
    found = {}
    for level in levels:
        place = _place_of_bound(ordered.size, level, confidence)
        if place < ordered.size:
            found[level] = (quantile(ordered, level), float(ordered[place]))
    return found


def effective_size(samples: ArrayLike) -> float:
    """Return how many independent measurements would say as much about the mean; at most n.

    Parameters
    ----------
    samples : array_like of float, shape (n,)
        In the order in which they were taken, evenly spaced.

    Returns
    -------
    float
        n / (1 + 2 sum of the autocorrelations of all lags). The sum goes over pairs of lags, from
        (0, 1) on, and ends before the first pair that is not above 0: beyond it there is only
        noise. Never above n, although what swings back says more. NaN where all samples are equal.

    Notes
    -----
    The initial positive sequence of Geyer, "Practical Markov Chain Monte Carlo", Statistical
    Science 7 (1992), which was made for reversible chains and errs on the side of fewer
    measurements. For an AR(1) series with autocorrelation r > 0 it tends to n (1 - r) / (1 + r).
    """
    series = np.asarray(samples, dtype=np.float64)
    n = series.size
    if n < 2 or np.ptp(series) == 0:
        return float("nan")
    correlations = _autocorrelations(series)
    pairs = correlations[: n // 2 * 2].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs <= 0)
    taken = pairs[: ends[0]] if ends.size else pairs
    return float(n / max(1.0, 2 * taken.sum() - 1))


def _place_of_bound(n: int, level: float, confidence: float) -> int:
    """Return the place, from 0, of the least of n sorted samples that is a bound; n for none.

    With m samples above it a bound fails if at most m of n lie above the quantile, which has the
    binomial chance looked up here. Summed by hand, as scipy is not where profilers are.
    """
    above = 1 - level
    middle, spread = n * above, FAR * math.sqrt(n * above * level)
    first, last = max(0, int(middle - spread)), min(n, math.ceil(middle + spread))
    counts = np.arange(first, last + 1)
    ways = math.lgamma(n + 1) - math.lgamma(first + 1) - math.lgamma(n - first + 1)
    start = ways + first * math.log(above) + (n - first) * math.log(level)
    ratios = (n - counts[:-1]) / counts[1:] * (above / level)
    chances = np.exp(start + np.concatenate([[0.0], np.cumsum(np.log(ratios))]))
    return n - first - int(np.count_nonzero(np.cumsum(chances) <= 1 - confidence))


def _autocorrelations(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the autocorrelation of each lag from 0 to n - 1, its sums divided by n."""
    deviations = series - series.mean()
    # Padded with zeros, so that the end does not meet the beginning.
    spectrum = np.fft.rfft(deviations, 2 * series.size)
    sums = np.fft.irfft(np.abs(spectrum) ** 2, 2 * series.size)[: series.size]
    correlations: NDArray[np.float64] = sums / sums[0]
    return correlations

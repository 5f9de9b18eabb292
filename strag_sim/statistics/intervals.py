"""Confidence intervals over runs, because the requests within a run depend on each other."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Interval:
    """A confidence interval, in the unit of what is estimated; NaN where there is none."""

    low: float
    high: float


def student(confidence: float, freedom: int) -> float:
    """Return t such that Student's t with these degrees of freedom lies within +-t that surely."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def section(pooled: float, values: ArrayLike, confidence: float) -> Interval:
    """Return the interval of an estimate from all runs, spread as the runs' own estimates are.

    Parameters
    ----------
    pooled : float
        The estimate from all runs together; the interval is centred on it.
    values : array_like of float, shape (b,)
        The same estimate from each run alone.
    confidence : float
        In (0, 1).

    Returns
    -------
    Interval
        NaN with a single run, and where any value is NaN.

    Notes
    -----
    Sectioning: pooled +- t sqrt(sum_i (x_i - pooled)^2 / (b (b - 1))), with t of b - 1 degrees of
    freedom. The centre has the small bias of all requests taken together; the mean of the runs'
    quantiles would keep the bias of a single run, which more runs do not cure. For a mean over
    runs of equal length it is the usual t interval. Asmussen and Glynn, "Stochastic Simulation"
    (2007), section III.5a; Nakayama, "Confidence Intervals for Quantiles Using Sectioning When
    Applying Variance-Reduction Techniques", ACM TOMACS 24 (2014).
    """
    spread = np.asarray(values, dtype=np.float64) - pooled
    if spread.size < 2:
        return Interval(math.nan, math.nan)
    error = math.sqrt(float(spread @ spread) / (spread.size * (spread.size - 1)))
    half = student(confidence, spread.size - 1) * error
    return Interval(pooled - half, pooled + half)

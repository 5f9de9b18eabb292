"""Laws as survival functions, and the two numbers taken from them: a mean and a quantile.

A survival function gives P(X > t) for an array of times t in seconds and is 1 before 0.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Survival = Callable[[FloatArray], FloatArray]
Quantile = Callable[[FloatArray], FloatArray]

STEPS = 100_000  # of the trapezoid rule over a bounded law: errors of 1e-8 of the range
LEVELS = 1_000_001  # at which a quantile function is read to be inverted


def exponential(mean: float) -> Survival:
    """Return the survival function exp(-t / mean) of an exponential law; mean in seconds."""

    def survival(times: FloatArray) -> FloatArray:
        return np.asarray(np.exp(-np.maximum(times, 0.0) / mean))

    return survival


def from_quantile(quantile: Quantile) -> Survival:
    """Return the survival function of a law that is given by its quantile function.

    The quantiles at equally spaced levels are inverted by linear interpolation, so that
    probabilities below 1e-6 are not resolved. The law must be bounded or is taken as ending
    at its last finite quantile read.
    """
    levels = np.linspace(0.0, 1.0, LEVELS)
    values = np.asarray(quantile(levels))
    if not np.isfinite(values[-1]):
        levels, values = levels[:-1], values[:-1]

    def survival(times: FloatArray) -> FloatArray:
        return np.asarray(1.0 - np.interp(times, values, levels, left=0.0, right=1.0))

    return survival


def later(survival: Survival, delay: float) -> Survival:
    """Return the survival function of X + delay; delay in seconds."""
    return lambda times: survival(np.asarray(times) - delay)


def mean(survival: Survival, *, upper: float = math.inf, lower: float = 0.0) -> float:
    """Return the integral of P(X > t) from ``lower`` to ``upper``, in seconds.

    From 0 it is the mean of X (of min(X, upper), where ``upper`` is below the largest X); from
    d it is E[(X - d)+]. Without ``upper`` the survival function must be smooth.
    """
    if math.isinf(upper):
        from scipy.integrate import quad

        value = quad(lambda t: float(survival(np.array(t))), lower, math.inf, limit=500)[0]
        return float(value)
    times = np.linspace(lower, upper, STEPS + 1)
    return float(np.trapezoid(survival(times), times))


def quantile(survival: Survival, level: float) -> float:
    """Return the time t at which P(X > t) = 1 - level, in seconds; the law has no atoms."""
    from scipy.optimize import brentq

    def excess(time: float) -> float:
        return float(survival(np.array(time))) - (1.0 - level)

    upper = 1.0
    while excess(upper) > 0:
        upper *= 2.0
    return float(brentq(excess, 0.0, upper, xtol=1e-14, rtol=1e-13))


def as_array(values: ArrayLike) -> FloatArray:
    """Return the values as an array of floats."""
    return np.asarray(values, dtype=np.float64)

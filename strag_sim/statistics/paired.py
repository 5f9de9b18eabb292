"""Two policies on the same runs: ratio, difference, whether they can be told apart, and Holm."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from strag_sim.statistics.estimates import Quantity
from strag_sim.statistics.intervals import Interval, section
from strag_sim.tables import Floats

Method = Literal["student", "sectioning", "bootstrap"]
METHODS: tuple[Method, ...] = ("student", "sectioning", "bootstrap")
RESAMPLES = 9999
POWER = 0.8
# Runs of exact policies may differ by the rounding of sums; nothing measured is as exact.
ROUNDING = 1e-12
_NONE = Interval(math.nan, math.nan)


@dataclass(frozen=True)
class Shift:
    """By how much paired runs differ.

    Parameters
    ----------
    centre : float
        The estimate of the difference.
    interval : Interval
        NaN with a single run.
    p : float
        Of the two-sided test of no difference; NaN with a single run. 0 or 1 where the difference
        is the same in every run.
    effect : float
        The size of the difference in standard deviations of a single run; infinite where every
        run has the same difference, 0 where that is none.
    same : bool
        Whether there is no difference in any run, but for rounding.
    """

    centre: float
    interval: Interval
    p: float
    effect: float
    same: bool = False


@dataclass(frozen=True)
class Paired:
    """A quantity of a policy against the same of a baseline, over the same runs.

    ``ratio`` and its interval are NaN where a value is not above 0, everything where one is NaN.
    ``p``, ``effect`` and ``same`` are of the ratio where there is one, else of the difference.
    """

    ratio: float
    ratio_interval: Interval
    difference: float
    difference_interval: Interval
    p: float
    effect: float
    same: bool


def paired(
    value: Quantity,
    base: Quantity,
    confidence: float,
    method: Method = "student",
    rng: np.random.Generator | None = None,
) -> Paired:
    """Return ratio and difference of a quantity of two policies whose runs share random numbers.

    Parameters
    ----------
    value, base : Quantity
        Of the policy and of the baseline; ``values`` of shape (b,), run by run in the same order.
    confidence : float
        In (0, 1).
    method : "student", "sectioning" or "bootstrap"
        See below.
    rng : Generator or None
        What bootstrap resamples with, and only that.

    Notes
    -----
    Let d_i be log(x_i / y_i) of run i for the ratio, x_i - y_i for the difference.

    student : mean(d) +- t s / sqrt(b), with s the standard deviation of d and Student's t of b - 1
        degrees of freedom: the paired t interval (Law, "Simulation Modeling and Analysis", 5th ed.
        2015, section 10.2.1).
    sectioning : the same about d of the estimates from all runs together, with the spread about
        that; see `strag_sim.statistics.section`.
    bootstrap : mean(d), with the BCa interval of resampled runs (Efron, "Better Bootstrap
        Confidence Intervals", Journal of the American Statistical Association 82, 1987); p is one
        less the confidence at which the interval just reaches no difference.

    The interval of the ratio is exp of that of its logarithm, on which scale a gain and a loss are
    alike, and spreads of policies that are far apart compare.
    """
    x, y = value.values, base.values
    scale = float(np.abs([x, y]).max())
    both = Quantity(float(value.pooled - base.pooled), x - y)
    apart = _shift(both, ROUNDING * scale, confidence, method, rng)
    if not (min(value.pooled, base.pooled) > 0 and (x > 0).all() and (y > 0).all()):
        found = (apart.centre, apart.interval, apart.p, apart.effect, apart.same)
        return Paired(math.nan, _NONE, *found)
    logs = Quantity(math.log(value.pooled / base.pooled), np.log(x / y))
    log = _shift(logs, ROUNDING, confidence, method, rng)
    with np.errstate(over="ignore"):  # two runs at a high confidence: any ratio whatever
        ratio, low, high = np.exp([log.centre, log.interval.low, log.interval.high]).tolist()
    of_difference = (apart.centre, apart.interval)
    return Paired(ratio, Interval(low, high), *of_difference, log.p, log.effect, log.same)


def holm(p: ArrayLike) -> Floats:
    """Return p-values corrected for their number; NaN is no test and stays NaN.

    In rising order the i-th of m becomes m + 1 - i times itself, at most 1, and no less than the
    one before it. Verdicts of corrected values below alpha are then all right with a probability
    of at least 1 - alpha, however the tests depend on each other.

    Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
    Statistics 6 (1979).
    """
    values = np.asarray(p, dtype=np.float64)
    found = np.full(values.shape, np.nan)
    order = np.argsort(values, kind="stable")[: np.count_nonzero(~np.isnan(values))]
    left = np.arange(order.size, 0, -1)
    found[order] = np.maximum.accumulate(np.minimum(left * values[order], 1.0))
    return found


def runs_to_tell(effect: float, level: float) -> int:
    """Return how many runs a paired t test of this level needs for a power of about 80 %.

    Parameters
    ----------
    effect : float
        Above 0: the true difference in standard deviations of a single run.
    level : float
        In (0, 1): the probability of an error of the first kind, two-sided.

    Notes
    -----
    ((z_(1 - level/2) + z_0.8) / effect)^2 + z_(1 - level/2)^2 / 2, rounded up: the number for a
    known deviation, and Guenther's correction for one that is estimated (Guenther, "Sample Size
    Formulas for Normal Theory T Tests", The American Statistician 35, 1981).
    """
    from scipy.special import ndtri

    z = float(ndtri(1 - level / 2))
    return math.ceil(((z + float(ndtri(POWER))) / effect) ** 2 + z * z / 2)


def _shift(
    of: Quantity,
    rounding: float,
    confidence: float,
    method: Method,
    rng: np.random.Generator | None,
) -> Shift:
    """Return the estimate of a difference; a spread up to ``rounding`` is none."""
    runs = of.values.size
    centre = of.pooled if method == "sectioning" else float(of.values.mean())
    if runs < 2 or math.isnan(centre):
        return Shift(centre, _NONE, math.nan, math.nan)
    away = of.values - centre
    spread = math.sqrt(float(away @ away) / (runs - 1))
    if spread <= rounding:
        same = abs(centre) <= rounding
        effect = 0.0 if same else math.inf
        return Shift(centre, Interval(centre, centre), float(same), effect, same)
    effect = abs(centre) / spread
    if method == "bootstrap":
        if rng is None:
            raise ValueError("bootstrap resamples with a generator: hand one in")
        return Shift(centre, *_bootstrap(of.values, confidence, rng), effect)
    interval = section(centre, of.values, confidence)
    return Shift(centre, interval, _student_p(effect * math.sqrt(runs), runs - 1), effect)


def _student_p(t: float, freedom: int) -> float:
    """Return the probability that Student's t is at least as far from 0."""
    from scipy.special import stdtr

    return 2 * float(stdtr(freedom, -abs(t)))


def _bootstrap(
    values: Floats, confidence: float, rng: np.random.Generator
) -> tuple[Interval, float]:
    """Return the BCa interval of the mean, and p of a mean of 0."""
    from scipy.stats import bootstrap

    drawn = bootstrap((values,), np.mean, n_resamples=RESAMPLES, rng=rng, method="BCa")

    def interval(sure: float) -> Interval:
        again = bootstrap(
            (values,),
            np.mean,
            n_resamples=0,
            bootstrap_result=drawn,
            confidence_level=sure,
            method="BCa",
        )
        return Interval(*(float(end) for end in again.confidence_interval))

    return interval(confidence), _reaching(interval)


def _reaching(interval: Callable[[float], Interval]) -> float:
    """Return one less the confidence at which an interval just reaches 0, by bisection."""
    low, high = 1 / (RESAMPLES + 1), 1.0
    while high - low > low / 100:
        p = (low + high) / 2
        reached = interval(1 - p)
        low, high = (p, high) if reached.low <= 0 <= reached.high else (low, p)
    return high

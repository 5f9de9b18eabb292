"""The families of laws that are fitted: one function a family, from measured values to a law.

Each takes values of shape (n,), finite and above 0, and returns the law of greatest likelihood; a
ValueError says in words why there is none. Nothing is drawn: the same values, the same law.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.composed import Mixture, Part, Shifted
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.gamma import Gamma
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.distributions.pareto import Pareto
from strag_sim.distributions.weibull import Weibull
from strag_sim.fitting.normals import two_normals
from strag_sim.fitting.tail import table_with_tail

Numbers = NDArray[np.float64]

# How near the shift may come to the least value, as a share of what lies between that and the
# median; and at how many gaps, evenly on a log scale, the likelihood is looked at first.
_NEAREST, _GAPS = 1e-6, 60


@dataclass(frozen=True)
class Family:
    """A family of laws: ``fit`` gives that of greatest likelihood; ``parameters`` are its number.

    ``parametric`` is false of a table, which has as many parameters as knots.
    """

    fit: Callable[[Numbers], Distribution]
    parameters: int
    parametric: bool = True


def lognormal(values: Numbers) -> Lognormal:
    """Return the lognormal law with the mean and variance of the logarithms."""
    logs = np.log(values)
    return _lognormal(float(logs.mean()), float(logs.std()))


def shifted_lognormal(values: Numbers) -> Shifted:
    """Return the shifted lognormal law of the greatest profile likelihood over shifts from 0.

    As the shift nears the least value the likelihood grows without bound, around that single
    value (Hill, JASA 58, 1963); what is wanted is the greatest likelihood before that. So the
    shift stays half a step of the recorded values below the least, and a millionth of the way to
    the median.
    """
    from scipy.optimize import minimize_scalar

    least, steps = float(values.min()), np.diff(np.unique(values))
    if not steps.size:
        raise ValueError("all values are equal")
    nearest = max(_NEAREST * (float(np.median(values)) - least), float(steps.min()) / 2)

    def loss(log_gap: float) -> float:
        logs = np.log(values - (least - math.exp(log_gap)))
        return float(np.log(logs.std()) + logs.mean())

    gaps = np.linspace(math.log(min(nearest, least)), math.log(least), _GAPS)
    best = int(np.argmin([loss(gap) for gap in gaps]))
    around = (gaps[max(best - 1, 0)], gaps[min(best + 1, _GAPS - 1)])
    found = minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-9})
    gap = float(found.x) if found.fun < loss(gaps[best]) else float(gaps[best])
    shift = max(0.0, least - math.exp(gap))
    return Shifted(shift=shift, of=lognormal(values - shift))


def weibull(values: Numbers) -> Weibull:
    """Return the Weibull law whose shape solves the likelihood's equation, by Brent's method."""
    from scipy.optimize import brentq

    logs = np.log(values)
    if not np.ptp(logs):
        raise ValueError("all values are equal")
    logs = logs - logs.max()

    def slope(shape: float) -> float:
        powers = np.exp(shape * logs)
        return float(powers @ logs / powers.sum() - 1 / shape - logs.mean())

    # The standard deviation of logarithms is pi / sqrt(6) over the shape.
    guess = math.pi / math.sqrt(6) / float(logs.std())
    shape = float(brentq(slope, guess / 1000, guess * 1000, xtol=1e-12 * guess))
    scale = float(values.max()) * float(np.mean(np.exp(shape * logs))) ** (1 / shape)
    return Weibull(mean=scale * math.gamma(1 + 1 / shape), cv=_weibull_cv(shape))


def gamma(values: Numbers) -> Gamma:
    """Return the gamma law: the mean of the values, and the shape k with log k - digamma(k) given.

    What is given is the logarithm of the mean less the mean logarithm; by Brent's method.
    """
    from scipy.optimize import brentq
    from scipy.special import digamma

    mean = float(values.mean())
    wanted = math.log(mean) - float(np.log(values).mean())
    if wanted < 1e-12:
        raise ValueError("all values are equal")

    def excess(log_shape: float) -> float:
        return log_shape - float(digamma(math.exp(log_shape))) - wanted

    # log k - digamma(k) lies between 1 / 2k and 1 / k.
    low, high = math.log(0.4 / wanted), math.log(1.1 / wanted)
    log_shape = float(brentq(excess, low, high, xtol=1e-12))
    return Gamma(mean=mean, cv=math.exp(-log_shape / 2))


def shifted_exponential(values: Numbers) -> Shifted:
    """Return the shifted exponential law: the shift is the least value, the mean that of the rest.

    It is the model of most papers on coded computing.
    """
    least = float(values.min())
    rest = float(values.mean()) - least
    if not rest > 0:
        raise ValueError("all values are equal")
    return Shifted(shift=least, of=Exponential(mean=rest))


def pareto(values: Numbers) -> Pareto:
    """Return the Pareto law: the minimum is the least value, the shape Hill's over all values."""
    least = float(values.min())
    mean_log = float(np.log(values / least).mean())
    if not mean_log > 0:
        raise ValueError("all values are equal")
    return Pareto(minimum=least, shape=1 / mean_log)


def mixture(values: Numbers) -> Mixture:
    """Return the mixture of two lognormal laws that ``two_normals`` finds in the logarithms."""
    found = two_normals(np.log(values))
    parts = zip(found.weights, found.means, found.spreads, strict=True)
    return Mixture(parts=tuple(Part(weight=w, of=_lognormal(m, s)) for w, m, s in parts))


FAMILIES: dict[str, Family] = {
    "lognormal": Family(lognormal, 2),
    "shifted-lognormal": Family(shifted_lognormal, 3),
    "weibull": Family(weibull, 2),
    "gamma": Family(gamma, 2),
    "shifted-exponential": Family(shifted_exponential, 2),
    "pareto": Family(pareto, 2),
    "mixture": Family(mixture, 5),
    "table-tail": Family(table_with_tail, 0, parametric=False),
}


def _lognormal(centre: float, spread: float) -> Lognormal:
    """Return the lognormal law whose logarithm has this mean and standard deviation."""
    if spread < 1e-9:  # which is rounding
        raise ValueError("all values are equal")
    if spread > 3:  # a cv near 100, which is the largest that laws take
        raise ValueError("values spread over too many orders of magnitude")
    return Lognormal(mean=math.exp(centre + spread**2 / 2), cv=math.sqrt(math.expm1(spread**2)))


def _weibull_cv(shape: float) -> float:
    """Return the coefficient of variation of a Weibull law of this shape."""
    return math.sqrt(math.expm1(math.lgamma(1 + 2 / shape) - 2 * math.lgamma(1 + 1 / shape)))

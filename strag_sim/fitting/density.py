"""Log densities of the laws that are fitted: what their likelihoods and AICs are made of."""

import math
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.composed import Mixture, Shifted
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.gamma import Gamma
from strag_sim.distributions.lognormal import Lognormal
from strag_sim.distributions.pareto import Pareto
from strag_sim.distributions.weibull import Weibull

Numbers = NDArray[np.float64]


def log_likelihood(law: Distribution, values: Numbers) -> float:
    """Return the sum of the log densities of values, shape (n,); minus infinity if one has none."""
    return float(np.sum(log_density(law, values)))


@singledispatch
def log_density(law: Distribution, values: Numbers) -> Numbers:
    """Return the log density of a law at values above 0, shape (n,); minus infinity outside it."""
    raise TypeError(f"law: {type(law).__name__} has no density here")


@log_density.register
def _(law: Exponential, values: Numbers) -> Numbers:
    return np.where(values >= 0, -values / law.mean - math.log(law.mean), -np.inf)


@log_density.register
def _(law: Lognormal, values: Numbers) -> Numbers:
    variance = math.log1p(law.cv**2)
    logs = _logs(values)
    gap = logs - (math.log(law.mean) - variance / 2)
    return -0.5 * (gap**2 / variance + math.log(2 * math.pi * variance)) - np.where(
        values > 0, logs, 0.0
    )


@log_density.register
def _(law: Weibull, values: Numbers) -> Numbers:
    shape, scale = 1 / law.power, law.scale
    logs = _logs(values / scale)
    density = math.log(shape / scale) + (shape - 1) * logs - np.exp(shape * logs)
    return np.where(values > 0, density, -np.inf)


@log_density.register
def _(law: Gamma, values: Numbers) -> Numbers:
    shape, scale = law.shape_and_scale()
    logs = _logs(values / scale)
    density = (shape - 1) * logs - values / scale - math.lgamma(shape) - math.log(scale)
    return np.where(values > 0, density, -np.inf)


@log_density.register
def _(law: Pareto, values: Numbers) -> Numbers:
    inside = values >= law.minimum
    logs = _logs(np.where(inside, values, law.minimum) / law.minimum)
    return np.where(inside, math.log(law.shape / law.minimum) - (law.shape + 1) * logs, -np.inf)


@log_density.register
def _(law: Shifted, values: Numbers) -> Numbers:
    return log_density(law.of, values - law.shift)


@log_density.register
def _(law: Mixture, values: Numbers) -> Numbers:
    parts = [math.log(p.weight) + log_density(p.of, values) for p in law.parts if p.weight > 0]
    return np.asarray(np.logaddexp.reduce(parts, axis=0))


def _logs(values: Numbers) -> Numbers:
    """Return logarithms; minus infinity of 0 and below."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.maximum(values, 0.0)))

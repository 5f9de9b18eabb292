"""The generalised Pareto law: its special cases, its end, and draws from its tail."""

import math

import numpy as np
import pytest
from scipy import stats

from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.generalised_pareto import GeneralisedPareto
from strag_sim.distributions.pareto import Pareto
from strag_sim.distributions.uniform import Uniform

LEVELS = np.linspace(0, 0.9999, 201)


@pytest.mark.parametrize("shape", [-1.0, -0.3, 1e-9, 0.2, 0.9, 3.0])
def test_agrees_with_scipy(shape: float) -> None:
    """Quantiles and shares are those of scipy's genpareto."""
    law, known = GeneralisedPareto(scale=0.2, shape=shape), stats.genpareto(shape, scale=0.2)

    assert law.quantile(LEVELS) == pytest.approx(known.ppf(LEVELS), rel=1e-6)
    times = np.linspace(0, 2, 101)
    assert law.cdf(times) == pytest.approx(known.cdf(times), abs=1e-9)


@pytest.mark.parametrize("shape", [0, 1e-13, -1e-13, 1e-9, 1e-320])
def test_near_zero_it_is_exponential(shape: float) -> None:
    """With no loss of digits on the way there."""
    law, limit = GeneralisedPareto(scale=0.2, shape=shape), Exponential(mean=0.2)

    assert law.quantile(LEVELS) == pytest.approx(limit.quantile(LEVELS), rel=1e-7)
    assert law.cdf(LEVELS) == pytest.approx(limit.cdf(LEVELS), rel=1e-7)
    assert law.mean == pytest.approx(0.2)


def test_shape_of_minus_one_is_uniform() -> None:
    """From 0 to the scale."""
    law, uniform = GeneralisedPareto(scale=2, shape=-1), Uniform(low=0, high=2)

    assert law.quantile(LEVELS) == pytest.approx(uniform.quantile(LEVELS))
    assert law.mean == 1


def test_above_zero_it_is_a_pareto_that_begins_at_zero() -> None:
    """Shape 1 / xi and minimum scale / xi, moved left by the minimum."""
    law, pareto = GeneralisedPareto(scale=0.5, shape=0.25), Pareto(minimum=2, shape=4)

    assert law.quantile(LEVELS) + 2 == pytest.approx(pareto.quantile(LEVELS))
    assert law.mean + 2 == pytest.approx(pareto.mean)


def test_ends() -> None:
    """Below 0 the law ends at scale / -shape; else at infinity, from shape 1 with its mean."""
    assert GeneralisedPareto(scale=1, shape=-0.25).quantile(1) == 4
    assert GeneralisedPareto(scale=1, shape=-0.25).cdf([3.999, 4, 5])[1:].tolist() == [1, 1]
    assert GeneralisedPareto(scale=1, shape=0).quantile(1) == math.inf
    assert GeneralisedPareto(scale=1, shape=1).mean == math.inf


def test_excesses_over_a_threshold_have_the_same_shape() -> None:
    """What makes it the law of tails: X - u given X > u has scale + shape u and the same shape."""
    law = GeneralisedPareto(scale=1, shape=0.3)
    draws = law.sample(np.random.default_rng(8), 400_000)

    excesses = draws[draws > 2] - 2

    wanted = GeneralisedPareto(scale=1 + 0.3 * 2, shape=0.3)
    for level in (0.5, 0.9, 0.99):
        above = np.count_nonzero(excesses > wanted.quantile(level))
        spread = math.sqrt(len(excesses) * level * (1 - level))
        assert abs(above - (1 - level) * len(excesses)) <= 4 * spread


def test_heaviest_samples_are_finite() -> None:
    """The largest shape allowed stays within doubles."""
    sizes = GeneralisedPareto(scale=1, shape=10).sample(np.random.default_rng(1), 100_000)

    assert np.isfinite(sizes).all()
    assert (sizes > 0).all()

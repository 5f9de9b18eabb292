"""Any k of n against second computations."""

from itertools import product

import numpy as np
import pytest
from scipy.special import comb

from strag_sim.theory import laws, order_statistics


def exponential_quantile(level):
    """Return the quantile of the exponential law of mean 1."""
    return -np.log1p(-level)


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 4), (6, 8), (8, 8)])
def test_the_survival_function_is_binomial(k, n):
    """X_(k) > t means that fewer than k of n are done by t."""
    times = np.array([0.1, 0.7, 2.0, 5.0])
    done = 1 - np.exp(-times)
    fewer = sum(comb(n, j) * done**j * (1 - done) ** (n - j) for j in range(k))

    survival = order_statistics.survival(laws.exponential(1.0), k, n)

    assert survival(times) == pytest.approx(fewer)


@pytest.mark.parametrize(("k", "n"), [(1, 4), (6, 8), (8, 8)])
def test_mean_and_quantile_agree_with_the_survival_function(k, n):
    """The harmonic mean is the integral; the quantile is the inverse."""
    survival = order_statistics.survival(laws.exponential(1.0), k, n)

    assert laws.mean(survival) == pytest.approx(order_statistics.exponential_mean(1.0, k, n))
    time = order_statistics.quantile(0.99, exponential_quantile, k, n)
    assert survival(np.array(time)) == pytest.approx(0.01)


def test_the_cost_of_stopped_exponential_tasks_is_k_sizes():
    """Without memory a stopped task has cost nothing for nothing."""
    cost = order_statistics.cost(laws.exponential(2.0), 3, 5, upper=120.0)

    assert cost == pytest.approx(3 * 2.0, rel=1e-5)


def test_a_law_given_by_its_quantiles():
    """The inverse of the quantile function of a uniform law on [1, 3]."""
    survival = laws.from_quantile(lambda level: 1 + 2 * level)

    assert survival(np.array([0.5, 1.0, 2.0, 3.0, 4.0])) == pytest.approx([1, 1, 0.5, 0, 0])


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 4), (3, 4), (4, 4), (6, 8)])
def test_means_in_closed_form_are_integrals(k, n):
    """Uniform and Pareto means against the integral of the survival function of X_(k:n)."""
    uniform = order_statistics.survival(lambda t: 1.5 - np.clip(t, 0.5, 1.5), k, n)
    pareto = order_statistics.survival(lambda t: np.maximum(t / 0.6, 1.0) ** -2.5, k, n)
    # Beyond u the integrand of the last of n is below n (u / 0.6)^-2.5: less than 1e-4 remains.
    upper = 1500.0
    steps = np.concatenate(([0.0], np.geomspace(0.6, upper, 200_001)))

    assert order_statistics.uniform_mean(0.5, 1.5, k, n) == pytest.approx(
        laws.mean(uniform, upper=1.5)
    )
    assert order_statistics.pareto_mean(0.6, 2.5, k, n) == pytest.approx(
        np.trapezoid(pareto(steps), steps), abs=1e-4
    )


def test_a_pareto_mean_may_be_infinite():
    """The last of n has the tail of one, the first of n a tail n times as steep."""
    assert order_statistics.pareto_mean(1.0, 0.5, 1, 2) == np.inf
    assert order_statistics.pareto_mean(1.0, 0.5, 1, 4) == pytest.approx(2.0)


@pytest.mark.parametrize(("k", "n"), [(1, 2), (2, 2), (2, 3), (3, 3)])
def test_empirical_means_by_all_outcomes(k, n):
    """Every way to draw n of four values with replacement."""
    values = (0.1, 0.4, 0.4, 2.0)
    outcomes = [sorted(drawn)[k - 1] for drawn in product(values, repeat=n)]

    assert order_statistics.empirical_mean(values, k, n) == pytest.approx(np.mean(outcomes))

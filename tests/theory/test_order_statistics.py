"""Any k of n against second computations."""

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

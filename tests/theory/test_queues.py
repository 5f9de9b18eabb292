"""The closed forms of queues against second computations."""

import numpy as np
import pytest
from scipy.integrate import quad

from strag_sim.theory import laws, queues


def test_one_slot_is_the_simplest_queue():
    """M/M/c with c = 1 is M/M/1, in its mean and its quantiles."""
    assert queues.mmc_mean(0.7, 1.0, 1) == pytest.approx(queues.mm1_mean(0.7, 1.0))
    assert queues.mmc_quantile(0.99, 0.7, 1.0, 1) == pytest.approx(
        queues.mm1_quantile(0.99, 0.7, 1.0)
    )


def test_erlang_c_of_two_slots():
    """With two slots C = 2 rho^2 / (1 + rho): 1/3 at a load of one half."""
    assert queues.erlang_c(1.0, 1.0, 2) == pytest.approx(1 / 3)


def test_erlang_c_from_the_stationary_law():
    """C is the sum of the stationary probabilities of c and more requests."""
    rate, slots = 3.2, 4
    weights = [1.0]
    for n in range(1, 2000):
        weights.append(weights[-1] * rate / min(n, slots))
    law = np.array(weights) / sum(weights)

    assert queues.erlang_c(rate, 1.0, slots) == pytest.approx(law[slots:].sum())
    assert queues.mmc_mean(rate, 1.0, slots) == pytest.approx((law * np.arange(2000)).sum() / rate)


@pytest.mark.parametrize(("rate", "slots"), [(3.2, 4), (1.0, 2), (3.0, 4)])
def test_the_survival_function_has_the_mean(rate, slots):
    """Also where the rate of leaving the queue equals that of service (theta = mu at 3 of 4)."""
    survival = queues.mmc_survival(rate, 1.0, slots)

    assert laws.mean(survival) == pytest.approx(queues.mmc_mean(rate, 1.0, slots))
    assert survival(np.array(0.0)) == pytest.approx(1.0)


def test_pollaczek_khinchine_of_exponential_sizes():
    """E[S^2] = 2 E[S]^2 gives M/M/1; a constant size half of its waiting."""
    assert queues.mg1_mean(0.7, 1.0, 2.0) == pytest.approx(queues.mm1_mean(0.7, 1.0))
    waiting = queues.mm1_mean(0.7, 1.0) - 1
    assert queues.md1_mean(0.7, 1.0) - 1 == pytest.approx(waiting / 2)


def test_round_robin_of_one_worker_is_the_simplest_queue():
    """E_1/M/1 is M/M/1."""
    assert queues.round_robin_mean(0.7, 1.0, 1) == pytest.approx(queues.mm1_mean(0.7, 1.0))


def test_round_robin_of_two_solves_its_quadratic():
    """For n = 2 the root comes from sigma (rate + mu (1 - sigma))^2 = rate^2, a cubic with root 1.

    Divided by sigma - 1: sigma^2 - (1 + 2 r) sigma + r^2 = 0 with r = rate / mu.
    """
    rate = 1.6
    roots = np.roots([1.0, -(1 + 2 * rate), rate**2])

    assert queues.round_robin_root(rate, 1.0, 2) == pytest.approx(min(roots))


def test_round_robin_of_many_workers_is_periodic():
    """E_n/M/1 tends to D/M/1, where sigma = exp(-(1 - sigma) / rho)."""
    sigma = queues.round_robin_root(800.0, 1.0, 1000)

    assert sigma == pytest.approx(np.exp(-(1 - sigma) / 0.8), rel=2e-3)


def test_an_overloaded_queue_is_refused():
    """There is no stationary mean at a load of 1."""
    with pytest.raises(ValueError, match="the load is 1.0"):
        queues.mm1_mean(1.0, 1.0)


def test_the_mean_of_a_survival_function_is_its_integral():
    """Both ways of integration agree with scipy."""
    law = laws.exponential(2.0)

    assert laws.mean(law) == pytest.approx(2.0)
    assert laws.mean(law, upper=80.0) == pytest.approx(2.0, abs=1e-6)
    assert laws.mean(law, lower=1.0) == pytest.approx(quad(lambda t: np.exp(-t / 2), 1, np.inf)[0])

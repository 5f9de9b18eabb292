"""The closed forms of arrivals against second computations."""

import numpy as np
import pytest
from scipy.integrate import simpson
from scipy.linalg import expm

from strag_sim.theory import arrivals, queues


def test_gaps_of_cv_one_are_those_of_the_simplest_queue():
    """Exponential gaps make M/M/1, by either transform."""
    for gaps in (arrivals.gamma_gaps(0.7, 1.0), arrivals.weibull_gaps(0.7, 1.0)):
        assert gaps(2.0) == pytest.approx(0.7 / 2.7)
        assert arrivals.gim1_mean(gaps, 1.0) == pytest.approx(queues.mm1_mean(0.7, 1.0))


def test_erlang_gaps_are_those_of_round_robin():
    """cv 1/2 are the gaps that one of four workers sees in turn."""
    mean = arrivals.gim1_mean(arrivals.gamma_gaps(0.8, 0.5), 1.0)

    assert mean == pytest.approx(queues.round_robin_mean(3.2, 1.0, 4))


@pytest.mark.parametrize("shape", [0.4, 0.7, 2.0])
def test_the_transform_of_weibull_gaps(shape):
    """Against a mean over evenly spaced quantiles."""
    levels = (np.arange(1_000_000) + 0.5) / 1_000_000
    gaps = (-np.log1p(-levels)) ** (1 / shape)
    gaps /= gaps.mean() * 0.7

    made = arrivals.weibull_gaps(0.7, shape)(0.3)

    assert made == pytest.approx(np.exp(-0.3 * gaps).mean(), rel=1e-3)


def test_batches_of_exponential_sizes():
    """M^[b]/M/1 has the mean E[S] (b + 1) / (2 (1 - rho)); a batch of one is M/G/1."""
    assert arrivals.batch_mg1_mean(0.2, 3, 1.0, 2.0) == pytest.approx(4 / (2 * 0.4))
    assert arrivals.batch_mg1_mean(0.7, 1, 1.0, 1.2) == pytest.approx(queues.mg1_mean(0.7, 1, 1.2))


def test_batches_from_the_stationary_law():
    """M^[3]/M/1 as a Markov chain, cut where nothing is left."""
    rate, batch, size = 0.2, 3, 400
    chain = np.zeros((size, size))
    for n in range(size):
        chain[n, min(n + batch, size - 1)] += rate
        chain[n, max(n - 1, 0)] += 1.0 if n else 0.0
    chain -= np.diag(chain.sum(axis=1))
    law = np.linalg.lstsq(
        np.vstack([chain.T, np.ones(size)]), np.append(np.zeros(size), 1), rcond=None
    )[0]

    mean = law @ np.arange(size) / (rate * batch)
    assert arrivals.batch_mg1_mean(rate, batch, 1.0, 2.0) == pytest.approx(mean)


@pytest.mark.parametrize(
    ("rates", "dwells"),
    [((1.5, 0.2), (2.0, 5.0)), ((0.0, 2.0), (9.0, 3.0)), ((0.1, 0.9, 0.4), (1.0, 3.0, 2.0))],
)
def test_mmpp_m1_from_the_stationary_law(rates, dwells):
    """The same chain with at most 600 requests, solved as it is."""
    states, most = len(rates), 600
    chain = np.zeros((most * states, most * states))
    for n in range(most):
        for i in range(states):
            here = n * states + i
            chain[here, n * states + (i + 1) % states] += 1 / dwells[i]
            if n + 1 < most:
                chain[here, here + states] += rates[i]
            if n:
                chain[here, here - states] += 1.0
    chain -= np.diag(chain.sum(axis=1))
    chain[:, -1] = 1.0  # in place of an equation that follows from the others
    law = np.linalg.solve(chain.T, np.eye(most * states)[-1])

    inside = law @ np.repeat(np.arange(most), states)
    mean_rate = np.dot(rates, dwells) / sum(dwells)
    assert arrivals.mmpp_m1_mean(rates, dwells, 1.0) == pytest.approx(inside / mean_rate, rel=1e-6)


def test_an_mmpp_of_equal_states_is_poisson():
    """Also of one state: M/M/1, dispersion and variation 1."""
    assert arrivals.mmpp_m1_mean([0.7], [3.0], 1.0) == pytest.approx(queues.mm1_mean(0.7, 1.0))
    assert arrivals.mmpp_m1_mean([0.7, 0.7], [3.0, 1.0], 1.0) == pytest.approx(1 / 0.3)
    assert arrivals.two_state_dispersion((0.7, 0.7), (3.0, 1.0), 5.0) == 1
    assert arrivals.two_state_variation((0.7, 0.7), (3.0, 1.0)) == 1


def test_dispersion_and_variation_of_two_states():
    """From the generator: var N(t) by integration, the gaps' moments by inverses."""
    rates, dwells = (4.0, 0.5), (2.0, 3.0)
    change = np.array([[-1 / 2.0, 1 / 2.0], [1 / 3.0, -1 / 3.0]])
    law, up = np.array([2.0, 3.0]) / 5, np.diag(rates)
    mean = law @ rates
    steps = np.linspace(0, 6, 61)
    products = [law @ up @ expm(change * u) @ rates - mean**2 for u in steps]
    variance = mean * 6 + 2 * simpson((6 - steps) * products, x=steps)

    after = law @ up / mean  # the state as an arrival leaves it
    inverse = np.linalg.inv(up - change)
    first, second = after @ inverse @ [1, 1], 2 * after @ inverse @ inverse @ [1, 1]

    found = arrivals.two_state_dispersion(rates, dwells, 6.0)
    assert found == pytest.approx(variance / (6 * mean), rel=1e-6)
    assert arrivals.two_state_variation(rates, dwells) == pytest.approx(
        np.sqrt(second / first**2 - 1)
    )


def test_the_dispersion_of_what_is_due():
    """Windows in which 1 and 3 are due: 1 + 1 / 2."""
    assert arrivals.expected_dispersion(np.array([1.0, 3.0])) == 1.5


def test_an_overload_is_refused():
    """There is no stationary mean."""
    with pytest.raises(ValueError, match="the load is 1.5"):
        arrivals.mmpp_m1_mean([1.0, 2.0], [1.0, 1.0], 1.0)
    with pytest.raises(ValueError, match="the load is not below 1"):
        arrivals.gim1_mean(arrivals.gamma_gaps(1.1, 2.0), 1.0)


def test_constant_gaps_are_gamma_gaps_that_do_not_vary():
    """And the limit of round robin over ever more workers, E_n/M/1."""
    clockwork = arrivals.gim1_mean(arrivals.constant_gaps(0.8), 1)

    assert clockwork == pytest.approx(arrivals.gim1_mean(arrivals.gamma_gaps(0.8, 1e-4), 1))
    assert clockwork == pytest.approx(queues.round_robin_mean(8000.0, 1.0, 10_000), rel=1e-3)

"""The renewal equation of M/G/1 against closed forms, by hand where there are corners."""

import numpy as np
import pytest

from strag_sim.theory import laws, queues, renewal


def constant(times):
    """Return P(S > t) of sizes of 1 s."""
    return (np.asarray(times) < 1).astype(float)


def two_values(times):
    """Return P(S > t) of sizes of 1 s, or of 5 s with chance 0.1."""
    return np.where(np.asarray(times) < 1, 1.0, np.where(np.asarray(times) < 5, 0.1, 0.0))


def test_the_simplest_queue():
    """M/M/1: P(W > t) = rho exp(-(mu - lambda) t), P(T > t) without rho."""
    times = np.array([0.0, 0.6, 3.0, 21.0])  # points of the mesh
    decay = np.exp(-0.3 * times)
    wait = renewal.mg1_wait_survival(0.7, laws.exponential(1.0), 1.0, upper=60.0)
    response = renewal.mg1_response_survival(0.7, laws.exponential(1.0), 1.0, upper=60.0)

    assert wait(times) == pytest.approx(0.7 * decay, abs=1e-6)
    assert response(times) == pytest.approx(decay, abs=2e-5)


def test_constant_sizes_by_the_method_of_steps():
    """F' = lambda (F(t) - F(t - 1)): (1 - rho) e^(lambda t) up to 1 s, then less its integral."""
    rate = 0.8
    early, late = 0.5, 1.5
    known = [
        0.2 * np.exp(rate * early),
        0.2 * np.exp(rate * late) - 0.2 * rate * (late - 1) * np.exp(rate * (late - 1)),
    ]

    assert 1 - renewal.md1_wait_survival(rate, 1.0)(np.array([early, late])) == pytest.approx(known)


def test_constant_sizes_in_two_ways():
    """Erlang's sum and the renewal equation, up to where the sum has lost no digits."""
    times = np.array([0.0, 0.98, 1.0, 1.02, 5.5, 12.0, 15.0])  # points of the mesh
    by_equation = renewal.mg1_wait_survival(0.8, constant, 1.0, upper=40.0)

    assert by_equation(times) == pytest.approx(renewal.md1_wait_survival(0.8, 1.0)(times), abs=1e-6)


@pytest.mark.parametrize(
    ("rate", "size", "mean", "second"),
    [(0.8, constant, 1.0, 1.0), (0.4, two_values, 1.4, 3.4)],
    ids=["constant", "two values"],
)
def test_the_law_of_waits_has_their_mean(rate, size, mean, second):
    """The integral of P(W > t) is the mean of Pollaczek and Khinchine."""
    wait = renewal.mg1_wait_survival(rate, size, mean, upper=80.0)

    assert wait(np.array(0.0)) == pytest.approx(rate * mean)
    expected = queues.mg1_mean(rate, mean, second) - mean
    assert laws.mean(wait, upper=80.0) == pytest.approx(expected, rel=1e-5)


def test_the_law_of_responses_has_their_mean():
    """Of uniform sizes, whose law has corners, too."""
    response = renewal.mg1_response_survival(
        0.8, lambda t: 1.5 - np.clip(t, 0.5, 1.5), 1.0, upper=60.0
    )

    expected = queues.mg1_mean(0.8, 1.0, 1 + 1 / 12)
    assert laws.mean(response, upper=60.0) == pytest.approx(expected, rel=1e-5)


def test_between_the_points_of_the_mesh_it_is_a_line():
    """As near as the docstring says, also beside a corner."""
    times = np.linspace(0.0, 15.0, 997)
    by_equation = renewal.mg1_wait_survival(0.8, constant, 1.0, upper=40.0)

    assert by_equation(times) == pytest.approx(renewal.md1_wait_survival(0.8, 1.0)(times), abs=1e-4)


def test_beyond_the_mesh_nothing_is_known():
    """A time above ``upper`` gives NaN, not a guess."""
    wait = renewal.mg1_wait_survival(0.5, constant, 1.0, upper=10.0)

    assert np.isnan(wait(np.array(11.0)))
    assert wait(np.array(-1.0)) == 1.0

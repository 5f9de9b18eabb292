"""The closed forms of batches against simpler queues, and against second computations."""

import math

import numpy as np
import pytest

from strag_sim.theory import bulk, laws, queues


@pytest.mark.parametrize("rate", [0.1, 0.7, 0.95])
def test_batches_of_one_are_the_simplest_queues(rate):
    """With b = 1 they are M/M/1, whose whole law is known, and M/D/1."""
    markov, constant = bulk.markov(rate, 1.0, 1), bulk.constant(rate, [1.0])

    assert markov.mean == pytest.approx(queues.mm1_mean(rate, 1.0))
    assert bulk.markov_root(rate, 1.0, 1) == pytest.approx(rate)
    assert bulk.markov_quantile(0.99, rate, 1.0, 1) == pytest.approx(
        queues.mm1_quantile(0.99, rate, 1.0)
    )
    assert constant.mean == pytest.approx(queues.md1_mean(rate, 1.0), rel=1e-10)
    assert [markov.busy, constant.busy] == pytest.approx([rate, rate], rel=1e-10)
    assert [markov.batch, constant.batch] == pytest.approx([1.0, 1.0])


def test_without_a_limit_everybody_goes_with_the_next_batch():
    """For b -> infinity, r / (1 - r) = lambda / mu; who finds a batch waits for what is left of it.

    Of an exponential time 1 / mu is left, of a constant D half, in the mean. With nobody left
    behind by a batch of D with the chance q = exp(-lambda D), a cycle is D + q / lambda.
    """
    rate = 2.0
    markov, constant = bulk.markov(rate, 1.0, 200), bulk.constant(rate, [1.0] * 30)
    q = math.exp(-rate)
    busy = 1 / (1 + q / rate)

    assert bulk.markov_root(rate, 1.0, 200) == pytest.approx(rate / (1 + rate))
    assert markov.mean == pytest.approx(1 + markov.busy)
    assert constant.busy == pytest.approx(busy)
    assert constant.mean == pytest.approx(1 + busy / 2)
    assert constant.batch == pytest.approx(rate + q)  # who came meanwhile, or one alone


def test_at_light_load_a_request_is_alone():
    """Nobody waits, and nobody shares."""
    for found in (bulk.markov(1e-6, 1.0, 4), bulk.constant(1e-6, [1.0, 1.5, 2.0, 2.5])):
        assert found.mean == pytest.approx(1.0, abs=3e-6)
        assert found.batch == pytest.approx(1.0, abs=3e-6)


@pytest.mark.parametrize(("rate", "most"), [(0.5, 2), (2.4, 4), (6.0, 8)])
def test_markov_from_its_balance_equations(rate, most):
    """States idle, and n waiting behind a batch, with what leads from each to which written out."""
    size = 400
    flow = np.zeros((size + 1, size + 1))  # state 0 is idle, 1 + n is n waiting
    flow[0, 1] = rate
    for n in range(size):
        if n + 1 < size:
            flow[1 + n, 2 + n] = rate
        flow[1 + n, 1 + max(n - most, 0) if n else 0] += 1.0
    balance = flow.T - np.diag(flow.sum(axis=1))
    equations = np.vstack([balance, np.ones(size + 1)])
    law = np.linalg.lstsq(equations, np.eye(size + 2)[-1], rcond=None)[0]
    found = bulk.markov(rate, 1.0, most)
    r = bulk.markov_root(rate, 1.0, most)

    assert 1 - law[0] == pytest.approx(found.busy)
    assert law[2:12] / law[1:11] == pytest.approx(r)
    assert law[1:] @ np.arange(size) / rate + 1 == pytest.approx(found.mean)
    assert rate / (1 - law[0]) == pytest.approx(found.batch)


@pytest.mark.parametrize(("rate", "most"), [(0.5, 2), (2.4, 4)])
def test_the_law_of_responses_has_the_mean(rate, most):
    """And is a law: 1 at 0."""
    survival = bulk.markov_survival(rate, 1.0, most)

    assert laws.mean(survival) == pytest.approx(bulk.markov(rate, 1.0, most).mean)
    assert survival(np.array(0.0)) == pytest.approx(1.0)


@pytest.mark.parametrize("growth", [0.0, 0.5, 1.0])
def test_constant_by_the_roots_of_its_generating_function(growth):
    """As Bailey solves such chains: roots of z^b = A_b(z) in the unit circle, no state left out.

    P(z) (z^b - A_b(z)) = sum_{n < b} pi_n (z^b A_k(z) - z^n A_b(z)) has to vanish at each.
    """
    most = 3
    times = [1 + growth * k for k in range(most)]
    rate = 0.7 * bulk.saturation(times)
    roots = [root_of(rate * times[-1], most, j) for j in range(1, most)]

    def term(n, z):
        served = min(max(n, 1), most)
        return z**most * np.exp(rate * times[served - 1] * (z - 1)) - z**n * np.exp(
            rate * times[-1] * (z - 1)
        )

    # And P(1) = 1, by l'Hospital: the derivatives of both sides.
    slope = [
        most + rate * times[min(max(n, 1), most) - 1] - n - rate * times[-1] for n in range(most)
    ]
    equations = np.array([[term(n, z) for n in range(most)] for z in roots] + [slope])
    first = np.linalg.solve(equations, [0] * (most - 1) + [most - rate * times[-1]])
    law = bulk.left_behind(rate, times)

    assert law[:most] == pytest.approx(first.real, abs=1e-12)
    assert abs(first.imag).max() < 1e-12


def root_of(mean, most, j):
    """Return the j-th root of z^b = exp(mean (z - 1)), by z = w exp(mean (z - 1) / b), w^b = 1."""
    w, z = np.exp(2j * np.pi * j / most), 0j
    for _ in range(5000):
        z = w * np.exp(mean * (z - 1) / most)
    return z


@pytest.mark.parametrize("load", [0.3, 0.95])
def test_states_left_out_are_left_out_rightly(load, monkeypatch):
    """With a bound a hundred thousand times as large the mean stays where it is."""
    times = [1.0, 1.2, 1.4, 1.6]
    rate = load * bulk.saturation(times)
    exact = bulk.constant(rate, times).mean
    monkeypatch.setattr(bulk, "LEFT_OUT", 1e-10)

    assert bulk.left_behind(rate, times).sum() == pytest.approx(1.0)
    assert bulk.constant(rate, times).mean == pytest.approx(exact, rel=1e-7)


def test_constant_times_that_do_not_grow_beat_exponential_ones():
    """Half of the wait at most at a light load, and fewer requests behind each batch."""
    for most in (2, 8):
        assert bulk.constant(0.9 * most, [1.0] * most).mean < bulk.markov(0.9 * most, 1, most).mean


def test_saturation_is_that_of_full_batches():
    """Four in 2.5 s."""
    assert bulk.saturation([1.0, 1.5, 2.0, 2.5]) == 1.6


def test_batches_that_wait_by_hand():
    """Of a wait T and batches of two, the second comes with 1 - exp(-lambda T), and ends the wait.

    So the first waits for E[min(T, gap)] = (1 - exp(-lambda T)) / lambda. Without a limit all of
    1 + lambda T wait, the first for T, the others for half of it.
    """
    rate, wait = 2.0, 0.75
    q = 1 - math.exp(-rate * wait)
    pairs = bulk.collected(rate, wait, [1.0, 1.5])
    all_of_them = bulk.collected(rate, wait, [1.0] * 40)
    at_once = bulk.collected(rate, 1e-12, [1.0, 1.5])

    assert pairs.batch == pytest.approx(1 + q)
    assert pairs.mean == pytest.approx((q / rate + (1 - q) * 1.0 + q * 2 * 1.5) / (1 + q))
    assert pairs.busy == pytest.approx(rate / (1 + q) * ((1 - q) * 1.0 + q * 1.5))
    assert all_of_them.batch == pytest.approx(1 + rate * wait)
    assert all_of_them.mean == pytest.approx(
        1 + (wait + rate * wait * wait / 2) / (1 + rate * wait)
    )
    assert at_once == bulk.Bulk(pytest.approx(1.0), pytest.approx(rate), pytest.approx(1.0))


def test_closed_loops_by_hand():
    """Of six clients and batches of four all are there always: 4 in 2.5 s, and 6 x 2.5 / 4 each."""
    times = [1.0, 1.5, 2.0, 2.5]

    assert bulk.closed(3, times) == bulk.Bulk(2.0, 1.0, 3.0)
    assert bulk.closed(6, times) == bulk.Bulk(3.75, 1.0, 4.0)


def test_an_overloaded_queue_is_refused():
    """There is no stationary mean from b / D(b) on."""
    with pytest.raises(ValueError, match="below 1.6"):
        bulk.constant(1.6, [1.0, 1.5, 2.0, 2.5])
    with pytest.raises(ValueError, match="below 4"):
        bulk.markov(4.0, 1.0, 4)

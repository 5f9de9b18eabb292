"""The closed forms of copies against second computations."""

import numpy as np
import pytest

from strag_sim.theory import laws, queues, redundancy

EXP = laws.exponential(1.0)


def test_redundancy_1_is_a_random_worker():
    """One copy on k workers is M/M/1 at a k-th of the rate."""
    mean = redundancy.redundancy_d_mean(3.5, 1.0, workers=5, copies=1)

    assert mean == pytest.approx(queues.mm1_mean(0.7, 1.0))


def test_redundancy_on_all_workers_is_one_fast_worker():
    """With a copy everywhere k workers are one of k times the speed."""
    mean = redundancy.redundancy_d_mean(3.5, 1.0, workers=5, copies=5)

    assert mean == pytest.approx(queues.mm1_mean(3.5, 0.2))
    lockstep = redundancy.copies_on_all_mean(3.5, EXP, 5, upper=40.0)
    assert mean == pytest.approx(lockstep, rel=1e-5)


def test_redundancy_2_of_3_from_its_markov_chain():
    """By the order-independent product form: sum over lists of classes, truncated.

    Three classes (pairs of workers), each with a third of the rate. A list whose j-th prefix holds
    c_j busy workers weighs the product of (rate / 3) / (c_j mu): c = 2 while one class is in the
    list, 3 from the second class on. Little's law turns the mean number into the mean time.
    """
    rate = 2.1
    a, b = rate / 3 / 2, rate / 3 / 3
    lengths = np.arange(1, 400)
    # one class only: 3 a^n; else the second class comes at place j + 1: 3 a^j 2 b (3b)^rest
    one = 3 * a**lengths
    more = np.array(
        [sum(3 * a**j * 2 * b * (3 * b) ** (n - j - 1) for j in range(1, n)) for n in lengths]
    )
    weights = one + more
    number = (lengths * weights).sum() / (1 + weights.sum())

    mean = redundancy.redundancy_d_mean(rate, 1.0, workers=3, copies=2)

    assert mean == pytest.approx(number / rate)


def test_two_copies_never_cancelled():
    """E[min] = (4 + rho) / (8 (mu - rate)) with the fork-join of 2."""
    mean = redundancy.two_copies_never_cancelled_mean(0.6, 1.0)

    assert mean == pytest.approx((4 + 0.6) / (8 * 0.4))


def test_fork_join_without_load_is_the_larger_of_two():
    """At a vanishing rate the mean of the larger of two exponentials: 1.5."""
    assert redundancy.fork_join_of_two_mean(1e-9, 1.0) == pytest.approx(1.5)


def test_fork_join_of_two_from_its_markov_chain():
    """The mean number of unfinished requests of the chain of two queue lengths, by Little's law.

    Both tasks of a request queue in order, so that the number of unfinished requests is the
    longer of the two queues.
    """
    from scipy.sparse import lil_matrix
    from scipy.sparse.linalg import spsolve

    rate, size = 0.5, 60
    rates = lil_matrix((size * size, size * size))
    for i in range(size):
        for j in range(size):
            here = i * size + j
            moves = [(i + 1, j + 1, rate), (i - 1, j, 1.0), (i, j - 1, 1.0)]
            for x, y, speed in moves:
                if 0 <= x < size and 0 <= y < size:
                    rates[x * size + y, here] += speed
                    rates[here, here] -= speed
    rates[0, :] = 1.0
    law = spsolve(rates.tocsc(), np.eye(1, size * size)[0]).reshape(size, size)
    longer = np.maximum.outer(np.arange(size), np.arange(size))

    assert redundancy.fork_join_of_two_mean(rate, 1.0) == pytest.approx(
        (law * longer).sum() / rate, rel=1e-4
    )


@pytest.mark.parametrize("delay", [0.0, 0.3, 2.0])
def test_a_hedge_costs_nothing_with_exponential_sizes(delay):
    """Under cancel-on-completion, whatever the delay."""
    assert redundancy.hedge_cost(EXP, delay, 2, upper=40.0) == pytest.approx(1.0, abs=1e-6)


def test_hedging_at_once_is_replication():
    """With no delay three copies are three times as fast."""
    survival = redundancy.hedge_survival(EXP, 0.0, 2)

    assert laws.mean(survival) == pytest.approx(1 / 3)
    assert redundancy.hedges_sent(EXP, 1.0, 1) == pytest.approx(np.exp(-1))


def test_the_hedges_of_a_sample():
    """A million requests drawn by hand: quantile, share of hedges and cost of a uniform law."""
    rng = np.random.default_rng(5)
    own, first, second = rng.random((3, 1_000_000))
    answered = np.minimum(np.minimum(own, first + 0.4), second + 0.8)
    sent = (own > 0.4).mean() + (np.minimum(own, first + 0.4) > 0.8).mean()
    cost = sum(np.maximum(answered - delay, 0).mean() for delay in (0, 0.4, 0.8))

    law = laws.from_quantile(lambda level: level)
    survival = redundancy.hedge_survival(law, 0.4, 2)

    assert laws.quantile(survival, 0.9) == pytest.approx(np.quantile(answered, 0.9), abs=2e-3)
    assert redundancy.hedges_sent(law, 0.4, 2) == pytest.approx(sent, abs=3e-3)
    assert redundancy.hedge_cost(law, 0.4, 2, upper=1.0) == pytest.approx(cost, abs=2e-3)


def test_the_relaunches_of_a_sample():
    """A million requests drawn by hand: two attempts cut at 0.6, the third runs to its end."""
    rng = np.random.default_rng(6)
    tries = rng.random((3, 1_000_000)) * 2
    again = np.where(tries[1] <= 0.6, 0.6 + tries[1], 1.2 + tries[2])
    answered = np.where(tries[0] <= 0.6, tries[0], again)

    law = laws.from_quantile(lambda level: 2 * level)
    survival = redundancy.relaunch_survival(law, 0.6, 3)

    assert redundancy.relaunch_mean(law, 0.6, 3, upper=2.0) == pytest.approx(
        answered.mean(), abs=4e-3
    )
    assert laws.mean(survival, upper=3.2) == pytest.approx(answered.mean(), abs=4e-3)
    assert laws.quantile(survival, 0.7) == pytest.approx(np.quantile(answered, 0.7), abs=6e-3)


def test_an_overload_is_refused():
    """Redundancy-d with cancel-on-completion is stable below k mu."""
    with pytest.raises(ValueError, match="overloaded"):
        redundancy.redundancy_d_mean(5.0, 1.0, workers=5, copies=2)

"""Jobs of segments as sums of stages, and answers that leave in order: both in their limits."""

import numpy as np
import pytest

from strag_sim.theory import inversion, jobs, laws, order_statistics

TIMES = np.array([0.5, 1.0, 4.0])


def test_stages_of_a_job():
    """Five segments on two servers: both serve until four have ended, then one."""
    assert jobs.stages(3.0, 5, 2) == [1.5, 1.5, 1.5, 1.5, 3.0]
    assert jobs.stages(1.0, 3, 1) == [1.0, 1.0, 1.0]
    assert sum(jobs.stages(1.0, 4, 4)) == sum(jobs.stages(1.0, 4, 9))


def test_a_server_a_segment_is_the_largest_of_them():
    """The stages of the order statistics of exponential sizes (Renyi)."""
    found = inversion.survival(inversion.stages(jobs.stages(1.0, 4, 4)))(TIMES)

    expected = order_statistics.survival(laws.exponential(1.0), 4, 4)(TIMES)
    assert found == pytest.approx(expected, abs=1e-6)


def test_one_server_is_erlang():
    """P(T > t) = e^-t (1 + t + t^2 / 2) for three segments of 1 s."""
    found = inversion.survival(inversion.stages(jobs.stages(1.0, 3, 1)))(TIMES)

    assert found == pytest.approx(np.exp(-TIMES) * (1 + TIMES + TIMES**2 / 2), abs=1e-6)


def test_answers_in_order():
    """Alone a request waits for nobody; at 0 none has left; the more come, the later they leave."""
    alone, some, many = (jobs.in_order_survival(rate, 2.0)(TIMES) for rate in (0.0, 0.5, 5.0))

    assert alone == pytest.approx(laws.exponential(2.0)(TIMES))
    assert (alone < some).all()
    assert (some < many).all()
    assert jobs.in_order_survival(1.0, 2.0)(np.array([-1.0, 0.0])).tolist() == [1, 1]


def test_answers_in_order_leave_with_the_last_of_those_before():
    """P(T <= 1) by hand: F = 1 - 1/e, and exp(-3 / e) that all before are done, at 3 a second."""
    found = 1 - float(jobs.in_order_survival(3.0, 1.0)(np.array(1.0)))

    assert found == pytest.approx((1 - np.exp(-1)) * np.exp(-3 / np.e))

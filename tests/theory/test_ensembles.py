"""Quorums against order statistics, and against all outcomes written out."""

from itertools import product

import numpy as np
import pytest

from strag_sim.theory import ensembles, laws, order_statistics

FAST, USUAL, SLOW = laws.exponential(0.5), laws.exponential(1.0), laws.exponential(3.0)
TIMES = np.array([0.0, 0.2, 1.0, 5.0])


@pytest.mark.parametrize("quorum", [1, 2, 3, 4])
def test_members_alike_are_order_statistics(quorum):
    """Four of one law."""
    found = ensembles.quorum_survival([USUAL] * 4, quorum)

    assert found(TIMES) == pytest.approx(order_statistics.survival(USUAL, quorum, 4)(TIMES))


@pytest.mark.parametrize("quorum", [1, 2, 3])
def test_all_outcomes_of_three_members(quorum):
    """Each member is done or not by 1 s: eight outcomes, of which those with too few count."""
    late = [float(one(np.array(1.0))) for one in (FAST, USUAL, SLOW)]
    total = sum(
        np.prod([1 - q if done else q for q, done in zip(late, outcome, strict=True)])
        for outcome in product((False, True), repeat=3)
        if sum(outcome) < quorum
    )

    found = ensembles.quorum_survival((FAST, USUAL, SLOW), quorum)(np.array(1.0))
    assert found == pytest.approx(total)


def test_the_first_and_the_last():
    """The quorum of one is the minimum, that of all the maximum."""
    members = (FAST, USUAL, SLOW)
    minimum = FAST(TIMES) * USUAL(TIMES) * SLOW(TIMES)
    maximum = 1 - (1 - FAST(TIMES)) * (1 - USUAL(TIMES)) * (1 - SLOW(TIMES))

    assert ensembles.quorum_survival(members, 1)(TIMES) == pytest.approx(minimum)
    assert ensembles.quorum_survival(members, 3)(TIMES) == pytest.approx(maximum)


def test_the_cost_of_exponential_members():
    """Stopped at the k-th of n alike they cost k sizes; at the first of any, n times its mean."""
    alike = ensembles.cost([USUAL] * 4, 3, upper=60.0)
    first = ensembles.cost((FAST, USUAL, SLOW), 1, upper=100.0)

    assert alike == pytest.approx(3.0, rel=1e-6)
    assert first == pytest.approx(3 / (2 + 1 + 1 / 3), rel=1e-5)


def test_the_cost_of_all():
    """The last is waited for: nothing is stopped."""
    assert ensembles.cost((FAST, USUAL), 2, upper=60.0) == pytest.approx(1.5, rel=1e-6)


@pytest.mark.parametrize("quorum", [1, 2, 3])
def test_a_deadline_between_all_and_a_quorum(quorum):
    """At 0 a quorum answers, at the end of time all do; between, never later than all."""
    members = (FAST, USUAL, SLOW)
    some, every = (ensembles.quorum_survival(members, k)(TIMES) for k in (quorum, 3))

    assert ensembles.deadline_survival(members, quorum, 0.0)(TIMES) == pytest.approx(some)
    assert ensembles.deadline_survival(members, quorum, 9.0)(TIMES) == pytest.approx(every)
    assert ensembles.deadline_survival(members, quorum, 1.0)(TIMES) == pytest.approx(
        [*every[:2], *some[2:]]
    )


def test_the_accuracy_at_a_deadline():
    """Members of 1 s and 0.5 s, done by ln 2 with the chances 1/2 and 3/4.

    Both are with 3/8, the first alone with 1/8, the second with 3/8; with 1/8 none is, and the
    first to come is the first with 1/3. So 3/8 0.9 + (1/8 + 1/24) 0.6 + (3/8 + 1/12) 0.7.
    """
    known = {(0,): 0.6, (1,): 0.7, (0, 1): 0.9}
    found = ensembles.deadline_accuracy(known, (1.0, 0.5), float(np.log(2)))

    assert found == pytest.approx(3 / 8 * 0.9 + 1 / 6 * 0.6 + 11 / 24 * 0.7)

"""The closed forms of collage and parity against a million groups drawn by hand."""

import numpy as np
import pytest

from strag_sim.theory import groups, laws

EXP = laws.exponential(1.0)
GROUPS = 300_000
DECODE = 0.1


@pytest.fixture(scope="module")
def drawn():
    """Return exponential sizes of 4 own tasks and 2 others of each group."""
    return np.random.default_rng(7).standard_exponential((6, GROUPS))


def test_collage(drawn):
    """Quantile, share answered by the collage, and the cost with everything stopped."""
    own, collage = drawn[:4], drawn[4]
    answered = np.minimum(own, collage + DECODE)
    stopped = np.minimum(collage, own.max(axis=0))

    survival = groups.collage_survival(EXP, EXP, DECODE)
    share = groups.collage_answers(EXP, lambda level: -np.log1p(-level), DECODE)
    cost = groups.collage_cost(EXP, EXP, requests=4, upper=40.0, decode=DECODE, cancel="running")

    assert laws.quantile(survival, 0.9) == pytest.approx(np.quantile(answered, 0.9), rel=0.01)
    assert share == pytest.approx((collage + DECODE < own).mean(), abs=4e-3)
    assert share == pytest.approx(np.exp(-DECODE) / 2, abs=1e-5)
    assert cost == pytest.approx(answered.mean() + stopped.mean() / 4, rel=0.01)


def test_a_collage_that_is_not_stopped_costs_its_share():
    """E[X] + E[C] / k."""
    cost = groups.collage_cost(EXP, laws.exponential(2.0), requests=4, upper=80.0)

    assert cost == pytest.approx(1.5, rel=1e-5)


@pytest.mark.parametrize(("inputs", "parities"), [(2, 1), (4, 2), (3, 1)])
def test_parity(drawn, inputs, parities):
    """Quantile and cost; the k-th of all k + r starts the decode."""
    own, parity = drawn[:inputs], drawn[4 : 4 + parities]
    kth = np.sort(np.concatenate([own, parity]), axis=0)[inputs - 1]
    answered = np.minimum(own, kth + DECODE)
    cost = answered.mean() + np.minimum(parity, kth).sum(axis=0).mean() / inputs

    survival = groups.parity_survival(EXP, inputs, parities, DECODE)

    assert laws.quantile(survival, 0.99) == pytest.approx(np.quantile(answered, 0.99), rel=0.02)
    assert groups.parity_cost(EXP, inputs, parities, upper=40.0, decode=DECODE) == pytest.approx(
        cost, rel=0.01
    )


def test_parity_of_two_exponentials():
    """P(T > t) = 2 exp(-2t) - exp(-3t), with the mean 2/3."""
    survival = groups.parity_survival(EXP, 2)
    times = np.linspace(0, 5, 11)

    assert survival(times) == pytest.approx(2 * np.exp(-2 * times) - np.exp(-3 * times))
    assert laws.mean(survival) == pytest.approx(2 / 3)

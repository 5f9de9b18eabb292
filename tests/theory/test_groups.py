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


def sampled_timeout(timeout, decode):
    """Return the responses of 400,000 collages of four, by the rule written out case by case."""
    rng = np.random.default_rng(3)
    last = rng.exponential(1.0, (400_000, 4)).max(axis=1)
    collage = rng.uniform(0.5, 1.5, 400_000)
    in_time, collage_in_time = last <= timeout, collage <= timeout
    times = np.minimum(last, collage + decode)  # both late
    times[in_time & collage_in_time] = np.maximum(last, collage)[in_time & collage_in_time]
    times[in_time & ~collage_in_time] = timeout
    times[~in_time & collage_in_time] = timeout + decode
    return times


@pytest.mark.parametrize(("timeout", "decode"), [(1.2, 0.1), (1.2, 0.0), (0.7, 0.3), (3.0, 0.1)])
def test_a_collage_that_waits_for_its_timeout(timeout, decode):
    """P(T > t) at times on both sides of the timeout, and the mean, within 4 standard errors."""
    survival = groups.collage_timeout_survival(
        laws.exponential(1.0), lambda t: 1.5 - np.clip(t, 0.5, 1.5), 4, timeout, decode
    )
    times = sampled_timeout(timeout, decode)

    for t in (0.6, timeout - 0.01, timeout + decode / 2 + 1e-6, timeout + decode + 0.01, 1.6):
        share = float(survival(np.array(t)))
        error = np.sqrt(share * (1 - share) / times.size)
        assert abs((times > t).mean() - share) <= 4 * error + 1e-12
    mean = laws.mean(survival, upper=40.0)
    assert abs(times.mean() - mean) <= 4 * times.std() / np.sqrt(times.size) + 1e-4


def test_a_timeout_that_never_comes():
    """Then the group waits for all: the later of A and C."""
    waits = groups.collage_timeout_survival(
        laws.exponential(1.0), laws.exponential(2.0), 4, 1e6, 0.1
    )
    times = np.array([0.1, 1.0, 5.0])
    both = 1 - (1 - np.exp(-times)) ** 4 * (1 - np.exp(-times / 2))

    assert waits(times) == pytest.approx(both)

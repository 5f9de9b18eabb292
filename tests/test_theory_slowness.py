"""Slow workers without queueing against closed forms, by the public path; each claim can fail.

Requests are 100 mean sizes apart, so that queues are empty; slowness is read when service starts
and then holds.
"""

import numpy as np
import pytest
from against_theory import EXPONENTIAL, LIMIT, Claim, at_zero_load, cases, z_score

from strag_sim.theory import laws, order_statistics, slowness

SHARE, FACTOR = 0.1, 8.0
STATES = {"kind": "states", "factor": FACTOR, "dwell": 300, "share": SHARE}
SHOCK = {"kind": "shock", "rate": 0.002, "share": 0.3, "factor": FACTOR, "length": 200}
HIT = 1 - slowness.unhit(0.002, 0.3, 200)
TWO = {"kind": "replication", "copies": 2}
SIX_OF_EIGHT = {"kind": "lagrange", "inputs": 1, "tasks": 8, "threshold": 6}


def slow(seed, policy, part, workers=4, **keys):
    """Simulate single requests far apart, on workers that are slow now and then."""
    return at_zero_load(
        policy,
        seed=seed,
        groups=5_000,
        service=EXPONENTIAL,
        workers={"count": workers},
        slowdown=[part],
        **keys,
    )


result_of = cases(
    {
        "states": lambda seed: slow(seed, {"kind": "none"}, STATES),
        "states-sum": lambda seed: slow(seed, {"kind": "none"}, STATES, combine="sum"),
        "states-max": lambda seed: slow(seed, {"kind": "none"}, STATES, combine="max"),
        "copies": lambda seed: slow(seed, TWO, STATES),
        "copies-shared": lambda seed: slow(seed, TWO, {**STATES, "shared_by": 4}),
        "six-of-eight": lambda seed: slow(seed, SIX_OF_EIGHT, STATES, 8),
        "six-of-eight-shared": lambda seed: slow(seed, SIX_OF_EIGHT, {**STATES, "shared_by": 8}, 8),
        "shock": lambda seed: slow(seed, {"kind": "none"}, SHOCK, combine="max"),
    }
)

EXP = laws.exponential(1.0)
SLOW = laws.exponential(FACTOR)
PARTS = (1 - SHARE, SHARE)
ONE = slowness.mixed(PARTS, (EXP, SLOW))
ADDED = slowness.mixed(PARTS, (EXP, laws.later(EXP, FACTOR)))
TWO_OF_THEM = order_statistics.survival(ONE, 1, 2)
TOGETHER = slowness.mixed(PARTS, (laws.exponential(0.5), laws.exponential(0.5 * FACTOR)))
SIX = order_statistics.survival(ONE, 6, 8)
SIX_TOGETHER = slowness.mixed(
    PARTS, (order_statistics.survival(EXP, 6, 8), order_statistics.survival(SLOW, 6, 8))
)


def at_least(survival, least, share):
    """Return the survival function of X, which for a share of the time is at least so long."""
    return lambda times: np.where(
        np.asarray(times) < least,
        (1 - share) * survival(times) + share,
        survival(times),
    )


def longer(survival, more=1.05):
    """Return the survival function of times that are longer throughout: a planted fault."""
    return slowness.scaled(survival, more)


CLAIMS = [
    Claim("states", "mean", 1 + SHARE * (FACTOR - 1), 1 + 1.2 * SHARE * (FACTOR - 1)),
    *(
        Claim("states", p, laws.quantile(ONE, level), laws.quantile(longer(ONE, more), level))
        for p, level, more in (("p50", 0.5, 1.05), ("p95", 0.95, 1.2), ("p99", 0.99, 1.2))
    ),
    Claim("states-sum", "mean", 1 + SHARE * FACTOR, 1 + SHARE * (FACTOR - 1)),
    Claim(
        "states-max",
        "mean",
        laws.mean(at_least(EXP, FACTOR, SHARE), upper=60.0),
        1 + SHARE * FACTOR,
    ),
    # planted: workers that are slow together, and those that are not
    Claim("copies", "p99", laws.quantile(TWO_OF_THEM, 0.99), laws.quantile(TOGETHER, 0.99)),
    Claim("copies", "mean", laws.mean(TWO_OF_THEM), laws.mean(TOGETHER)),
    Claim("copies-shared", "p99", laws.quantile(TOGETHER, 0.99), laws.quantile(TWO_OF_THEM, 0.99)),
    Claim("copies-shared", "mean", laws.mean(TOGETHER), laws.mean(TWO_OF_THEM)),
    Claim("six-of-eight", "p99", laws.quantile(SIX, 0.99), laws.quantile(SIX_TOGETHER, 0.99)),
    Claim(
        "six-of-eight-shared", "p99", laws.quantile(SIX_TOGETHER, 0.99), laws.quantile(SIX, 0.99)
    ),
    Claim(
        "shock",
        "mean",
        laws.mean(at_least(EXP, FACTOR, HIT), upper=60.0),
        laws.mean(at_least(EXP, FACTOR, 1.2 * HIT), upper=60.0),
    ),
]


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_theory(claim):
    """The simulation agrees with the closed form."""
    assert abs(z_score(result_of(claim.case), claim.measure, claim.expected)) <= LIMIT


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_planted_fault(claim):
    """And would not with a wrong one."""
    assert abs(z_score(result_of(claim.case), claim.measure, claim.planted)) > LIMIT

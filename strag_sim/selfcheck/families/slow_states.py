"""Workers that are slow now and then: mixtures, alone and under load."""

from typing import Any

import numpy as np

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import (
    DETERMINISTIC,
    NONE,
    REQUESTS,
    Scenario,
    apart,
    poisson,
    queue,
)
from strag_sim.theory import laws, order_statistics, queues, renewal, slowness

SHARE, FACTOR = 0.1, 8.0
STATES = {"kind": "states", "factor": FACTOR, "dwell": 300, "share": SHARE}
TWO = {"kind": "replication", "copies": 2}
EXP, SLOW = laws.exponential(1.0), laws.exponential(FACTOR)
PARTS = (1 - SHARE, SHARE)
ONE = slowness.mixed(PARTS, (EXP, SLOW))
SOURCE = "Karlin and Taylor 1975"


def checks() -> list[Check]:
    """Return the checks: states of workers apart and together, and queues at slow workers."""
    apart_ones = order_statistics.survival(ONE, 1, 2)
    together = slowness.mixed(PARTS, (laws.exponential(0.5), laws.exponential(0.5 * FACTOR)))
    mixture = "sum_i w_i P(X_i > t)"
    return [
        *checks_of(
            "slow-states",
            "slow for 0.1 of the time",
            alone("slow", NONE, STATES),
            ("mean", 1 + SHARE * (FACTOR - 1), "E[X] (1 + share (f - 1))"),
            ("p99", laws.quantile(ONE, 0.99), mixture),
            source=SOURCE,
        ),
        *checks_of(
            "slow-states",
            "2 copies, workers slow apart",
            alone("slow copies", TWO, STATES),
            ("mean", laws.mean(apart_ones), "int of the mixture, squared"),
            ("p99", laws.quantile(apart_ones, 0.99), f"({mixture})^2"),
            source=SOURCE,
        ),
        *checks_of(
            "slow-states",
            "2 copies, workers slow together",
            alone("slow together", TWO, {**STATES, "shared_by": 4}),
            ("mean", laws.mean(together), "mixture of the means"),
            ("p99", laws.quantile(together, 0.99), "sum_i w_i P(X_i > t)^2"),
            source=SOURCE,
        ),
        *under_load(),
        *slow_for_life(),
    ]


def alone(name: str, policy: Scenario, part: Scenario) -> Scenario:
    """Return requests far apart to four workers."""
    return apart(name, policy, workers=4, slowdown=[part])


def under_load() -> list[Check]:
    """Return the checks of a queue whose worker changes state many times within each service.

    Sizes are constant, so that services begin at least 1 s apart, and then nothing is left of the
    memory of a state, exp(-(1 / dwell + 1 / between)) = 1e-5: M/G/1 with sizes of two values.
    """
    rate, slow = 0.4, 5.0
    part = {"kind": "states", "factor": slow, "dwell": 0.1, "share": SHARE}
    mean, second = 1 + SHARE * (slow - 1), 1 + SHARE * (slow**2 - 1)

    def size(times: laws.FloatArray) -> laws.FloatArray:
        return np.where(times < 1, 1.0, np.where(times < slow, SHARE, 0.0))

    wait = renewal.mg1_wait_survival(rate, size, mean, upper=80.0)
    response = slowness.mixed(PARTS, (laws.later(wait, 1.0), laws.later(wait, slow)))
    scenario = queue(
        "slow queue",
        poisson(rate),
        load=rate * mean,
        service=DETERMINISTIC,
        slowdown=[part],
        variation=second / mean**2,
        requests=REQUESTS // 4,  # it changes state as often as it serves
    )
    return checks_of(
        "slow-states",
        "M/G/1 of a worker that changes often",
        scenario,
        ("mean", queues.mg1_mean(rate, mean, second), "E[S] + lambda E[S^2] / (2 (1 - rho))"),
        ("p99", laws.quantile(response, 0.99), "renewal equation, sizes of two values"),
        ("utilisation", rate * mean, "lambda E[S] (1 + share (f - 1))"),
        source="Kleinrock 1975; Asmussen 2003",
    )


def slow_for_life() -> list[Check]:
    """Return the checks of two workers at random, one of which takes half as long again."""
    rate, factors = 0.8, (1.0, 1.5)
    parts = [laws.exponential(queues.mm1_mean(rate / 2, factor)) for factor in factors]
    either = slowness.mixed((0.5, 0.5), parts)
    fixed: dict[str, Any] = {"kind": "fixed", "factors": list(factors)}
    scenario = queue(
        "slow for life",
        poisson(rate),
        load=rate / 2 * factors[1],
        workers={"count": len(factors)},
        slowdown=[fixed],
        variation=factors[1],
    )
    return checks_of(
        "slow-states",
        "M/M/1 and one slow for life, at random",
        scenario,
        ("mean", laws.mean(either), "mean of two M/M/1"),
        ("p99", laws.quantile(either, 0.99), "mixture of two M/M/1"),
        source="Kleinrock 1975",
    )

"""Hedging without queueing: copies that are sent while a request is unanswered."""

import math

import numpy as np

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import COLLAGE_VM, apart, collage_vm
from strag_sim.theory import laws, redundancy

DELAY, SHORT = 1.5, 0.5
ONE = laws.exponential(1.0)
LAW = "P(T > t) = prod_j P(X > t - j d)"
SOURCE = "Vulimiri et al. 2013; Dean and Barroso 2013"


def checks() -> list[Check]:
    """Return the checks of one hedge and of two, left to run and stopped."""
    one, two = redundancy.hedge_survival(ONE, DELAY), redundancy.hedge_survival(ONE, SHORT, 2)
    policy = {"kind": "hedge", "delay": DELAY}
    twice = {"kind": "hedge", "delay": SHORT, "hedges": 2}
    return [
        *checks_of(
            "hedge",
            "hedge at 1.5, runs on",
            apart("hedge", policy, workers=4),
            ("mean", laws.mean(one), f"int {LAW}"),
            ("p99", laws.quantile(one, 0.99), LAW),
            ("cost", 1 + math.exp(-DELAY), "E[X] (1 + P(X > d))"),
            ("straggled", math.exp(-DELAY) / 2, "P(X > d) / 2: the hedge is as good as new"),
            source=SOURCE,
        ),
        *checks_of(
            "hedge",
            "hedge at 1.5, stopped",
            apart("hedge stopped", policy, workers=4, cancel="running"),
            ("cost", redundancy.hedge_cost(ONE, DELAY, upper=60.0), "1 / mu, whatever d"),
            source=SOURCE,
        ),
        *checks_of(
            "hedge",
            "two hedges, 0.5 apart",
            apart("two hedges", twice, workers=4),
            ("mean", laws.mean(two), f"int {LAW}"),
            (
                "cost",
                1 + redundancy.hedges_sent(ONE, SHORT, 2),
                "E[X] (1 + sum_j prod_(i<j) P(X > (j - i) d))",
            ),
            source=SOURCE,
        ),
        *at_p95(),
    ]


def at_p95() -> list[Check]:
    """Return the checks of a hedge after the p95 of measured latencies."""
    own, quantile, longest = collage_vm()
    delay = float(quantile(np.array(0.95)))
    hedged = redundancy.hedge_survival(own, delay)
    scenario = apart(
        "hedge p95",
        {"kind": "hedge", "delay": "p95"},
        workers=4,
        service=COLLAGE_VM,
        cancel="running",
    )
    return checks_of(
        "hedge",
        "hedge at p95, collage-vm, stopped",
        scenario,
        ("mean", laws.mean(hedged, upper=longest), f"int {LAW}"),
        ("p99", laws.quantile(hedged, 0.99), LAW),
        ("cost", redundancy.hedge_cost(own, delay, upper=longest), "sum_j E[(T - j d)+]"),
        source=SOURCE,
    )

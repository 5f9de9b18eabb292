"""Collage inference, `use: early`, without queueing: own task or collage, whichever is first."""

from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import COLLAGE_VM, Scenario, apart, collage_vm
from strag_sim.theory import groups, laws

GRID, DECODE = 3, 0.02
SOURCE = "Narra et al. 2020"


def checks() -> list[Check]:
    """Return the checks of nine images; the collage takes as long as one of them."""
    own, quantile, longest = collage_vm()
    answered = groups.collage_survival(own, own, DECODE)
    cost, stopped = (
        groups.collage_cost(own, own, requests=GRID**2, upper=longest, decode=DECODE, cancel=cancel)
        for cancel in ("queued", "running")
    )
    share = groups.collage_answers(own, quantile, DECODE)
    return [
        *checks_of(
            "collage",
            "collage of 9, decode 0.02",
            nine("collage"),
            ("mean", laws.mean(answered, upper=longest), "int P(X > t) P(C + decode > t)"),
            ("p99", laws.quantile(answered, 0.99), "P(X > t) P(C + decode > t)"),
            ("straggled", share, "P(C + decode < X)"),
            ("cost", cost, "E[X] + E[C] / k"),
            source=SOURCE,
        ),
        *checks_of(
            "collage",
            "collage of 9, decode 0.02, stopped",
            nine("collage stopped", cancel="running"),
            ("cost", stopped, "E[min(X, C + decode)] + E[min(C, max X)] / k"),
            source=SOURCE,
        ),
    ]


def nine(name: str, **keys: Any) -> Scenario:
    """Return groups of nine images and a collage on ten workers."""
    return apart(
        name,
        {"kind": "collage", "grid": GRID},
        workers=GRID**2 + 1,
        together=GRID**2,
        service=COLLAGE_VM,
        placement="fixed",
        decode=DECODE,
        **keys,
    )

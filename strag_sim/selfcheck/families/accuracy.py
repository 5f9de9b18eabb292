"""The accuracy of answers without queueing, where each task is late with a probability of its own.

Accuracies are those of shipped tables. A task takes 1 s, or 20 s if it is late.
"""

from math import comb
from typing import Any

from strag_sim.accuracies import read_accuracy
from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import apart

LATE, OWN, COUNT = 0.1, 0.99, 5000
SOURCE = "Tang et al. 2023; Narra et al. 2020; Kosaian et al. 2019"
SIZES = {
    "kind": "mixture",
    "parts": [
        {"weight": 1 - LATE, "of": {"kind": "deterministic", "value": 1.0}},
        {"weight": LATE, "of": {"kind": "deterministic", "value": 20.0}},
    ],
}


def checks() -> list[Check]:
    """Return the checks of a collage, a parity, and a code that is decoded at a deadline."""
    collage = {"kind": "collage", "grid": 2, "accuracy": "digits-collage-2"}
    parity = {"kind": "parity", "inputs": 2, "accuracy": "digits-parity-sum-2"}
    lagrange = {"kind": "lagrange", "inputs": 4, "tasks": 6, "accuracy": "digits-lagrange-4-6"}
    return [
        _check("collage 2x2", collage, 4, 5, by_collage(), "a (1 - p + p^2) + p (1 - p) b"),
        _check("parity 2 + 1", parity, 2, 3, by_parity(), "a (1 - q) + q b, q = p (1 - p)^2"),
        _check(
            "4 of 6 at a deadline",
            {**lagrange, "threshold": 4, "deadline": 2.0},
            4,
            6,
            by_deadline(),
            "sum_(r>=4) P(r) a(r) + P(< 4) a(6)",
        ),
        _check(
            "the first 4 of 6",
            {**lagrange, "threshold": 4},
            4,
            6,
            _known("digits-lagrange-4-6", 4),
            "a(4), over the sets of 4",
            placement="random",
            service={"kind": "exponential", "mean": 1.0},
        ),
    ]


def _check(
    name: str,
    policy: dict[str, Any],
    together: int,
    workers: int,
    theory: float,
    formula: str,
    **keys: Any,
) -> Check:
    """Return the check of a policy's accuracy, in groups that meet no others."""
    scenario = apart(
        f"accuracy {name}",
        policy,
        workers=workers,
        together=together,
        count=COUNT,
        accuracy=OWN,
        **{"service": SIZES, "placement": "fixed", **keys},
    )
    (check,) = checks_of("accuracy", name, scenario, ("accuracy", theory, formula), source=SOURCE)
    return check


def by_collage() -> float:
    """Return the accuracy where the collage answers whoever is late, unless it is late too."""
    used = LATE * (1 - LATE)
    return OWN * (1 - used) + used * _known("digits-collage-2", 1)


def by_parity() -> float:
    """Return the accuracy where a parity answers one who is late, the other two being on time."""
    used = LATE * (1 - LATE) ** 2
    return OWN * (1 - used) + used * _known("digits-parity-sum-2", 2)


def by_deadline() -> float:
    """Return the accuracy of what is decoded at the deadline; with fewer than 4, of all, later."""
    there = {r: comb(6, r) * (1 - LATE) ** r * LATE ** (6 - r) for r in range(7)}
    return sum(p * _known("digits-lagrange-4-6", r if r >= 4 else 6) for r, p in there.items())


def _known(table: str, returned: int) -> float:
    """Return the mean accuracy over the sets of so many tasks."""
    sets = [each.value for each in read_accuracy(table).sets if len(each.returned) == returned]
    return sum(sets) / len(sets)

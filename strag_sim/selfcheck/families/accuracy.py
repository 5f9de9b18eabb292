"""The accuracy of answers without queueing, where each task is late with a probability of its own.

Accuracies are those of shipped tables. A task takes 1 s, or 20 s if it is late.
"""

from typing import Any

from strag_sim.accuracies import read_accuracy
from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import apart
from strag_sim.theory import accuracy

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
    of_code = {r: _known("digits-lagrange-4-6", r) for r in (4, 5, 6)}
    return [
        _check(
            "collage 2x2",
            collage,
            4,
            5,
            accuracy.by_collage(OWN, _known("digits-collage-2", 1), LATE, OWN),
            "a (1 - p + p^2) + p (1 - p) b",
        ),
        _check(
            "parity 2 + 1",
            parity,
            2,
            3,
            accuracy.by_parity(OWN, _known("digits-parity-sum-2", 2), 2, LATE, OWN),
            "a (1 - q) + q b, q = p (1 - p)^2",
        ),
        _check(
            "4 of 6 at a deadline",
            {**lagrange, "threshold": 4, "deadline": 2.0},
            4,
            6,
            accuracy.by_any(of_code, 6, LATE, of_code[6]),
            "sum_(r>=4) P(r) a(r) + P(< 4) a(6)",
        ),
        _check(
            "the first 4 of 6",
            {**lagrange, "threshold": 4},
            4,
            6,
            of_code[4],
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


def _known(table: str, returned: int) -> float:
    """Return the mean accuracy over the sets of so many tasks."""
    sets = [each.value for each in read_accuracy(table).sets if len(each.returned) == returned]
    return sum(sets) / len(sets)

"""Parity models without queueing: any k of k own and r parity tasks."""

from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import COLLAGE_VM, Scenario, apart, collage_vm
from strag_sim.theory import groups, laws

ONE, DECODE = laws.exponential(1.0), 0.02
LAW = "P(X > t) P(decode + k-th of the k - 1 + r others > t)"
SOURCE = "Kosaian et al. 2019"


def checks() -> list[Check]:
    """Return the checks of 2 + 1 exponential tasks and of 4 + 2 measured ones."""
    two_and_one = groups.parity_survival(ONE, 2)
    own, _, longest = collage_vm()
    four_and_two = groups.parity_survival(own, 4, 2, DECODE)
    end = longest + DECODE
    return [
        *checks_of(
            "parity",
            "2 + 1",
            group("parity", 2, 1),
            ("mean", 2 / 3, "int 2 exp(-2t) - exp(-3t)"),
            ("p99", laws.quantile(two_and_one, 0.99), "2 exp(-2t) - exp(-3t)"),
            ("cost", 1.5, "E[X] (1 + r / k)"),
            source=SOURCE,
        ),
        *checks_of(
            "parity",
            "2 + 1, stopped",
            group("parity stopped", 2, 1, cancel="running"),
            ("cost", groups.parity_cost(ONE, 2, upper=60.0), "E[T] + r E[min(P, Y)] / k"),
            source=SOURCE,
        ),
        *checks_of(
            "parity",
            "4 + 2, collage-vm, decode 0.02, stopped",
            group("parity 4", 4, 2, service=COLLAGE_VM, decode=DECODE, cancel="running"),
            ("mean", laws.mean(four_and_two, upper=end), f"int {LAW}"),
            ("p99", laws.quantile(four_and_two, 0.99), LAW),
            (
                "cost",
                groups.parity_cost(own, 4, 2, upper=end, decode=DECODE),
                "E[T] + r E[min(P, Y)] / k",
            ),
            source=SOURCE,
        ),
    ]


def group(name: str, inputs: int, parities: int, **keys: Any) -> Scenario:
    """Return groups on a worker a task."""
    return apart(
        name,
        {"kind": "parity", "inputs": inputs, "parities": parities},
        workers=inputs + parities,
        together=inputs,
        placement="fixed",
        **keys,
    )

"""How many requests each policy can bear: the rate of answers where more are asked for."""

from collections.abc import Mapping
from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import NONE, UNIFORM, saturated, uniform_survival
from strag_sim.theory import saturation

BACKUP = 2.0  # mean size of a collage or a parity task
MODELS = {"backup": {"service": {"kind": "exponential", "mean": BACKUP}}}


def checks() -> list[Check]:
    """Return the checks, one policy each."""
    return [
        *of("no redundancy, 3 workers", NONE, 3, saturation.never_cancelled(3, 1, 1), "n / E[S]"),
        *left_to_run(),
        *stopped(),
    ]


def left_to_run() -> list[Check]:
    """Return the checks of policies whose tasks are never stopped, and wait in one queue.

    With a queue each, workers drift apart by the square root of what they have done, and the first
    of two answers comes early by as much.
    """
    return [
        *of(
            "2 copies, never stopped, 4 workers",
            copies(2),
            4,
            saturation.never_cancelled(4, 2, 1),
            "n / (r E[S])",
            workers={"queue": "shared"},
            cancel="never",
        ),
        *with_backup("collage of 4", {"kind": "collage", "grid": 2}, 4),
        *with_backup("2 + 1 parity", {"kind": "parity", "inputs": 2}, 2),
    ]


def stopped() -> list[Check]:
    """Return the checks of policies that stop or drop what is no longer needed."""
    any_two = {"kind": "lagrange", "inputs": 1, "tasks": 3, "threshold": 2}
    exponential = saturation.stopped_exponential
    lockstep = saturation.copies_on_all(uniform_survival, 2, upper=1.5)
    uniform: dict[str, Any] = {"service": UNIFORM}
    return [
        *of("2 copies of 3, stopped", copies(2), 3, exponential(3, 1, 1), "n mu", cancel="running"),
        *of(
            "any 2 of 3 tasks, stopped",
            any_two,
            3,
            exponential(3, 2, 1),
            "n mu / k",
            cancel="running",
        ),
        *of(
            "copies on 2 of 2, uniform sizes, stopped",
            copies(2),
            2,
            lockstep,
            "1 / E[min of n sizes]",
            cancel="running",
            **uniform,
        ),
        *of(
            "2 copies of 4, uniform sizes, dropped at the first start",
            copies(2),
            4,
            saturation.never_cancelled(4, 1, 1),
            "n / E[S]",
            cancel="on-start",
            **uniform,
        ),
    ]


def of(
    name: str,
    policy: Mapping[str, Any],
    count: int,
    rate: float,
    formula: str,
    *,
    workers: Mapping[str, Any] | None = None,
    **keys: Any,
) -> list[Check]:
    """Return the check of a policy."""
    crew = {"count": count, **(workers or {})}
    scenario = saturated(f"saturated {name}", policy, rate=rate, workers=crew, **keys)
    claim = ("throughput", rate, formula)
    return checks_of("saturation", name, scenario, claim, source="Joshi et al. 2017")


def with_backup(name: str, policy: dict[str, Any], requests: int) -> list[Check]:
    """Return the check of a policy whose redundant tasks are served by all, and never stopped."""
    return of(
        f"{name}, never stopped, 3 workers",
        {**policy, "model": "backup", "redundant_workers": "shared"},
        3,
        saturation.shared_backup(3, 1, BACKUP, requests=requests),
        "n / (E[X] + r E[C] / k)",
        workers={"queue": "shared"},
        cancel="never",
        models=MODELS,
    )


def copies(count: int) -> dict[str, Any]:
    """Return replication."""
    return {"kind": "replication", "copies": count}

"""How many requests each policy can bear: the rate of answers where more are asked for."""

from collections.abc import Mapping
from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import NONE, UNIFORM, saturated, uniform_survival
from strag_sim.theory import saturation

BACKUP = 2.0  # mean size of a collage or a parity task
MODELS = {"backup": {"service": {"kind": "exponential", "mean": BACKUP}}}


def checks() -> list[Check]:
    """Return the checks, one policy a line.

    Where tasks are never stopped they wait in one queue: with a queue each, workers drift apart by
    the square root of what they have done, and the first of two answers comes early by as much.
    """
    shared = {"queue": "shared"}
    return [
        *of("no redundancy, 3 workers", NONE, 3, saturation.never_cancelled(3, 1, 1), "n / E[S]"),
        *of(
            "2 copies, never stopped, 4 workers",
            copies(2),
            4,
            saturation.never_cancelled(4, 2, 1),
            "n / (r E[S])",
            workers=shared,
            cancel="never",
        ),
        *of(
            "2 copies of 3, stopped",
            copies(2),
            3,
            saturation.stopped_exponential(3, 1, 1),
            "n / E[S]",
            cancel="running",
        ),
        *of(
            "copies on 2 of 2, uniform sizes, stopped",
            copies(2),
            2,
            saturation.copies_on_all(uniform_survival, 2, upper=1.5),
            "1 / E[min of n sizes]",
            service=UNIFORM,
            cancel="running",
        ),
        *of(
            "2 copies of 4, uniform sizes, dropped at the first start",
            copies(2),
            4,
            saturation.never_cancelled(4, 1, 1),
            "n / E[S]",
            service=UNIFORM,
            cancel="on-start",
        ),
        *of(
            "any 2 of 3 tasks, stopped",
            {"kind": "lagrange", "inputs": 1, "tasks": 3, "threshold": 2},
            3,
            saturation.stopped_exponential(3, 2, 1),
            "n mu / k",
            cancel="running",
        ),
        *with_backup("collage of 4", {"kind": "collage", "grid": 2}, 4),
        *with_backup("2 + 1 parity", {"kind": "parity", "inputs": 2}, 2),
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

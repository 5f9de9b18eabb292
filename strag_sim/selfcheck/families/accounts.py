"""What holds of every run of every policy under load: Little's law, and the books of work."""

import math
from typing import Any

from strag_sim.policies import KINDS
from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import Scenario, poisson

WORKERS, LOAD, RUNS, REQUESTS, WARM_UP = 8, 0.3, 5, 4000, 240
TIMEOUT: dict[str, Any] = {"use": "timeout", "timeout": 2.0}
BATCH: dict[str, Any] = {"batch": {"max": 3, "wait": 0.2, "growth": 0.5}}
LAW: dict[str, Any] = {"kind": "lognormal", "mean": 1.0, "cv": 1.0}
# How each kind is called here; WARM_UP is a multiple of every group.
EXAMPLES: dict[str, tuple[dict[str, Any], ...]] = {
    "none": ({},),
    "replication": ({"copies": 2}, {"copies": 2, "cancel": "on-start"}, {"copies": 2, **BATCH}),
    "hedge": ({"delay": 1.0},),
    "relaunch": ({"timeout": 2.0}, {"timeout": 2.0, **BATCH}),
    "collage": ({"grid": 2}, {"grid": 2, **TIMEOUT}),
    "mds": ({"inputs": 2, "tasks": 3},),
    "lagrange": ({"inputs": 4, "tasks": 5, "threshold": 4},),
    "berrut": ({"inputs": 2, "stragglers": 1},),
    "parity": ({"inputs": 2},),
    "ensemble": (
        {"members": ["first", "second"]},
        {"members": ["first", "second"], "quorum": 1, "hedges": {"second": 1.0}},
    ),
}


def checks() -> list[Check]:
    """Return three identities for each kind of policy; all of its runs must fulfil them.

    That each kind has an example is for the tests to say.
    """
    return [
        check
        for kind in KINDS
        for parameters in EXAMPLES.get(kind, ())
        for check in of_policy({"kind": kind, **parameters})
    ]


def of_policy(policy: dict[str, Any]) -> list[Check]:
    """Return the identities of one policy."""
    settings = {**policy, **({"batch": policy["batch"]["max"]} if "batch" in policy else {})}
    words = [f"{key} {value}" for key, value in settings.items() if key != "kind"]
    name = ", ".join([policy["kind"], *words])
    return checks_of(
        "accounts",
        name,
        _scenario(name, policy),
        ("L", math.nan, "L = lambda W, L from the merged arrivals and answers"),
        ("utilisation of tasks", math.nan, "busy time of all tasks / (slots x time)"),
        ("cost of tasks", math.nan, "busy time of the measured tasks / requests"),
        source="Little 1961",
    )


def _scenario(name: str, policy: dict[str, Any]) -> Scenario:
    """Return a policy under load, its tasks stopped in service unless it says otherwise."""
    return {
        "name": name,
        "seed": 1,
        "runs": RUNS,
        "requests": REQUESTS,
        "warm_up": WARM_UP,
        "arrivals": poisson(LOAD * WORKERS),
        "service": LAW,
        "models": {name: {"service": LAW} for name in policy.get("members", ())},
        "workers": {"count": WORKERS},
        "cancel": "running",
        "decode": 0.05,
        "policies": [policy],
    }

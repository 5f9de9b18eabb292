"""Ensembles without queueing: four models with laws of their own, of which a quorum answers."""

from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import EXPONENTIAL, UNIFORM, Scenario, apart, uniform_survival
from strag_sim.theory import ensembles, laws

LAWS = {
    "fast": ({"kind": "exponential", "mean": 0.5}, laws.exponential(0.5)),
    "usual": (EXPONENTIAL, laws.exponential(1.0)),
    "steady": (UNIFORM, uniform_survival),
    "slow": (
        {"kind": "shifted", "shift": 0.8, "of": {"kind": "exponential", "mean": 0.4}},
        laws.later(laws.exponential(0.4), 0.8),
    ),
}
MEMBERS = [survival for _, survival in LAWS.values()]
UPPER = 60.0
SOURCE = "Wang 1993"


def checks() -> list[Check]:
    """Return the checks of all four, and of any three."""
    every, three = (ensembles.quorum_survival(MEMBERS, quorum) for quorum in (4, 3))
    cost = ensembles.cost(MEMBERS, 3, upper=UPPER)
    return [
        *checks_of(
            "ensembles",
            "all of 4 models",
            quorum_of(4),
            ("mean", laws.mean(every, upper=UPPER), "int 1 - prod_i F_i(t)"),
            ("p99", laws.quantile(every, 0.99), "1 - prod_i F_i(t)"),
            ("cost", 0.5 + 1.0 + 1.0 + 1.2, "sum_i E[X_i]"),
            source=SOURCE,
        ),
        *checks_of(
            "ensembles",
            "any 3 of 4 models, stopped",
            quorum_of(3, cancel="running"),
            ("mean", laws.mean(three, upper=UPPER), "int P(N < 3), N Poisson-binomial of F_i(t)"),
            ("p99", laws.quantile(three, 0.99), "P(N < 3), N Poisson-binomial of F_i(t)"),
            ("cost", cost, "sum_i E[min(X_i, T)]"),
            source=SOURCE,
        ),
    ]


def quorum_of(quorum: int, **keys: Any) -> Scenario:
    """Return requests to an ensemble on a worker a model."""
    policy = {
        "kind": "strag_sim.selfcheck.members:Members",
        "models": list(LAWS),
        "quorum": quorum,
    }
    models = {name: {"service": service} for name, (service, _) in LAWS.items()}
    return apart(f"quorum {quorum}", policy, workers=len(LAWS), models=models, **keys)

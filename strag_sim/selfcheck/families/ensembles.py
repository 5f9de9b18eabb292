"""Ensembles on devices without queueing: members with laws of their own, and what answers for them.

Each member has a device to itself; one that is asked twice, two.
"""

from typing import Any

from strag_sim.accuracies import read_accuracy
from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import (
    EXPONENTIAL,
    UNIFORM,
    Scenario,
    on_devices,
    uniform_survival,
)
from strag_sim.theory import ensembles, laws, order_statistics, redundancy

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
EARLY, DEADLINE, LATE, DELAY = 1.0, 1.2, 1.3, 0.7
# Means of the members of a table of accuracies.
TABLE, MEANS = "digits-ensemble-5-average", (0.4, 0.6, 1.0, 1.4, 2.0)
UPPER = 60.0
SOURCE = "Wang 1993"


def checks() -> list[Check]:
    """Return the checks of all members, of a quorum, of a deadline and of members asked twice."""
    return [*of_alike(), *of_a_quorum(), *of_a_deadline(), *of_an_accuracy(), *asked_twice()]


def of_alike() -> list[Check]:
    """Return the checks of five members alike: the largest of five exponential sizes."""
    models = {f"model {i}": EXPONENTIAL for i in range(5)}
    five = order_statistics.survival(laws.exponential(1.0), 5, 5)
    return checks_of(
        "ensembles",
        "all of 5 models alike",
        on_devices("five alike", ensemble(models), models=models, devices=[{"count": 5}]),
        ("mean", order_statistics.exponential_mean(1.0, 5, 5), "H_5 / mu"),
        ("p99", laws.quantile(five, 0.99), "1 - F(t)^5"),
        source="David and Nagaraja 2003",
    )


def of_a_quorum() -> list[Check]:
    """Return the checks of all four members that are unlike, and of any three of them."""
    every, three = (ensembles.quorum_survival(MEMBERS, quorum) for quorum in (4, 3))
    cost = ensembles.cost(MEMBERS, 3, upper=UPPER)
    return [
        *checks_of(
            "ensembles",
            "all of 4 models",
            unlike("all of 4"),
            ("mean", laws.mean(every, upper=UPPER), "int 1 - prod_i F_i(t)"),
            ("p99", laws.quantile(every, 0.99), "1 - prod_i F_i(t)"),
            ("cost", 0.5 + 1.0 + 1.0 + 1.2, "sum_i E[X_i]"),
            source=SOURCE,
        ),
        *checks_of(
            "ensembles",
            "any 3 of 4 models, stopped",
            unlike("any 3 of 4", quorum=3),
            ("mean", laws.mean(three, upper=UPPER), "int P(N < 3), N Poisson-binomial of F_i(t)"),
            ("p99", laws.quantile(three, 0.99), "P(N < 3), N Poisson-binomial of F_i(t)"),
            ("cost", cost, "sum_i E[min(X_i, T)]"),
            source=SOURCE,
        ),
    ]


def of_a_deadline() -> list[Check]:
    """Return the checks of all four until a deadline, and of any two from then on."""
    answered = ensembles.deadline_survival(MEMBERS, 2, DEADLINE)
    return checks_of(
        "ensembles",
        "all of 4 models until a deadline, then any 2",
        unlike("a deadline", quorum=2, deadline=DEADLINE),
        ("mean", laws.mean(answered, upper=UPPER), "int P(T > t), T = min(X_(4), max(D, X_(2)))"),
        (f"P(T > {EARLY})", float(answered(laws.as_array(EARLY))), "1 - prod_i F_i(t) before D"),
        (f"P(T > {LATE})", float(answered(laws.as_array(LATE))), "P(N < 2) from D on"),
        source=SOURCE,
    )


def of_an_accuracy() -> list[Check]:
    """Return the check of the accuracy of what is there at a deadline."""
    models = {f"model {i}": {"kind": "exponential", "mean": m} for i, m in enumerate(MEANS)}
    known = {each.returned: each.value for each in read_accuracy(TABLE).sets}
    policy = ensemble(models, deadline=DEADLINE, accuracy=TABLE)
    return checks_of(
        "ensembles",
        "what is there of 5 models at a deadline",
        on_devices("accuracy at a deadline", policy, models=models, devices=[{"count": 5}]),
        (
            "accuracy",
            ensembles.deadline_accuracy(known, MEANS, DEADLINE),
            "sum_S P(S by D) a(S) + P(none) sum_i a({i}) mu_i / sum_j mu_j",
        ),
        source="Wang 1993; Pochelu et al. 2021",
    )


def asked_twice() -> list[Check]:
    """Return the checks of a member with a copy and one with a hedge, of which both must be in.

    The other one of either is stopped at the first.
    """
    models = {"copied": EXPONENTIAL, "hedged": EXPONENTIAL}
    one = laws.exponential(1.0)
    members = [laws.exponential(0.5), redundancy.hedge_survival(one, DELAY)]
    last = ensembles.quorum_survival(members, 2)
    policy = ensemble(models, copies={"copied": 2}, hedges={"hedged": DELAY})
    policy["allocation"] = [[1, 0], [1, 0], [0, 1], [0, 1]]
    return checks_of(
        "ensembles",
        "a copied and a hedged model, both needed",
        on_devices("asked twice", policy, models=models, devices=[{"count": 4}], cancel="running"),
        ("mean", laws.mean(last, upper=UPPER), "int 1 - (1 - P(X > t)^2) (1 - P(H > t))"),
        ("p99", laws.quantile(last, 0.99), "P(H > t) = P(X > t) P(X > t - d)"),
        ("cost", 2.0, "2 / mu: each second one is as good as new"),
        source="Vulimiri et al. 2013",
    )


def unlike(name: str, **parameters: Any) -> Scenario:
    """Return requests to the four members that are unlike, stopped when they are not needed."""
    models = {name: service for name, (service, _) in LAWS.items()}
    return on_devices(
        name,
        ensemble(models, **parameters),
        models=models,
        devices=[{"count": len(LAWS)}],
        cancel="running",
    )


def ensemble(models: Any, **parameters: Any) -> dict[str, Any]:
    """Return the policy of an ensemble of all models."""
    return {"kind": "ensemble", "members": list(models), **parameters}

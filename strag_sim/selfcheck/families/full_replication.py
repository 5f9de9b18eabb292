"""A copy on every worker, all stopped at the first answer: workers in lockstep."""

from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import UNIFORM, Scenario, poisson, queue, uniform_survival
from strag_sim.theory import laws, queues, redundancy, renewal

SOURCE = "Gardner et al. 2017"


def checks() -> list[Check]:
    """Return the checks: M/G/1 whose sizes are the smallest of n."""
    rate = 0.8
    first = laws.mean(lambda t: uniform_survival(t) ** 2, upper=1.5)
    responses = renewal.mg1_response_survival(
        rate, lambda t: uniform_survival(t) ** 2, first, upper=40.0
    )
    mean = redundancy.copies_on_all_mean(rate, uniform_survival, 2, upper=1.5)
    return [
        *checks_of(
            "full-replication",
            "copies on 3 of 3, load 0.7",
            everywhere("full exponential", 2.1, 3, 0.7),
            ("mean", queues.mm1_mean(2.1, 1 / 3), "M/M/1 at n mu"),
            ("p99", queues.mm1_quantile(0.99, 2.1, 1 / 3), "ln 100 E[T]"),
            source=SOURCE,
        ),
        *checks_of(
            "full-replication",
            "copies on 2 of 2, uniform sizes",
            everywhere("full uniform", rate, 2, rate * first, service=UNIFORM),
            ("mean", mean, "M/G/1 with S = min of n sizes"),
            ("p99", laws.quantile(responses, 0.99), "renewal equation of that M/G/1"),
            ("cost", 2 * first, "n E[min of n sizes]"),
            source=SOURCE,
        ),
    ]


def everywhere(name: str, rate: float, workers: int, load: float, **keys: Any) -> Scenario:
    """Return a queue with a copy of each request on every worker."""
    return queue(
        name,
        poisson(rate),
        load=load,
        policy={"kind": "replication", "copies": workers},
        workers={"count": workers},
        cancel="running",
        **keys,
    )

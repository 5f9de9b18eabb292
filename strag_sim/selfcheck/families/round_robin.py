"""E_n/M/1: Poisson arrivals to n workers in turn."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import poisson, queue
from strag_sim.theory import queues

ROOT = "1 / (mu (1 - s)), s = (lambda / (lambda + mu (1 - s)))^n"


def checks() -> list[Check]:
    """Return the checks of two and of five workers."""
    load = 0.8
    return [
        check
        for workers in (2, 5)
        for check in checks_of(
            "round-robin",
            f"E_{workers}/M/1, round robin over {workers}, load {load}",
            queue(
                f"round robin {workers}",
                poisson(load * workers),
                load=load,
                workers={"count": workers, "placement": "round-robin"},
            ),
            ("mean", queues.round_robin_mean(load * workers, 1, workers), ROOT),
            (
                "p99",
                queues.round_robin_quantile(0.99, load * workers, 1, workers),
                "ln 100 E[T]",
            ),
            source="Kleinrock 1975",
        )
    ]

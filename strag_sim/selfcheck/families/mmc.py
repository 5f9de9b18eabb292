"""M/M/c: a queue that several workers, or slots, share."""

from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import poisson, queue
from strag_sim.theory import queues

CREWS: dict[str, dict[str, Any]] = {
    "4 workers": {"count": 4, "queue": "shared"},
    "4 slots": {"groups": [{"count": 1, "slots": 4}]},
}


def checks() -> list[Check]:
    """Return the checks: four workers and four slots of one are the same."""
    rate, load = 2.8, 0.7
    return [
        check
        for name, crew in CREWS.items()
        for check in checks_of(
            "mmc",
            f"M/M/4, {name}, load {load}",
            queue(f"mmc {name}", poisson(rate), load=load, workers=crew),
            ("mean", queues.mmc_mean(rate, 1, 4), "C / (c mu - lambda) + 1 / mu, C of Erlang"),
            ("p99", queues.mmc_quantile(0.99, rate, 1, 4), "T = S, or with chance C W + S"),
            source="Harchol-Balter 2013",
        )
    ]

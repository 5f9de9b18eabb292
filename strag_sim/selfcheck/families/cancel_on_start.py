"""Copies in all queues, dropped when the first one starts: a central queue."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import poisson, queue
from strag_sim.theory import queues


def checks() -> list[Check]:
    """Return the checks: n queues with n copies each are M/M/n, at no cost."""
    workers, load = 4, 0.7
    rate = load * workers
    return checks_of(
        "cancel-on-start",
        f"{workers} copies on {workers}, dropped at the first start, load {load}",
        queue(
            "cancel on start",
            poisson(rate),
            load=load,
            policy={"kind": "replication", "copies": workers},
            workers={"count": workers},
            cancel="on-start",
        ),
        ("mean", queues.mmc_mean(rate, 1, workers), "M/M/n"),
        ("p99", queues.mmc_quantile(0.99, rate, 1, workers), "M/M/n"),
        ("cost", 1.0, "E[S]"),
        source="Harchol-Balter 2013",
    )

"""M/M/1: one worker, Poisson arrivals, exponential sizes."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import poisson, queue
from strag_sim.theory import queues

SOURCE = "Kleinrock 1975"


def checks() -> list[Check]:
    """Return the checks: the whole law of responses is exponential."""
    rate = 0.7
    return checks_of(
        "mm1",
        "M/M/1, load 0.7",
        queue("mm1", poisson(rate), load=rate),
        ("mean", queues.mm1_mean(rate, 1), "1 / (mu - lambda)"),
        ("p50", queues.mm1_quantile(0.5, rate, 1), "ln 2 E[T]"),
        ("p99", queues.mm1_quantile(0.99, rate, 1), "ln 100 E[T]"),
        ("utilisation", rate, "lambda / mu"),
        ("cost", 1.0, "1 / mu"),
        source=SOURCE,
    )

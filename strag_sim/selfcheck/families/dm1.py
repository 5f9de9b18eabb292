"""D/M/1: arrivals like clockwork."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import queue
from strag_sim.theory import arrivals


def checks() -> list[Check]:
    """Return the checks: responses are exponential, as of all GI/M/1."""
    load, interval = 0.8, 1.25
    gaps = arrivals.constant_gaps(1 / interval)
    arriving = {"kind": "deterministic", "interval": interval}
    return checks_of(
        "dm1",
        f"D/M/1, load {load}",
        queue("dm1", arriving, load=load),
        (
            "mean",
            arrivals.gim1_mean(gaps, 1),
            "1 / (mu (1 - s)), s = exp(-(1 - s) mu / lambda)",
        ),
        ("p50", arrivals.gim1_quantile(0.5, gaps, 1), "ln 2 E[T]"),
        ("p99", arrivals.gim1_quantile(0.99, gaps, 1), "ln 100 E[T]"),
        source="Kleinrock 1975",
    )

"""M/D/1: sizes that are all the same."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import DETERMINISTIC, poisson, queue
from strag_sim.theory import laws, queues, renewal

QUANTILE = "1 + quantile of P(W <= t) = (1 - rho) sum_k (-u_k)^k / k! exp(u_k)"


def checks() -> list[Check]:
    """Return the checks; percentiles are those of the wait, and one size."""
    rate = 0.7
    wait = renewal.md1_wait_survival(rate, 1.0)
    return checks_of(
        "md1",
        "M/D/1, load 0.7",
        queue("md1", poisson(rate), load=rate, service=DETERMINISTIC),
        ("mean", queues.md1_mean(rate, 1), "1 / mu + rho / (2 mu (1 - rho))"),
        ("p50", 1 + laws.quantile(wait, 0.5), QUANTILE),
        ("p99", 1 + laws.quantile(wait, 0.99), QUANTILE),
        source="Erlang 1909; Franx 2001",
    )

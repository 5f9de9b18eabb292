"""Split-merge (n, k): all n workers begin a request together, and the next when k are done."""

from collections.abc import Mapping
from typing import Any

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import COLLAGE_VM, EXPONENTIAL, closed, collage_vm
from strag_sim.theory import laws, order_statistics, saturation

UPPER = 60.0  # no exponential size of mean 1 is longer


def checks() -> list[Check]:
    """Return the checks: how long a cycle is, and so how many requests it can bear."""
    own, _, longest = collage_vm()
    return [
        *of_law("exponential sizes", EXPONENTIAL, laws.exponential(1.0), UPPER, (6, 8)),
        *of_law("collage-vm", COLLAGE_VM, own, longest, (9, 10)),
    ]


def of_law(
    name: str, service: Mapping[str, Any], one: laws.Survival, upper: float, code: tuple[int, int]
) -> list[Check]:
    """Return the checks of a client who waits for k of n tasks before the next request."""
    k, n = code
    cycle = order_statistics.survival(one, k, n)
    policy = {"kind": "lagrange", "inputs": 1, "tasks": n, "threshold": k}
    return checks_of(
        "split-merge",
        f"({n}, {k}), {name}",
        closed(f"split {name}", policy, workers={"count": n}, service=service, cancel="running"),
        ("mean", laws.mean(cycle, upper=upper), "E[X_(k:n)]"),
        ("p99", laws.quantile(cycle, 0.99), "I_F(t)(k, n - k + 1) = 0.99"),
        ("throughput", saturation.split_merge(one, k, n, upper=upper), "1 / E[X_(k:n)]"),
        source="Lee et al. 2018",
    )

"""The time until k of n tasks are done, without queueing, for many laws of sizes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import COLLAGE_VM, EXPONENTIAL, apart, collage_vm
from strag_sim.theory import laws, order_statistics

K, N = 6, 8
VALUES = (0.1, 0.2, 0.4, 0.8, 1.6)
SHIFT, MINIMUM, SHAPE, LOW, HIGH = 0.5, 0.6, 2.5, 0.5, 1.5
SOURCE = "David and Nagaraja 2003"
P99 = "Q(I^-1_0.99(k, n - k + 1))"


def checks() -> list[Check]:
    """Return the checks of six laws; costs are those of tasks stopped once k are done."""
    exponential_mean = order_statistics.exponential_mean(1, K, N)
    shifted = {"kind": "shifted", "shift": SHIFT, "of": EXPONENTIAL}
    pareto = {"kind": "pareto", "minimum": MINIMUM, "shape": SHAPE}
    uniform_mean = order_statistics.uniform_mean(LOW, HIGH, K, N)
    return [
        *of_law(
            "exponential",
            EXPONENTIAL,
            ("mean", exponential_mean, "(H_n - H_(n-k)) / mu"),
            ("p99", quantile(_exponential), P99),
            ("cost", K, "k / mu"),
        ),
        *of_law(
            "shifted exponential",
            shifted,
            ("mean", SHIFT + exponential_mean, "shift + (H_n - H_(n-k)) / mu"),
            ("p99", SHIFT + quantile(_exponential), P99),
            ("cost", N * SHIFT + K, "n shift + k / mu"),
        ),
        *of_law(
            "Pareto",
            pareto,
            (
                "mean",
                order_statistics.pareto_mean(MINIMUM, SHAPE, K, N),
                "m G(n+1) G(n-k+1-1/a) / (G(n-k+1) G(n+1-1/a))",
            ),
            ("p99", quantile(lambda p: MINIMUM * (1 - p) ** (-1 / SHAPE)), P99),
            ("cost", pareto_cost(), "sum_(j<=k) E[X_(j)] + (n - k) E[X_(k)]"),
        ),
        *of_law(
            "uniform",
            {"kind": "uniform", "low": LOW, "high": HIGH},
            ("mean", uniform_mean, "low + (high - low) k / (n + 1)"),
            ("p99", quantile(lambda p: LOW + (HIGH - LOW) * p), P99),
        ),
        *of_law("empirical", {"kind": "empirical", "values": list(VALUES)}, *empirical()),
        *of_law("collage-vm", COLLAGE_VM, *measured()),
    ]


def of_law(name: str, service: Mapping[str, Any], *claims: tuple[str, float, str]) -> list[Check]:
    """Return the checks of a law: any 6 of 8 tasks, the others stopped."""
    policy = {"kind": "lagrange", "inputs": 1, "tasks": N, "threshold": K}
    scenario = apart(f"order {name}", policy, workers=N, service=service, cancel="running")
    case = f"{K} of {N}, {name}"
    return checks_of("order-statistics", case, scenario, *claims, source=SOURCE)


def quantile(of_one: laws.Quantile) -> float:
    """Return the p99 of the k-th of n."""
    return order_statistics.quantile(0.99, of_one, K, N)


def pareto_cost() -> float:
    """Return the worker-seconds of Pareto tasks, see `order_statistics.cost`."""
    means = [order_statistics.pareto_mean(MINIMUM, SHAPE, j, N) for j in range(1, K + 1)]
    return sum(means) + (N - K) * means[-1]


def empirical() -> list[tuple[str, float, str]]:
    """Return what is known where each size is one of five: its law has atoms, so no quantile."""
    chance = order_statistics.survival(lambda t: np.asarray(0.4 + 0 * t), K, N)
    return [
        (
            "mean",
            order_statistics.empirical_mean(VALUES, K, N),
            "sum_i x_i (I_(i/m) - I_((i-1)/m))",
        ),
        ("P(T > 0.5)", float(chance(np.array(0.5))), "1 - I_0.6(k, n - k + 1)"),
    ]


def measured() -> list[tuple[str, float, str]]:
    """Return what is known of the latencies that the collage authors measured."""
    own, of_one, longest = collage_vm()
    kth = order_statistics.survival(own, K, N)
    return [
        ("mean", laws.mean(kth, upper=longest), "int 1 - I_F(t)(k, n - k + 1) dt"),
        ("p99", quantile(of_one), P99),
        (
            "cost",
            order_statistics.cost(own, K, N, upper=longest),
            "sum_(j<=k) E[X_(j)] + (n - k) E[X_(k)]",
        ),
    ]


def _exponential(level: laws.FloatArray) -> laws.FloatArray:
    """Return the quantile of the exponential law of mean 1."""
    return np.asarray(-np.log1p(-level))

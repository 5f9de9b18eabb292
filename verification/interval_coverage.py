"""Do the 95 % intervals cover the truth in 95 of 100 experiments?

    python verification/interval_coverage.py [DIR] [EXPERIMENTS]

Experiments whose truth is known: a queue (M/M/1) with Poisson arrivals beside one with a faster
worker, and any 9 of 10 workers that never queue beside any 8 of them. An experiment is 20 runs, and
independent of all others. It gives the intervals that results print, of mean and p99 of the first
policy (sectioning), and those of the ratio of the two p99 by each method of `strag-sim compare`.

DIR/coverage.csv (by default in results/coverage) has a row a case and interval: in which share of
the experiments (by default 1,000) it covered the truth, and lay above and below it. The exit code
is 1 if one that is ``promised`` (runs are long enough, and it is not by resampling) covers in less
than 93 % or more than 97 %.

(No script here may be called coverage.py: numba, started from beside it, would take it for the
package of that name.)
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import strag_sim
from strag_sim.statistics import Estimates, Interval, estimate, section
from strag_sim.statistics.paired import METHODS, paired
from strag_sim.theory import order_statistics, queues

RUNS, CONFIDENCE = 20, 0.95
LEAST, MOST = 0.93, 0.97
TOGETHER = 25  # experiments that are simulated at once, as runs of one seed
RATE, SPEED = 0.5, 1.25  # of the queues' arrivals, and of the faster worker
QUEUES: dict[str, Any] = {
    "arrivals": {"kind": "poisson", "rate": RATE},
    "workers": {"count": 1},
    "policies": [
        {"kind": "none", "label": "base"},
        {"kind": "none", "label": "other", "workers": {"groups": [{"count": 1, "speed": SPEED}]}},
    ],
}
CODED: dict[str, Any] = {
    "arrivals": {"kind": "deterministic", "interval": 100},
    "workers": {"count": 10, "placement": "fixed"},
    "policies": [
        {"kind": "lagrange", "inputs": 1, "tasks": 10, "threshold": 9, "label": "base"},
        {"kind": "lagrange", "inputs": 1, "tasks": 10, "threshold": 8, "label": "other"},
    ],
}


@dataclass(frozen=True)
class Truth:
    """Mean and p99 of the first policy in seconds, and the second's p99 over it."""

    mean: float
    p99: float
    ratio: float


@dataclass(frozen=True)
class Case:
    """A scenario with its truth; ``long`` if its runs are long enough for the intervals."""

    name: str
    keys: dict[str, Any]
    truth: Truth
    requests: int
    warm_up: int
    long: bool


def of_queues(requests: int, warm_up: int, *, long: bool) -> Case:
    """Return the two queues."""
    base = queues.mm1_quantile(0.99, RATE, 1.0)
    ratio = queues.mm1_quantile(0.99, RATE, 1 / SPEED) / base
    truth = Truth(queues.mm1_mean(RATE, 1.0), base, ratio)
    return Case("M/M/1, load 0.5", QUEUES, truth, requests, warm_up, long)


def of_codes(requests: int, *, long: bool) -> Case:
    """Return any 9 and any 8 of 10 exponential sizes."""
    base, other = (
        order_statistics.quantile(0.99, lambda level: -np.log1p(-level), k, 10) for k in (9, 8)
    )
    truth = Truth(order_statistics.exponential_mean(1.0, 9, 10), base, other / base)
    return Case("9 of 10", CODED, truth, requests, 0, long)


CASES = (
    of_queues(20_000, 500, long=True),
    of_codes(2_000, long=True),
    of_queues(2_000, 500, long=False),
    of_queues(500, 0, long=False),
    of_codes(100, long=False),
)


def intervals(base: Estimates, other: Estimates) -> dict[str, Interval]:
    """Return the intervals of an experiment, by what they are of."""
    found = {
        name: section(base.quantities[name].pooled, base.quantities[name].values, CONFIDENCE)
        for name in ("mean", "p99")
    }
    both = other.quantities["p99"], base.quantities["p99"]
    for method in METHODS:
        rng = np.random.default_rng(1)
        found[f"ratio, {method}"] = paired(*both, CONFIDENCE, method, rng).ratio_interval
    return found


def experiments(case: Case, count: int) -> Iterator[dict[str, Interval]]:
    """Yield the intervals of one experiment after another."""
    for seed in range(-(-count // TOGETHER)):
        todo = min(TOGETHER, count - seed * TOGETHER)
        sizes = {"runs": todo * RUNS, "requests": case.requests, "warm_up": case.warm_up}
        service = {"kind": "exponential", "mean": 1}
        keys = {**case.keys, **sizes, "service": service, "seed": seed}
        samples = strag_sim.simulate(strag_sim.load(keys)).samples
        for first in range(0, todo * RUNS, RUNS):
            runs = slice(first, first + RUNS)
            yield intervals(*(estimate(replace(each, runs=each.runs[runs])) for each in samples))


def rows(case: Case, count: int) -> Iterator[dict[str, Any]]:
    """Yield a row for each interval: how often it covered the truth, lay above, and below."""
    found = list(experiments(case, count))
    for name in found[0]:
        truth = getattr(case.truth, name.partition(",")[0])
        low, high = (
            np.array([getattr(each[name], end) for each in found]) for end in ("low", "high")
        )
        yield {
            "case": case.name,
            "requests": case.requests,
            "warm_up": case.warm_up,
            "interval": name,
            "experiments": count,
            "covered": ((low <= truth) & (truth <= high)).mean(),
            "above": (low > truth).mean(),
            "below": (high < truth).mean(),
            "promised": case.long and not name.endswith("bootstrap"),
        }


def main(folder: str = "results/coverage", count: str = "1000") -> int:
    """Print the table, write it, and return the exit code."""
    found: list[dict[str, Any]] = []
    for case in CASES:
        found += rows(case, int(count))
        print(pd.DataFrame(found[-5:]).to_string(index=False), flush=True)
    table = pd.DataFrame(found)
    Path(folder).mkdir(parents=True, exist_ok=True)
    table.to_csv(Path(folder) / "coverage.csv", index=False, lineterminator="\n")
    kept = table["covered"].between(LEAST, MOST) | ~table["promised"]
    return 0 if kept.all() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

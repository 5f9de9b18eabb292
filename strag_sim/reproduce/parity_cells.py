"""Simulations of ParM's settings: one cell is a load, a k and a number of shuffles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from typing import Any

import pandas as pd

from strag_sim.reproduce.parity_claims import NAMES
from strag_sim.scenario import load
from strag_sim.simulate import simulate
from strag_sim.statistics.estimates import Quantity
from strag_sim.statistics.paired import Paired, paired

BASES = 12  # instances of the base model
RATES = (150, 180, 210, 240, 270, 300, 330, 360, 390)
RATE, K, SHUFFLES = 270, 2, 4  # of the paper's figures 10 and 11
EQUAL, FEWER, PARITY = "equal resources", "without redundancy", "parity"
# What is measured of each policy, by its label: quantiles, and p99.9 less the median; seconds.
Measured = Mapping[str, Mapping[str, Quantity]]


@dataclass(frozen=True)
class Cell:
    """A point of the paper's figures 9 to 11: requests a second, k, and shuffles in background."""

    rate: int = RATE
    k: int = K
    shuffles: int = SHUFFLES

    @property
    def workers(self) -> int:
        """Instances of either system: those of the base model, and one for each k of them."""
        return BASES + BASES // self.k

    @property
    def share(self) -> float:
        """Share of time for which an instance is at an end of one of the shuffles at least."""
        return 1 - (1 - 2 / self.workers) ** self.shuffles


@dataclass(frozen=True)
class Setting:
    """A reading of the contention: a scenario, and what is put in place of its own values.

    ``hit`` is the share of a contended instance's tasks that are slow; ``rate`` that at which it is
    held against the talk's.
    """

    scenario: str
    label: str
    hit: float = 1.0
    values: Mapping[str, Any] = field(default_factory=dict)
    rate: int = RATE

    @property
    def usual(self) -> Cell:
        """The cell that is held against the talk's figure."""
        return Cell(rate=self.rate)

    def overrides(self, cell: Cell) -> dict[str, Any]:
        """Return all values that take the place of the scenario's own in a cell."""
        return {
            "arrivals.rate": cell.rate,
            "workers.count": cell.workers,
            "slowdown.0.share": self.hit * cell.share,
            "policies.2.inputs": cell.k,
            "policies.2.redundant_workers": BASES // cell.k,
            **self.values,
        }


LINK = Setting("shared_link", "half a link: + 0.8 ms")
TWICE = Setting("twice_as_slow", "twice as slow: + 20 ms")
RANDOM = Setting("random_delays", "random: exponential, 10 ms")
CALIBRATED = Setting("calibrated", "calibrated on equal resources")
SETTINGS = (LINK, TWICE, RANDOM, CALIBRATED)
# Workers 0 and 1 slow together, 2 and 3, and so on; for what it changes, no reading of its own.
PAIRS = Setting("calibrated", "calibrated, in pairs", values={"slowdown.0.shared_by": 2})
CELLS = tuple(
    dict.fromkeys(
        [Cell(rate=rate) for rate in RATES]
        + [Cell(k=k) for k in (2, 3, 4)]
        + [Cell(shuffles=shuffles) for shuffles in (2, 3, 4, 5)]
    )
)


def measured(scenario: str, overrides: Mapping[str, Any], jobs: int | None) -> Measured:
    """Simulate a scenario with these values in place of its own, and return what is measured."""
    with as_file(files("strag_sim.reproduce") / f"scenarios/parity/{scenario}.yaml") as path:
        result = simulate(load(path, overrides=overrides), jobs=jobs)
    pooled, runs = result.summary(), result.runs()
    return {
        label: _quantities(pooled[pooled["label"] == label], runs[runs["label"] == label])
        for label in result.labels
    }


def ratio(of: Measured, name: str) -> Paired:
    """Return equal resources over parity, run by run, as `compare` does."""
    return paired(of[EQUAL][name], of[PARITY][name], confidence=0.95)


def growth(of: Measured, base: Measured, name: str) -> Paired:
    """Return the ratio in one cell over that in another, whose runs share random numbers."""
    return paired(_over(of, name), _over(base, name), confidence=0.95)


def _over(of: Measured, name: str) -> Quantity:
    """Return equal resources over parity as a quantity."""
    value, base = of[EQUAL][name], of[PARITY][name]
    return Quantity(value.pooled / base.pooled, value.values / base.values)


def _quantities(pooled: pd.DataFrame, runs: pd.DataFrame) -> dict[str, Quantity]:
    """Return the quantiles of a policy, of all runs and run by run, and p99.9 less the median."""
    by_run = runs.sort_values("run")
    found = {
        name: Quantity(float(pooled[name].iloc[0]), by_run[name].to_numpy(float))
        for name in NAMES
        if name != "gap"
    }
    high, middle = found["p999"], found["p50"]
    gap = Quantity(high.pooled - middle.pooled, high.values - middle.values)
    return {**found, "gap": gap}

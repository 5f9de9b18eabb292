"""Theory against simulation: how far the runs of a policy lie from a number, in standard errors.

A run is independent of the others, its requests are not of each other, so the standard error is
taken from the runs. Their mean over it follows Student's t; it is turned into the z of the same
probability, so that |z| <= 4 has size 6e-5 for any number of runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy import stats

import strag_sim
from strag_sim.distributions.profile import Profile
from strag_sim.results import Result
from strag_sim.theory import laws

LIMIT = 4.0  # P(|Z| > 4) = 6e-5
RUNS = 40
INTERVAL = 100.0  # between groups at zero load; an exponential of mean 1 exceeds it never
EXPONENTIAL = {"kind": "exponential", "mean": 1.0}
COLLAGE_VM = {"kind": "profile", "profile": "collage-vm"}


@dataclass(frozen=True)
class Claim:
    """A number that theory gives for a case, and the number that a planted fault would give.

    ``measure`` is a column of the runs' table, or a quantile such as p99: then the share of
    responses above ``expected`` is held against 1 - 0.99, which unlike a quantile has no bias.
    """

    case: str
    measure: str
    expected: float
    planted: float

    def __str__(self) -> str:
        """Return the name of the claim, for the names of tests."""
        return f"{self.case}-{self.measure}"


def simulated(policy: dict[str, Any], *, seed: int, runs: int = RUNS, **keys: Any) -> Result:
    """Simulate one policy, labelled ``case``."""
    scenario = {
        "name": "theory",
        "seed": seed,
        "runs": runs,
        "policies": [{"label": "case", **policy}],
    }
    return strag_sim.simulate(strag_sim.load(scenario | keys))


def at_zero_load(policy: dict[str, Any], *, together: int = 1, groups: int, **keys: Any) -> Result:
    """Simulate groups of requests that arrive together, far apart from each other."""
    if together == 1:
        arrivals: dict[str, Any] = {"kind": "deterministic", "interval": INTERVAL}
    else:
        times = np.repeat(np.arange(groups) * INTERVAL, together)
        arrivals = {"kind": "trace", "times": times.tolist()}
    return simulated(policy, arrivals=arrivals, requests=groups * together, **keys)


def z_score(result: Result, measure: str, value: float) -> float:
    """Return by how many standard errors the runs lie above a value."""
    if measure.startswith("p"):
        level = float(measure[1:]) / 100
        responses = result.responses("case").reshape(RUNS, -1)
        return z_of_runs((responses > value).mean(axis=1), 1 - level)
    return z_of_runs(result.runs()[measure].to_numpy(dtype=float), value)


def z_of_runs(values: np.ndarray, expected: float) -> float:
    """Return the z of the same probability as the Student t of independent values."""
    error = values.std(ddof=1) / np.sqrt(values.size)
    t = (values.mean() - expected) / error
    return float(np.sign(t) * stats.norm.isf(stats.t.sf(abs(t), values.size - 1)))


def cases(table: dict[str, Callable[[int], Result]]) -> Callable[[str], Result]:
    """Return a function that simulates the case of a name, once, each with a seed of its own."""
    seeds = {name: seed for seed, name in enumerate(table, start=1)}
    return cache(lambda name: table[name](seeds[name]))


def collage_vm() -> tuple[laws.Survival, laws.Quantile, float]:
    """Return the shipped profile's survival and quantile functions and its largest value."""
    law = Profile(profile="collage-vm")
    return laws.from_quantile(law.quantile), law.quantile, float(law.quantile(np.array(1.0)))

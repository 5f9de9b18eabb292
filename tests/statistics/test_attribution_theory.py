"""Where time goes, against closed forms; every claim has a planted fault that fails it.

Values are of independent runs, their z as in `against_theory`: |z| <= 4 has size 6e-5.
"""

from functools import cache

import numpy as np
import pytest
from against_theory import EXPONENTIAL, INTERVAL, LIMIT, RUNS, z_of_runs

import strag_sim
from strag_sim.statistics.attribution import ABOVE, ALL, PARTS

RATE = 0.7


def groups_of(size, groups):
    """Return arrivals of so many requests together, far apart from each other."""
    times = np.repeat(np.arange(groups) * INTERVAL, size)
    return {"kind": "trace", "times": times.tolist()}


SCENARIOS = {
    "mm1": {
        "arrivals": {"kind": "poisson", "rate": RATE},
        "workers": {"count": 1},
        "requests": 25_000,
        "warm_up": 2000,
        "policies": [{"kind": "none"}],
    },
    "mds": {
        "arrivals": groups_of(3, 1000),
        "workers": {"count": 5, "placement": "fixed"},
        "policies": [{"kind": "mds", "inputs": 3, "tasks": 5}],
    },
    "forming": {
        "arrivals": {"kind": "poisson", "rate": 0.1},
        "workers": {"count": 4, "placement": "fixed"},
        "requests": 4000,
        "policies": [{"kind": "mds", "inputs": 4, "tasks": 4}],
    },
    "slow": {
        "arrivals": {"kind": "deterministic", "interval": INTERVAL},
        "workers": {"count": 1},
        "slowdown": [{"kind": "states", "factor": 3, "dwell": 10, "share": 0.2}],
        "requests": 2000,
        "policies": [{"kind": "none"}],
    },
}


@cache
def attributions(name):
    """Simulate a scenario; return the mean parts of each run, shape (runs, 2, parts)."""
    seed = list(SCENARIOS).index(name) + 1
    keys = {"service": EXPONENTIAL, "runs": RUNS, "seed": seed, **SCENARIOS[name]}
    result = strag_sim.simulate(strag_sim.load(keys), attribution=True)
    found = [run.attribution for run in result.samples[0].runs]
    return np.stack([each.seconds / each.requests[:, None] for each in found])


# The scenario, of which requests, the part, what it takes in the mean, and a fault's mean.
CLAIMS = [
    # Planted: all of the response.
    ("mm1", ALL, "queue", RATE / (1 - RATE), 1 / (1 - RATE)),
    ("mm1", ALL, "service", 1.0, 1.01),
    # Of a request that responds in r, service is (1 - exp(-RATE r)) / RATE in the mean: sizes s
    # and waits w = r - s have densities exp(-s) and (with an atom of 1 - RATE at 0)
    # RATE (1 - RATE) exp(-(1 - RATE) w), and r has (1 - RATE) exp(-(1 - RATE) r). Above p99, which
    # is 15.4, it is 1 / RATE to the fifth digit: long services make slow requests. Planted: the
    # service of any request.
    ("mm1", ABOVE, "service", 1 / RATE, 1.0),
    # Any three of five: the first of them is back after 1/5, the third 1/4 + 1/3 later. Planted:
    # the fourth.
    ("mds", ALL, "service", 1 / 5, 1 / 4),
    ("mds", ALL, "waiting", 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 1 / 2),
    # The first of four waits for three more arrivals, the last for none. Planted: for four.
    ("forming", ALL, "forming", (3 + 2 + 1 + 0) / 4 / 0.1, (4 + 3 + 2 + 1) / 4 / 0.1),
    # A worker is slow by 3 for a fifth of the time. Planted: all of the service of these.
    ("slow", ALL, "slowdown", 0.2 * (3 - 1), 0.2 * 3),
    ("slow", ALL, "service", 1.0, 1.4),
]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim[0]}-{claim[1]}-{claim[2]}")
def test_mean_parts(claim):
    """Within four standard errors of theory; the fault lies outside of them."""
    name, which, part, expected, planted = claim
    values = attributions(name)[:, which, PARTS.index(part)]
    z = z_of_runs(values, expected)
    print(f"{name} {part}: {values.mean():.4f}, theory {expected:.4f}, z = {z:+.1f}")

    assert abs(z) <= LIMIT
    assert abs(z_of_runs(values, planted)) > LIMIT


def test_parts_that_cannot_be():
    """Without groups, slowness and redundancy nothing forms, is slow, or is waited for."""
    assert not np.delete(
        attributions("mm1"), [PARTS.index("queue"), PARTS.index("service")], 2
    ).any()

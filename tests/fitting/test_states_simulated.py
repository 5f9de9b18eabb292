"""Fitted states, simulated: workers of the printed scenario remember as the model says."""

import math

import numpy as np
import pytest

import strag_sim
from strag_sim import fitting
from strag_sim.fitting import States
from strag_sim.measurements import Measurements

LIMIT = 4.0  # P(|Z| > 4) = 6e-5
WORKERS, STEPS, RUNS = 4, 1500, 40
SMALL = 0.01  # sizes, so that every task ends before the next begins


@pytest.fixture(scope="module")
def found() -> States:
    """Return the states fitted to ten workers that are slow by 2 for 15 steps, a fifth of all."""
    rng = np.random.default_rng(8)
    slow = np.zeros((2000, 10), dtype=bool)
    for t in range(1, len(slow)):
        slow[t] = rng.random(10) < np.where(slow[t - 1], 1 - 1 / 15, 1 / 60)
    times = 0.1 * rng.lognormal(0, 0.15, slow.shape) * np.where(slow, 2, 1)
    names = tuple(f"m{w}" for w in range(10))
    worker = np.tile(np.arange(10, dtype=np.int32), len(slow))
    return fitting.states(Measurements(times.ravel(), worker, None, names))


@pytest.fixture(scope="module")
def simulated(found: States) -> np.ndarray:
    """Return the log service times of one task a worker and step, shape (runs, workers, steps)."""
    service = {"kind": "lognormal", "mean": SMALL * found.service.mean, "cv": found.service.cv}
    policy = {"kind": "lagrange", "inputs": 1, "tasks": WORKERS, "threshold": WORKERS}
    scenario = {
        "runs": RUNS,
        "requests": STEPS,
        "arrivals": {"kind": "deterministic", "interval": found.mean},
        "service": service,
        "workers": {"count": WORKERS, "placement": "fixed"},
        "slowdown": [found.slowdown],
        "policies": [policy],
    }
    tasks = strag_sim.simulate(strag_sim.load(scenario), record="tasks").tasks()
    tasks = tasks.sort_values(["run", "worker", "group"])
    return np.log(tasks["service"].to_numpy()).reshape(RUNS, WORKERS, STEPS)


def autocovariance(found: States, simulated: np.ndarray, lag: int) -> np.ndarray:
    """Return the autocovariance about the model's mean, of each run and worker."""
    median = math.log(SMALL * float(found.service.quantile(0.5)))
    apart = simulated - median - found.share * math.log(found.factor)
    return np.mean(apart[..., : STEPS - lag] * apart[..., lag:], axis=-1).ravel()


@pytest.mark.parametrize("lag", [1, 5, 20])
def test_memory(found: States, simulated: np.ndarray, lag: int) -> None:
    """share (1 - share) (log factor)^2 m^lag, with m the memory of a step."""
    spread = found.share * (1 - found.share) * math.log(found.factor) ** 2
    values = autocovariance(found, simulated, lag)
    error = values.std(ddof=1) / math.sqrt(values.size)

    assert abs(values.mean() - spread * found.memory**lag) <= LIMIT * error
    # planted: states that last for half as long
    assert abs(values.mean() - spread * (2 * found.memory - 1) ** lag) > LIMIT * error


def test_share(found: States, simulated: np.ndarray) -> None:
    """The mean log service is that of the fast state and, for a share of steps, the factor more."""
    median = math.log(SMALL * float(found.service.quantile(0.5)))
    shares = (simulated.mean(axis=-1).ravel() - median) / math.log(found.factor)
    error = shares.std(ddof=1) / math.sqrt(shares.size)

    assert abs(shares.mean() - found.share) <= LIMIT * error
    assert abs(shares.mean() - 1.3 * found.share) > LIMIT * error

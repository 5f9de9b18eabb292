"""What a policy does at a rate of arrivals: simulated when it is first asked for."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from strag_sim.arrivals import Arrivals, Closed, Deterministic, Trace
from strag_sim.errors import ScenarioError
from strag_sim.setup import Setup
from strag_sim.simulate.runs import Simulation, finish, samples
from strag_sim.simulate.spreading import Stop
from strag_sim.statistics import Estimates, Quantity, estimate

# Called with the label of a policy and how many rates have been tried with it.
Progress = Callable[[str, int], None]

NO_RATE: dict[type, str] = {
    Closed: "a closed loop has no rate: its clients wait for their answers",
    Trace: "a trace has the rate at which it was recorded",
}


@dataclass(frozen=True)
class Point:
    """What was measured of a policy at one rate.

    Parameters
    ----------
    rate : float
        Requests a second that arrive.
    stable : bool or None
        None where it is not judged.
    p99 : Quantity
        Seconds; NaN where it is unstable.
    answered : Quantity
        Requests a second that are answered once queues have grown; NaN unless it is unstable.
    utilisation, cost : float
        As in results.
    """

    rate: float
    stable: bool | None
    p99: Quantity
    answered: Quantity
    utilisation: float
    cost: float


@dataclass(frozen=True)
class Policy:
    """A policy, how it is simulated at each rate, and what is known so far; ``points`` grows.

    ``stop`` is looked at between the events of a run.
    """

    setup: Setup
    runs: int
    confidence: float
    threads: int
    stop: Stop
    progress: Progress | None = None
    points: dict[float, Point] = field(default_factory=dict)


def at(policy: Policy, rate: float) -> Point:
    """Return what the policy does at a rate; KeyboardInterrupt if it is stopped before."""
    if rate not in policy.points:
        setup = replace(policy.setup, arrivals=at_rate(policy.setup.arrivals, rate))
        simulation = Simulation((setup,), "compiled", "summary", policy.threads, policy.stop)
        finish(simulation, policy.runs)
        if len(simulation.finished) < policy.runs:
            raise KeyboardInterrupt
        found = estimate(samples(simulation)[0], confidence=policy.confidence)
        policy.points[rate] = _point(rate, found)
        if policy.progress is not None:
            policy.progress(setup.label, len(policy.points))
    return policy.points[rate]


def at_rate(arrivals: Arrivals, rate: float) -> Arrivals:
    """Return the same arrivals at another rate of requests a second, in the long run.

    ScenarioError for arrivals that have none.
    """
    for kind, why in NO_RATE.items():
        if isinstance(arrivals, kind):
            raise ScenarioError(f"arrivals: {why}; give arrivals with a rate, such as poisson")
    batch = getattr(arrivals, "batch", 1)
    if isinstance(arrivals, Deterministic):
        return replace(arrivals, interval=batch / rate)
    return replace(arrivals, rate=rate / batch, offered_load=None)  # type: ignore[type-var]


def full_rate(setup: Setup) -> float:
    """Return the requests a second that are an offered load of 1.

    With sizes that have no finite mean, by their median.
    """
    work = setup.work
    if not math.isfinite(work):
        work = float(setup.service.quantile(0.5)) * setup.job.segments
    return setup.servers / work


def _point(rate: float, found: Estimates) -> Point:
    """Return what is kept of the estimates."""
    known = found.quantities
    utilisation, cost = known["utilisation"].pooled, known["cost"].pooled
    return Point(rate, found.stable, known["p99"], known["saturation"], utilisation, cost)

"""What an allocation is worth: the engine serves a saturated ensemble with it, or its requests.

Every allocation meets the same draws: those of the scenario's seed, laid out by segment and member.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np

from strag_sim import engines
from strag_sim.arrivals import Closed, Steady
from strag_sim.ensembles import Allocation, Device
from strag_sim.ensembles.bound import Bound
from strag_sim.errors import EngineError
from strag_sim.plan import draw
from strag_sim.scenario.allocating import deployed
from strag_sim.setup import Job, Setup
from strag_sim.statistics.jobs import by_request
from strag_sim.tables import COMPLETE, Outcome

Objective = Literal["throughput", "p99"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
Progress = Callable[[int, float], None]  # how many were simulated, and the best score so far

# Segments that wait for each one that all instances of a model can take at once, and how many
# rounds of them a run has: so nobody is short of work, and a round more or less is a per cent.
WAITING, ROUNDS = 3, 40
# Of a saturated run, what is looked at: not how it fills, nor how it runs out.
BEGIN, END = 0.2, 0.9

Devices = tuple[Device, ...]


def throughput(
    setup: Setup, allocation: Allocation, devices: Devices, most: int, *, rounds: int = ROUNDS
) -> float:
    """Return the samples a second that are served with an allocation, if requests never run out.

    ``most`` is the largest batch size that any allocation may have; with it go the clients, so that
    allocations are compared on the same requests. Answers come in whole batches, and work may be
    half done when it is begun to look, so that a run of few ``rounds`` is off by up to a per cent.
    """
    segments = setup.job.segments
    at_once = len(devices) * max(1, most // setup.job.samples)
    clients = max(2, math.ceil(WAITING * at_once / segments))
    saturated = replace(
        setup,
        arrivals=Closed(clients=clients),
        job=Job(segments, setup.job.samples),
        requests=clients * rounds // WAITING,
        warm_up=0,
    )
    done = np.sort(_run(saturated, allocation, devices).completion)
    first, last = (int(share * done.size) for share in (BEGIN, END))
    return float((last - first) * setup.job.samples / (done[last] - done[first]))


def p99(setup: Setup, allocation: Allocation, devices: Devices) -> float:
    """Return the p99 of the responses to a run's requests with an allocation, in seconds."""
    outcome = by_request(_run(setup, allocation, devices), setup.job)
    response = (outcome.completion - outcome.arrival)[setup.warm_up :]
    return float(np.quantile(response, 0.99, method="inverted_cdf"))


@dataclass
class Scorer:
    """Scores allocations, the more the better, and remembers the best of them."""

    setup: Setup
    devices: Devices
    objective: Objective
    most: int
    bound: Bound | None  # of the samples a second, where one is known
    progress: Progress | None = None
    evaluations: int = 0
    best: tuple[float, Allocation] | None = field(default=None)

    def __call__(self, allocation: Allocation) -> float:
        """Return the score: samples a second, or -p99 in seconds."""
        if self.objective == "throughput":
            score = throughput(self.setup, allocation, self.devices, self.most)
        elif self.bound is not None and self.bound(allocation) <= self._asked():
            score = -math.inf  # its queues grow without end
        else:
            score = -p99(self.setup, allocation, self.devices)
        self.evaluations += 1
        if self.best is None or score > self.best[0] or self._takes_more(score, allocation):
            self.best = score, allocation
        if self.progress is not None:
            self.progress(self.evaluations, self.best[0])
        return score

    @property
    def best_allocation(self) -> Allocation:
        """The allocation with the highest score so far."""
        if self.best is None:
            raise ValueError("nothing was scored yet")
        return self.best[1]

    def _takes_more(self, score: float, allocation: Allocation) -> bool:
        """Return whether it cannot take what arrives, as the best so far, but takes more of it."""
        if self.best is None or self.bound is None or score > -math.inf:
            return False
        return self.best[0] == -math.inf and self.bound(allocation) > self.bound(self.best[1])

    def _asked(self) -> float:
        """Return the samples a second that arrive; 0 where that depends on the answers."""
        arrivals, job = self.setup.arrivals, self.setup.job
        rate = arrivals.mean_rate if isinstance(arrivals, Steady) else math.nan
        return rate * job.segments * job.samples if rate > 0 else 0.0


def _run(setup: Setup, allocation: Allocation, devices: Devices) -> Outcome:
    """Return the first run of a policy with its models allocated so."""
    outcome = engines.run("compiled", draw(deployed(setup, allocation, devices), 0))
    if outcome.code != COMPLETE:
        raise EngineError(f"policy {setup.label!r}: its run did not come to an end")
    return outcome

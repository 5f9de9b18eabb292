"""What was found for an ensemble: the matrix, what it scores, and how the search came there."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strag_sim.allocating.scoring import Objective
from strag_sim.ensembles import Allocation, Device, Member, Step, write_allocation


@dataclass(frozen=True)
class Allocated:
    """An allocation that was found for a policy of a scenario.

    Parameters
    ----------
    label : str
        Of the policy.
    allocation : Allocation
        The matrix.
    objective : str
        What was sought: ``throughput`` or ``p99``.
    throughput : float
        Samples a second that the engine served with it, saturated.
    p99 : float
        Of responses at the scenario's arrivals, in seconds; NaN where that was not sought.
    bound : float
        Samples a second that no schedule of it can beat; NaN where a policy does without some
        members' answers or asks some twice.
    devices, members : tuples
        What it is for.
    steps : tuple of Step
        The start, and what changed from there. Scores are samples a second, or -p99, which is
        minus infinity where more samples arrive than can be served.
    evaluations : int
        How many matrices were simulated.
    settled : bool
        Whether the search came to its end.
    interrupted : bool
        Whether it was stopped; then this is the best so far.
    """

    label: str
    allocation: Allocation
    objective: Objective
    throughput: float
    p99: float
    bound: float
    devices: tuple[Device, ...]
    members: tuple[Member, ...]
    steps: tuple[Step, ...]
    evaluations: int
    settled: bool
    interrupted: bool = False

    @property
    def overfull(self) -> bool:
        """Whether p99 was sought, and no allocation that was tried takes all that arrives."""
        return bool(self.steps) and self.steps[-1].score == -math.inf

    @property
    def used(self) -> tuple[float, ...]:
        """The bytes that the instances of each device take."""
        return self.allocation.used(self.members)

    def save(self, path: Path | str) -> None:
        """Write the matrix as CSV, which a scenario may name as its ``allocation``."""
        write_allocation(path, self.allocation)

    def plain(self) -> dict[str, Any]:
        """Return all of it as mappings, lists, texts and numbers; None for what is not known."""
        known = {
            "throughput": self.throughput,
            "p99": self.p99,
            "bound": self.bound,
        }
        return {
            "label": self.label,
            "objective": self.objective,
            **{key: value if value == value else None for key, value in known.items()},
            "models": list(self.allocation.models),
            "allocation": [list(row) for row in self.allocation.batch],
            "memory_used": list(self.used),
            "memory": [device.memory for device in self.devices],
            "steps": [
                {**step.__dict__, "score": step.score if math.isfinite(step.score) else None}
                for step in self.steps
            ],
            "evaluations": self.evaluations,
            "settled": self.settled,
            "interrupted": self.interrupted,
        }

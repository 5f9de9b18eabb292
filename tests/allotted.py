"""Ensembles that are worked by hand: members on devices with exact sizes, run by either engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from strag_sim import engines, plan
from strag_sim.arrivals import Trace
from strag_sim.distributions import Scripted
from strag_sim.ensembles.devices import Device
from strag_sim.policies import Ensemble
from strag_sim.setup import Batching, Deployment, Instance, Model, Setup
from strag_sim.tables import COST, STATES, USEFUL, Outcome, Plan

Task = tuple[int, float | None, float | None, str]
DEVICE = Device(memory=1e9)


@dataclass(frozen=True)
class Run:
    """A plan and its outcome, and what hand-worked cases ask of them."""

    plan: Plan
    outcome: Outcome

    @property
    def answers(self) -> list[float]:
        """When each segment was answered."""
        return self.outcome.completion.tolist()

    @property
    def cost(self) -> float:
        """Worker-seconds of all measured segments."""
        return float(self.outcome.totals[COST])

    @property
    def wasted(self) -> float:
        """The share of them that was part of no answer."""
        return 1 - float(self.outcome.totals[USEFUL]) / self.cost

    def tasks(self, of: int) -> list[Task]:
        """Return (worker, started, finished or cancelled, state) of each task sent for a segment.

        The worker is -1 and the start None where it never started.
        """
        log, width = self.outcome.log, self.plan.layout.tasks
        assert log is not None
        sent = [t for t in range(of * width, (of + 1) * width) if not np.isnan(log.released[t])]
        return [
            (
                -1 if np.isnan(log.started[t]) else int(log.worker[t]),
                _known(log.started[t]),
                _known(log.finished[t]),
                STATES[log.state[t]],
            )
            for t in sent
        ]

    def batches(self, of: int) -> list[int]:
        """Return with how many tasks each task of a segment started, itself included."""
        log, width = self.outcome.log, self.plan.layout.tasks
        assert log is not None
        return log.batch[of * width : (of + 1) * width].tolist()


def allotted(
    on: Sequence[tuple[str, int, int]],
    *,
    sizes: Sequence[Sequence[float]],
    arrivals: Sequence[float],
    devices: Sequence[Device] | None = None,
    growth: float = 0.0,
    wait: float = 0.0,
    **keys: Any,
) -> Setup:
    """Return a setup of the ensemble of all models that are named.

    ``on`` are (model, device, batch) of the instances, and ``sizes`` those of each task of a
    group, one a segment: the members', their copies', and their hedges'. Keys of the policy go
    to it, all others to the setup.
    """
    members = tuple(dict.fromkeys(name for name, _, _ in on))
    of_policy = {key: keys.pop(key) for key in [*keys] if key in Ensemble.__dataclass_fields__}
    devices = devices or [DEVICE] * (1 + max(device for _, device, _ in on))
    # The row of a task is its place, so the models can share one script.
    law = Scripted(redundant=tuple(tuple(map(float, row)) for row in sizes))
    return Setup(
        **{
            "label": "case",
            "policy": Ensemble(members=members, **of_policy),
            "arrivals": Trace(times=tuple(map(float, arrivals))),
            "service": law,
            "speeds": tuple(devices[device].speed for _, device, _ in on),
            "slots": (1,) * len(on),
            "deployment": Deployment(tuple(devices), tuple(Instance(*each) for each in on)),
            "models": {name: Model(law) for name in members},
            "queue": "shared",
            "batching": Batching(1, wait, growth),
            "requests": len(arrivals) - keys.get("warm_up", 0),
            **keys,
        }
    )


def run(engine: str, setup: Setup) -> Run:
    """Return what an engine makes of a setup, task by task."""
    drawn = plan.draw(setup, 0)
    return Run(drawn, engines.run(engine, drawn, record=True))


def _known(time: float) -> float | None:
    return None if np.isnan(time) else float(time)

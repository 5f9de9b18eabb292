"""One small result that has all that figures of results can show, the same each time."""

from functools import cache

import strag_sim
from strag_sim.results import Result

SCENARIO = {
    "seed": 3,
    "runs": 3,
    "requests": 1500,
    "warm_up": 300,
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "service": {"kind": "lognormal", "mean": "20 ms", "cv": 0.5},
    "slowdown": [{"kind": "states", "factor": 5, "dwell": 1, "share": 0.06}],
    "accuracy": 0.9953,
    "workers": {"count": 8},
    "policies": [
        {"kind": "none"},
        {"kind": "replication", "copies": 2, "cancel": "running", "label": "two_copies at $2"},
        {"kind": "collage", "grid": 2, "accuracy": "digits-collage-2"},
    ],
}


@cache
def small_result() -> Result:
    """Return the result of three policies: tasks recorded, time attributed, accuracy known."""
    scenario = strag_sim.load(SCENARIO)
    return strag_sim.simulate(scenario, record="tasks", attribution=True)

"""A policy of one's own, checked and compared: a hedge that gives up.

A policy says which tasks there are and which of them answer a request; it sees no event. Held
against a hedge that does not give up, it does a little less work, and loses some of p99.9.
"""

from dataclasses import dataclass

import strag_sim
from strag_sim import typeset
from strag_sim.policies.shape import Recovery, Shape, Task, after
from strag_sim.testing import check_policy
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class ImpatientHedge:
    """Send a second task after a delay, and stop it after a patience."""

    delay: Seconds
    patience: Seconds

    def shape(self) -> Shape:
        """Return the tasks of a request, and that either answers it."""
        hedge = Task("hedge", release=after(self.delay), expires=self.patience)
        by_own, by_hedge = Recovery((0,), 1, (0,), "own"), Recovery((1,), 1, (0,), "hedge")
        return Shape(1, (Task("own"), hedge), (by_own, by_hedge))


check_policy(ImpatientHedge(delay=0.3, patience=0.3))
scenario = {
    "runs": 10,
    "requests": 3000,
    "warm_up": 300,
    "arrivals": {"kind": "poisson", "offered_load": 0.4},
    "service": {"kind": "profile", "profile": "collage-vm"},
    "workers": {"count": 10},
    "policies": [
        {"kind": "none"},
        {"kind": "hedge", "delay": "300 ms"},
        ImpatientHedge(delay=0.3, patience=0.3),
    ],
}
result = strag_sim.simulate(strag_sim.load(scenario))
columns = ["mean", "p99", "p999", "cost"]
print(typeset.table(result, "comparison", baseline="hedge 300 ms", columns=columns))

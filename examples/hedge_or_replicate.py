"""Hedge, or send everything twice? Which has the lower p99 hangs on the load, and so do costs.

Times are those that were measured on the collage authors' machines. At each load the policies meet
the same requests; a number is bold only where the runs tell it apart from all others.
"""

import strag_sim
from strag_sim import typeset

SCENARIO = {
    "seed": 3,
    "runs": 10,
    "requests": 4000,
    "warm_up": 400,
    "arrivals": {"kind": "poisson", "offered_load": 0.1},
    "service": {"kind": "profile", "profile": "collage-vm"},
    "workers": {"count": 10, "placement": "shortest-queue"},
    "policies": [
        {"kind": "none"},
        {"kind": "replication", "copies": 2},
        {"kind": "hedge", "delay": "p95"},
    ],
}

for load in (0.1, 0.3, 0.45):
    arrivals = {"kind": "poisson", "offered_load": load}
    result = strag_sim.simulate(strag_sim.load({**SCENARIO, "arrivals": arrivals}))
    lines = typeset.table(result, columns=["mean", "p99", "p999", "cost"]).splitlines()
    print(f"offered load {load}\n")
    print("\n".join(line for line in lines if line.startswith("|")), end="\n\n")

print(lines[-1])  # what the parentheses are, and what is bold

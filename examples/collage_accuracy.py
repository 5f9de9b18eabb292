"""What speed costs in accuracy: answers charged by how they were recovered.

One model on scikit-learn's digits is right 99.5 % of the time; a collage of 16 of them, a parity
model and a code are less so, as was measured. The fastest policy is worth asking for only among
those that are accurate enough.
"""

import strag_sim
from strag_sim import typeset

SCENARIO = {
    "seed": 17,
    "runs": 10,
    "requests": 4000,
    "warm_up": 400,
    "arrivals": {"kind": "poisson", "offered_load": 0.5},
    "service": {"kind": "profile", "profile": "collage-vm"},
    "accuracy": 0.9953,
    "workers": {"count": 17},
    "policies": [
        {"kind": "none"},
        {"kind": "replication", "copies": 2},
        {"kind": "collage", "grid": 4, "accuracy": "digits-collage-4"},
        {"kind": "parity", "inputs": 4, "accuracy": "digits-parity-sum-4"},
        {
            "kind": "lagrange",
            "inputs": 4,
            "tasks": 6,
            "threshold": 4,
            "accuracy": "digits-lagrange-4-6",
        },
    ],
}
result = strag_sim.simulate(strag_sim.load(SCENARIO))
print(typeset.table(result, columns=["p99", "cost", "straggled", "accuracy"]))

for least in (0.95, 0.995):
    standings = strag_sim.compare(result, accuracy=least).accurate().set_index("label")["standing"]
    print(f"accuracy of at least {least}:")
    print("\n".join(f"  {label}: {standing}" for label, standing in standings.items()))

"""p99 against load: a sweep in Python, its best cells, and its figure.

A sweep is a folder. Started again, it simulates what is missing and nothing else.
"""

import matplotlib.pyplot as plt

import strag_sim
from strag_sim import plots, typeset
from strag_sim.sweep import best

SCENARIO = {
    "name": "load",
    "runs": 8,
    "requests": 3000,
    "warm_up": 300,
    "arrivals": {"kind": "poisson", "offered_load": 0.1},
    "service": {"kind": "profile", "profile": "collage-vm"},
    "workers": {"count": 10},
    "policies": [
        {"kind": "none"},
        {"kind": "replication", "copies": 2},
        {"kind": "collage", "grid": 3},
    ],
    "sweep": {"arrivals.offered_load": [0.1, 0.2, 0.3, 0.4, 0.5]},
}


def main() -> None:
    """Sweep, print and draw."""
    swept = strag_sim.sweep(SCENARIO, output="load")
    print(typeset.table(swept, columns=["p99", "cost"]))

    found = best(swept.table(), minimise="p99", subject_to="arrivals.offered_load=0.4")
    print("of load 0.4, none is surely better than:", ", ".join(found["label"]))

    with plots.styled("paper"):
        figure, ax = plt.subplots(layout="constrained")
        plots.p99_load(swept, ax)
        figure.savefig("sweep_load.png", dpi=200)


if __name__ == "__main__":  # a sweep starts processes, which read this file too
    main()

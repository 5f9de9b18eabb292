"""How often the interval covers the truth, when runs are added until it is narrow.

For each seed M/M/1 at load 0.5 is simulated until its p99 is known to within a share; the p99 is
-ln(0.01) / (1 - 0.5) s. Prints how often the 95 % interval covers it and how many runs it took, for
several shares, and with fewer runs than strag-sim looks at first, as a control.

    python verification/stopping.py [SEEDS]
"""

import math
import sys

import numpy as np

import strag_sim
from strag_sim.statistics import precision

TRUE = -math.log(0.01) / (1 - 0.5)
MM1 = {
    "name": "stopping",
    "requests": 5000,
    "warm_up": 200,
    "arrivals": {"kind": "poisson", "offered_load": 0.5},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 1},
    "policies": [{"kind": "none"}],
}


def covered(seed: int, within: float, first: int) -> tuple[bool, int]:
    """Return whether the interval of one simulation covers the truth, and its number of runs."""
    asked = {"of": "p99", "within": within, "max_runs": 2000}
    scenario = strag_sim.load({**MM1, "seed": seed, "runs": first, "precision": asked})
    row = strag_sim.simulate(scenario).summary().iloc[0]
    return bool(row["p99_low"] <= TRUE <= row["p99_high"]), int(row["runs"])


def tell(seeds: int, within: float, first: int) -> None:
    """Print one line."""
    found = [covered(seed, within, first) for seed in range(seeds)]
    share = np.mean([hit for hit, _ in found])
    error = 1.96 * math.sqrt(share * (1 - share) / seeds)
    runs = np.median([count for _, count in found])
    print(
        f"within {100 * within:g} %, from {first} runs: covers in {100 * share:.1f} ± "
        f"{100 * error:.1f} %, {runs:.0f} runs in the median"
    )


if __name__ == "__main__":
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for within in (0.1, 0.05, 0.03):
        tell(seeds, within, 10)
    precision.FEWEST_RUNS = 2
    precision.FEWEST_ABOVE = 0
    tell(seeds, 0.1, 2)

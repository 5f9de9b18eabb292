"""10^9 responses in bounded memory: a thousand runs of a million requests, quantiles by sketches.

M/M/1 at load 0.7 has exponential responses, so every quantile is known. Prints each with its
interval and its distance from the truth in standard errors, the time, and the most memory used.

    python verification/billion.py [RUNS]
"""

import math
import resource
import sys
import time

from scipy import stats

import strag_sim

LOAD = 0.7
MM1 = {
    "name": "billion",
    "requests": 1_000_000,
    "warm_up": 10_000,
    "arrivals": {"kind": "poisson", "offered_load": LOAD},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 1},
    "quantiles": [0.9999, 0.99999],
    "policies": [{"kind": "none"}],
}
LEVELS = {"p50": 0.5, "p99": 0.99, "p999": 0.999, "p9999": 0.9999, "p99999": 0.99999}


def main(runs: int) -> None:
    """Simulate, and tell."""
    began = time.perf_counter()
    result = strag_sim.simulate(strag_sim.load({**MM1, "runs": runs}))
    seconds = time.perf_counter() - began
    row = result.summary().iloc[0]
    for name, level in LEVELS.items():
        true = -math.log1p(-level) / (1 - LOAD)
        half = (row[f"{name}_high"] - row[f"{name}_low"]) / 2
        z = (row[name] - true) / (half / stats.t.ppf(0.975, runs - 1))
        print(f"{name:7} {row[name]:9.4f} s ± {half:.4f}  true {true:9.4f}  z {z:+.2f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{runs * MM1['requests']:,} responses by {row['quantile_method']}: {seconds:.0f} s, "
        f"at most {memory:.0f} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

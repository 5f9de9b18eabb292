"""What sketches cost beside keeping and sorting all responses: time and memory, as ratios.

python benchmarks/sketches.py
"""

import time
from collections.abc import Callable

import numpy as np

from strag_sim.statistics.responses import Ordered, pooled
from strag_sim.statistics.sketch import Sketch

RUNS, REQUESTS, REPEATS = 20, 500_000, 5
LEVELS = (0.5, 0.9, 0.95, 0.99, 0.999)


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of several repeats."""
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    """Measure and print."""
    rng = np.random.default_rng(1)
    runs = [rng.exponential(size=REQUESTS) for _ in range(RUNS)]

    def exactly() -> list[float]:
        together = pooled([Ordered(np.sort(run)) for run in runs])
        return [together.quantile(level) for level in LEVELS]

    def by_sketches() -> list[float]:
        together = pooled([Sketch.of(run) for run in runs])
        return [together.quantile(level) for level in LEVELS]

    exact, sketched = seconds(exactly), seconds(by_sketches)
    kept = sum(run.nbytes for run in runs)
    small = sum(s.counts.nbytes + s.top.nbytes for s in map(Sketch.of, runs))
    errors = np.abs(np.array(by_sketches()) / np.array(exactly()) - 1)
    count = RUNS * REQUESTS
    print(f"{count:,} responses of {RUNS} runs, {len(LEVELS)} quantiles of all")
    print(
        f"time: sketches {count / sketched / 1e6:.0f} M/s, sorting {count / exact / 1e6:.0f} M/s,"
    )
    print(f"      ratio {sketched / exact:.2f}")
    print(f"memory: {small / RUNS / 1024:.0f} kB a run, ratio {small / kept:.4f}")
    print(f"largest relative error {errors.max():.5f}")


if __name__ == "__main__":
    main()

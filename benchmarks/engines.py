"""How fast the engines are: ratios against plain SimPy scripts of the same models, in one run.

    python benchmarks/engines.py            # all tables
    python benchmarks/engines.py --quick    # fewer requests

Rates are requests per second of processor time, so that a busy machine disturbs them little.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np
import plain_simpy

import strag_sim
from strag_sim import engines, plan

LOAD = {"none": 0.7, "2 copies, running": 0.4, "collage 3x3": 0.5, "lagrange 8 of 10": 0.5}
POLICY = {
    "none": {"kind": "none"},
    "2 copies, running": {"kind": "replication", "copies": 2, "cancel": "running"},
    "collage 3x3": {"kind": "collage", "grid": 3},
    "lagrange 8 of 10": {"kind": "lagrange", "inputs": 8, "tasks": 10, "threshold": 8},
}
GOAL = {"none": (100, 50)}
OTHER_GOAL = (60, 30)


def scenario(name: str, requests: int, runs: int = 1, workers: int = 10) -> strag_sim.Scenario:
    """Return the scenario of a model."""
    return strag_sim.load(
        {
            "arrivals": {"kind": "poisson", "rate": LOAD[name] * workers},
            "service": {"kind": "exponential", "mean": 1.0},
            "workers": {"count": workers},
            "requests": requests,
            "runs": runs,
            "policies": [POLICY[name]],
        }
    )


def plain(name: str, requests: int) -> list[float]:
    """Run the plain script of a model."""
    rate = LOAD[name] * 10
    if name == "none":
        return plain_simpy.none(requests, rate)
    if name == "2 copies, running":
        return plain_simpy.copies(requests, rate)
    coded = {"inputs": 8, "tasks": 10, "threshold": 8, "collage": False}
    collage = {"inputs": 9, "tasks": 10, "threshold": 1, "collage": True}
    return plain_simpy.group(requests, rate, **(collage if name == "collage 3x3" else coded))


def rate(requests: int, call: Callable[[], object], repeats: int = 3) -> float:
    """Return requests per second of processor time, of the best of some calls."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return requests / min(times)


def ratios(small: int, large: int) -> None:
    """Print the rates of plain SimPy, of both engines alone, and of the whole of simulate."""
    print(
        f"{'model':18s} {'SimPy/s':>9s} {'reference/s':>11s} {'compiled/s':>11s} {'ratio':>6s}"
        f" {'simulate/s':>11s} {'ratio':>6s}  goals"
    )
    for name in POLICY:
        drawn = plan.draw(scenario(name, large).setups()[0], 0)
        few = plan.draw(scenario(name, small // 10).setups()[0], 0)
        engines.run("compiled", few)
        by_hand = rate(small, lambda n=name: plain(n, small))
        slow = rate(small // 10, lambda p=few: engines.run("reference", p), 1)
        alone = rate(large, lambda p=drawn: engines.run("compiled", p))
        runs = scenario(name, large, runs=3)
        whole = rate(3 * large, lambda s=runs: strag_sim.simulate(s, jobs=1).summary())
        goals = GOAL.get(name, OTHER_GOAL)
        print(
            f"{name:18s} {by_hand:9,.0f} {slow:11,.0f} {alone:11,.0f} {alone / by_hand:5.0f}x"
            f" {whole:11,.0f} {whole / by_hand:5.0f}x  {goals[0]}x and {goals[1]}x"
        )


def means(requests: int) -> None:
    """Print the mean responses of the plain scripts beside ours: the models are the same."""
    print(f"\n{'model':18s} {'SimPy mean':>10s} {'our mean':>10s}")
    for name in POLICY:
        ours = strag_sim.simulate(scenario(name, requests, runs=4)).summary()["mean"].iloc[0]
        print(f"{name:18s} {statistics.fmean(plain(name, requests)):10.3f} {ours:10.3f}")


def by_workers(requests: int) -> None:
    """Print the cost of a task by the number of workers; it may grow threefold."""
    print(
        f"\n{'model':18s} "
        + " ".join(f"{w:>8,d}" for w in (10, 100, 1_000, 10_000))
        + "   ns a request"
    )
    for name in ("none", "2 copies, running"):
        costs = []
        for workers in (10, 100, 1_000, 10_000):
            drawn = plan.draw(scenario(name, requests, workers=workers).setups()[0], 0)
            costs.append(1e9 / rate(requests, lambda p=drawn: engines.run("compiled", p)))
        print(
            f"{name:18s} "
            + " ".join(f"{c:8.0f}" for c in costs)
            + f"   {costs[-1] / costs[0]:.1f}x"
        )


SLOWDOWN = {
    "no slowdown": [],
    "states": [{"kind": "states", "factor": 5, "dwell": 10, "share": 0.02}],
    "shock": [{"kind": "shock", "rate": 0.01, "share": 0.3, "factor": 3, "length": 5}],
    "three parts": [
        {"kind": "fixed", "factor": {"kind": "lognormal", "mean": 1, "cv": 0.2}},
        {"kind": "states", "factor": 5, "dwell": 10, "share": 0.02},
        {"kind": "shock", "rate": 0.01, "share": 0.3, "factor": 3, "length": 5},
    ],
}


def slow_workers(requests: int) -> None:
    """Print what slow workers cost: drawing their timelines, and looking them up."""
    print(f"\n{'slowdown':18s} {'draw/s':>11s} {'compiled/s':>11s} {'of none':>8s}")
    base = 0.0
    for name, parts in SLOWDOWN.items():
        setup = strag_sim.load(
            {
                "arrivals": {"kind": "poisson", "rate": 4},
                "service": {"kind": "exponential", "mean": 1.0},
                "workers": {"count": 10},
                "requests": requests,
                "slowdown": parts,
                "policies": [{"kind": "none"}],
            }
        ).setups()[0]
        drawing = rate(requests, lambda s=setup: plan.draw(s, 0))
        drawn = plan.draw(setup, 0)
        alone = rate(requests, lambda p=drawn: engines.run("compiled", p))
        base = base or alone
        print(f"{name:18s} {drawing:11,.0f} {alone:11,.0f} {alone / base:8.2f}")


def start_up() -> None:
    """Print how long the first call compiles, how long a later start takes, and --help."""
    one = (
        "import time, strag_sim as s; from strag_sim import engines, plan; "
        "p = plan.draw(s.load({'arrivals': {'kind': 'poisson', 'rate': 1}, 'service': "
        "{'kind': 'exponential', 'mean': 0.5}, 'workers': {'count': 1}, 'requests': 10, "
        "'policies': [{'kind': 'none'}]}).setups()[0], 0); t = time.perf_counter(); "
        "engines.run('compiled', p); print(time.perf_counter() - t)"
    )
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        for what in ("first call, compiling", "later start, cached"):
            done = subprocess.run(
                [sys.executable, "-c", one],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            print(f"{what:24s} {float(done.stdout):6.2f} s")
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "strag_sim", "--help"], capture_output=True, check=True)
    print(f"{'strag-sim --help':24s} {time.perf_counter() - start:6.2f} s")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    ratios(20_000 if quick else 100_000, 200_000 if quick else 1_000_000)
    means(20_000 if quick else 100_000)
    by_workers(200_000 if quick else 1_000_000)
    slow_workers(200_000 if quick else 1_000_000)
    print()
    start_up()


if __name__ == "__main__":
    np.seterr(all="raise")
    main()

"""How often the verdict on stability is wrong: below and above capacity, kind by kind.

    python verification/stability.py [SEEDS]

Each line is a kind of policy, workers, arrivals and sizes whose capacity is known; so many seeds
are simulated at 0.95 and 1.05 of it, in one run and in five runs of 10,000 requests each. It prints
how many of them are named unstable: below the capacity all are wrong, above it all are right.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from strag_sim.arrivals import Arrivals, Deterministic, GammaGaps, Mmpp, Phase, Poisson
from strag_sim.distributions import Deterministic as Constant
from strag_sim.distributions import Distribution, Exponential, Lognormal
from strag_sim.policies import MDS, Hedge, NoRedundancy, Replication
from strag_sim.setup import Setup
from strag_sim.simulate.runs import Simulation, finish, samples
from strag_sim.slowdown import States
from strag_sim.statistics import estimate

REQUESTS, WORKERS = 10_000, (1, 10, 200)
SIZES: dict[str, Distribution] = {
    "exponential": Exponential(mean=1.0),
    "lognormal cv 3": Lognormal(mean=1.0, cv=3.0),
    "constant": Constant(value=1.0),
}


FACTOR, DWELL, SHARE = 5.0, 20.0, 0.3


def slow_capacity() -> float:
    """Return the exponential sizes of mean 1 that an always busy worker with slow states serves.

    One over the mean service time: that of the states in which services start, a Markov chain.
    """
    change = 1 / DWELL + SHARE / (1 - SHARE) / DWELL
    slower = SHARE * (1 - 1 / (1 + change))  # a service starts fast, the next one slow
    faster = (1 - SHARE) * (1 - 1 / (1 + FACTOR * change))
    slow = slower / (slower + faster)
    return 1 / (1 - slow + slow * FACTOR)


def arrivals(rate: float) -> dict[str, Arrivals]:
    """Return arrivals of each kind at a rate of requests."""
    bursts = (Phase(rate=3, dwell=20 / rate), Phase(rate=0.5, dwell=80 / rate))
    return {
        "poisson": Poisson(rate=rate),
        "regular": Deterministic(interval=1 / rate),
        "gamma cv 3": GammaGaps(rate=rate, cv=3.0),
        "mmpp": Mmpp(states=bursts, rate=rate),
        "batches of 20": Poisson(rate=rate / 20, batch=20),
    }


def of(workers: int, **keys: object) -> Setup:
    """Return workers that serve exponential sizes of mean 1."""
    known = {"policy": NoRedundancy(), "service": SIZES["exponential"], "label": "case"}
    machines = {"speeds": (1.0,) * workers, "slots": (1,) * workers}
    return Setup(**{"arrivals": Poisson(rate=1.0), **known, **machines, **keys})  # type: ignore[arg-type]


def cases() -> Iterator[tuple[str, Setup, float]]:
    """Yield what each case is called, its setup, and the requests a second that it can answer."""
    queues = ({"placement": "random"}, {"placement": "shortest-queue"}, {"queue": "shared"})
    for n, queue, (name, law) in product(WORKERS, queues, SIZES.items()):
        yield f"none, {n} {next(iter(queue.values()))}, {name}", of(n, service=law, **queue), n
    for n in WORKERS[1:]:
        two, slow = Replication(copies=2), States(factor=FACTOR, dwell=DWELL, share=SHARE)
        yield f"2 copies running, {n}", of(n, policy=two, cancel="running"), n
        yield f"2 copies never, {n}", of(n, policy=two, cancel="never"), n / 2
        coded = MDS(inputs=4, tasks=6)
        yield f"6 of 4 running, {n}", of(n, policy=coded, cancel="running"), n
        yield f"6 of 4 never, {n}", of(n, policy=coded, cancel="never"), n * 4 / 6
        yield f"slow states, {n}", of(n, slowdown=(slow,)), n * slow_capacity()
        hedge = Hedge(delay=0.0)
        yield f"hedge at once never, {n}", of(n, policy=hedge, cancel="never"), n / 2


def unstable(setup: Setup, runs: int, seeds: int) -> int:
    """Return of how many seeds the policy is named unstable."""
    found = 0
    for seed in range(seeds):
        one = replace(setup, requests=REQUESTS, seed=seed)
        simulation = Simulation((one,), "compiled", "summary", 2, np.zeros(1, np.uint8))
        finish(simulation, runs)
        found += estimate(samples(simulation)[0]).stable is False
    return found


def main(seeds: int) -> None:
    """Print a line a case: of so many seeds, how many are named unstable."""
    print(f"{'':52}{'0.95':>6}{'1.05':>6}   (of {seeds}; one run, then five)")
    for name, setup, capacity in cases():
        kinds = arrivals(1.0) if name.startswith("none") else {"poisson": None}
        for kind in kinds:
            counts = [
                unstable(replace(setup, arrivals=arrivals(load * capacity)[kind]), runs, seeds)
                for runs in (1, 5)
                for load in (0.95, 1.05)
            ]
            print(f"{name + ', ' + kind:52}{counts[0]:6}{counts[1]:6}{counts[2]:9}{counts[3]:6}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

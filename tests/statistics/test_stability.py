"""Verdicts on simulated policies whose capacity is known, and the rate of answers in overload."""

import dataclasses
import functools
from typing import Any

import numpy as np
import pytest
from against_theory import LIMIT, z_of_runs

from strag_sim.arrivals import Arrivals, Deterministic, GammaGaps, Mmpp, Phase, Poisson
from strag_sim.distributions import Deterministic as Constant
from strag_sim.distributions import Distribution, Exponential, Lognormal, Uniform
from strag_sim.policies import MDS, Collage, Hedge, Lagrange, NoRedundancy, Parity, Replication
from strag_sim.setup import Setup
from strag_sim.simulate.runs import Simulation, finish, samples
from strag_sim.slowdown import States
from strag_sim.statistics import Estimates, Quantity, Sample, estimate, is_stable, notes
from strag_sim.statistics.stability import Outflow, grows, outflow

REQUESTS, RUNS = 10_000, 5
TWO, CODED = Replication(copies=2), MDS(inputs=4, tasks=6)
SIZES: dict[str, Distribution] = {
    "exponential": Exponential(mean=1.0),
    "heavy": Lognormal(mean=1.0, cv=3.0),
    "constant": Constant(value=1.0),
}
QUEUES: dict[str, dict[str, Any]] = {
    "random": {"placement": "random"},
    "shortest": {"placement": "shortest-queue"},
    "shared": {"queue": "shared"},
}


def setup_of(workers: int, policy: Any = None, **keys: Any) -> Setup:
    """Return a policy on workers with exponential sizes of mean 1 s."""
    known = {"policy": policy or NoRedundancy(), "service": SIZES["exponential"], "label": "case"}
    machines = {"speeds": (1.0,) * workers, "slots": (1,) * workers, "requests": REQUESTS}
    return Setup(**{"arrivals": Poisson(rate=1.0), **known, **machines, **keys})


def arrivals(rate: float) -> dict[str, Arrivals]:
    """Return arrivals of each kind."""
    bursts = (Phase(rate=3, dwell=20 / rate), Phase(rate=0.5, dwell=80 / rate))
    return {
        "poisson": Poisson(rate=rate),
        "regular": Deterministic(interval=1 / rate),
        "gamma": GammaGaps(rate=rate, cv=3.0),
        "mmpp": Mmpp(states=bursts, rate=rate),
        "batches": Poisson(rate=rate / 20, batch=20),
    }


def sample_of(setup: Setup, rate: float, runs: int = RUNS) -> Sample:
    """Simulate a policy at a rate of Poisson arrivals."""
    setup = dataclasses.replace(setup, arrivals=Poisson(rate=rate))
    simulation = Simulation((setup,), "compiled", "summary", 2, np.zeros(1, np.uint8))
    finish(simulation, runs)
    return samples(simulation)[0]


def found_of(case: str, rate: float) -> Estimates:
    """Return what is estimated of a case of the tables below."""
    return estimate(sample_of(SETUPS[case], rate))


@functools.cache
def overloaded(case: str) -> Quantity:
    """Return the saturation of a case at 1.6 times its capacity.

    In one queue for all where it would be random ones: in overload those drift apart without end,
    like the root of time, and the first of several answers comes from the shortest. So two copies
    never answer 0.9 % more than their capacity in these runs, and ever less in longer ones.
    """
    setup = SETUPS[case]
    if setup.placement == "random":
        setup = dataclasses.replace(setup, queue="shared")
    long = dataclasses.replace(setup, requests=40_000)
    return estimate(sample_of(long, 1.6 * CAPACITY[case], runs=20)).quantities["saturation"]


def expected(case: str) -> float:
    """Return how many answers a second leave a case in overload."""
    if case != "fork-join":
        return CAPACITY[case]
    # Group m is done when the last of four busy workers has served m sizes: at m + 1.0294 sqrt(m),
    # with the mean of the largest of four normal variables. So groups leave from a quarter of
    # the arrivals, at 40,000 / 6.4 / 4 s, to the last a little more slowly than one a second.
    end = 40_000 / (1.6 * CAPACITY[case])
    start = end / 4

    def done(time: float) -> float:
        return (np.sqrt(time + 1.0294**2 / 4) - 1.0294 / 2) ** 2

    return 4 * (done(end) - done(start)) / (end - start)


@pytest.mark.parametrize("workers", [1, 10, 200])
@pytest.mark.parametrize("kind", arrivals(1.0))
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("queue", QUEUES)
def test_a_load_of_95_percent_is_stable_and_one_of_105_is_not(
    queue: str, size: str, kind: str, workers: int
) -> None:
    """However few or many the workers, bursty the arrivals and heavy the sizes; with one run."""
    setup = setup_of(workers, service=SIZES[size], **QUEUES[queue])
    loads = {load: arrivals(load * workers)[kind] for load in (0.95, 1.05)}
    judged = [
        is_stable(dataclasses.replace(setup, arrivals=each), [0.0], REQUESTS)
        for each in loads.values()
    ]

    assert judged == [True, False]


SETUPS = {
    # what must hold by the issue, and what is known of the others
    "none": setup_of(10),
    "two copies never": setup_of(10, TWO, cancel="never"),
    "two copies running": setup_of(10, TWO, cancel="running"),
    "two copies running, 200": setup_of(200, TWO, cancel="running"),
    "two copies on start": setup_of(10, TWO, cancel="on-start", queue="shared"),
    "both copies": setup_of(
        2, TWO, cancel="running", service=Uniform(low=0.5, high=1.5), placement="fixed"
    ),
    "coded never": setup_of(10, CODED, cancel="never"),
    "coded running": setup_of(10, CODED, cancel="running"),
    "fork-join": setup_of(4, MDS(inputs=4, tasks=4), placement="fixed"),
    "coded on all": setup_of(
        6, Lagrange(inputs=1, tasks=6, threshold=4), cancel="running", placement="fixed"
    ),
    "hedge never": setup_of(10, Hedge(delay=0.0), cancel="never"),
    "collage shared": setup_of(10, Collage(grid=2), cancel="never"),
    "parity": setup_of(9, Parity(inputs=2), redundant_workers=3, cancel="never"),
    "own of parity": setup_of(9, Parity(inputs=2), redundant_workers=5, cancel="never"),
}
# Requests a second that each can answer: n / E[S] over the tasks that run in full, n mu / k for
# coded tasks of exponential sizes that are stopped, 1 / E[S_min] for copies on all workers (for two
# uniform ones E[S_min] = 0.5 + 1/3).
CAPACITY = {
    "none": 10.0,
    "two copies never": 5.0,
    "two copies running": 10.0,
    "two copies running, 200": 200.0,
    "two copies on start": 10.0,
    "both copies": 1.2,
    "coded never": 10 * 4 / 6,
    "coded running": 10.0,
    "fork-join": 4.0,
    "coded on all": 6 / 4,
    "hedge never": 5.0,
    "collage shared": 8.0,
    "parity": 6.0,
    "own of parity": 4.0,
}


@pytest.mark.parametrize("case", SETUPS)
def test_verdicts(case: str) -> None:
    """Stable at 0.95 of its capacity, and at 0.7; not at 1.05, nor at 1.2."""
    shares = (0.7, 0.95, 1.05, 1.2)
    found = [found_of(case, share * CAPACITY[case]).stable for share in shares]

    assert found == [True, True, False, False]


def test_two_copies_of_all_at_a_load_of_60_percent() -> None:
    """Offered 0.6, twice that to do: unstable, though not if the loser may be dropped."""
    assert found_of("two copies never", 6.0).stable is False
    assert found_of("two copies on start", 6.0).stable is True


def test_slow_states_that_push_the_load_past_one() -> None:
    """Slow for 0.3 of the time by 5: an always busy worker does 0.718 in a second, not 0.76.

    Services that begin slow last on into the time between: they start slow with the chance
    p q / (p q + (1 - p) r), where a service leaves its state with the chance r = 1 - 1 / (1 + c)
    for one that began fast and q for slow, c = 1/20 + 0.3/0.7/20. Their mean is 1.392 s.
    """
    setup = setup_of(10, slowdown=(States(factor=5.0, dwell=20.0, share=0.3),))
    found = {
        rate: [
            estimate(sample_of(dataclasses.replace(setup, seed=seed), rate)).stable
            for seed in range(5)
        ]
        for rate in (0.95 * 7.18, 1.05 * 7.18)
    }

    assert list(found.values()) == [[True] * 5, [False] * 5]


def test_many_workers_and_few_requests_are_judged_by_the_work_done() -> None:
    """50 requests a worker at 1.05: the backlog says nothing yet, what they cost does."""
    sample = sample_of(SETUPS["two copies running, 200"], 210.0)
    growth = [run.growth for run in sample.runs]
    cost = [run.totals[1] / run.measured for run in sample.runs]

    assert not grows(sample.setup, growth, REQUESTS)
    assert is_stable(sample.setup, growth, REQUESTS) is True
    assert is_stable(sample.setup, growth, REQUESTS, cost) is False
    assert is_stable(sample.setup, growth, REQUESTS, cost[:1]) is True  # one run is not sure


def test_what_piles_up_where_no_request_waits_is_no_instability() -> None:
    """Copies that a slow worker never gets to: answers come from the other, and a note says so."""
    setup = setup_of(2, TWO, cancel="never", placement="fixed", speeds=(1.0, 0.3))
    behind, busy = sample_of(setup, 0.6), sample_of(setup, 0.25)

    told = [notes([each], [estimate(each)]) for each in (behind, busy)]
    assert estimate(behind).stable is True
    assert [run.totals[1] / run.measured * 0.6 / 2 > 1 for run in behind.runs] == [True] * RUNS
    assert told[0][0].startswith("Tasks pile up without end that no request waits for: case.")
    assert not [note for note in told[1] if note.startswith("Tasks pile up")]


@pytest.mark.parametrize("case", SETUPS)
def test_saturation_is_the_capacity(case: str) -> None:
    """In overload, 1.6 times what it can answer, as much is answered: |z| <= 4, size 6e-5."""
    found = overloaded(case)

    z = z_of_runs(found.values, expected(case))
    print(f"{case}: {found.pooled:.4f}, z = {z:+.2f}")
    assert abs(z) <= LIMIT


@pytest.mark.parametrize("case", SETUPS)
def test_a_planted_fault_is_found(case: str) -> None:
    """A capacity that is 3 % off lies outside."""
    assert abs(z_of_runs(overloaded(case).values, 1.03 * expected(case))) > LIMIT


def test_answers_of_the_last_three_quarters() -> None:
    """Eight measured requests, one a second from 2 s on, after two of warm-up.

    The window is from the arrival of the third measured one, at 4 s, to the last, at 9 s: in it
    leave the answers at 4.5, 5, 6 and 9 s, one of them to a request of the warm-up.
    """
    arrival = np.arange(10.0)
    completion = np.array([0.5, 5.0, 4.0, 4.5, 6.0, 9.0, 9.1, 10, 11, 12])

    assert outflow(arrival, completion, warm_up=2) == Outflow(4, 5.0)


def test_saturation_of_a_stable_policy_is_nothing() -> None:
    """It answers what arrives, which says nothing of what it could."""
    found = found_of("none", 9.5)

    assert np.isnan(found.quantities["saturation"].pooled)
    assert found.rate == 9.5
    assert found_of("none", 10.5).quantities["saturation"].pooled == pytest.approx(10, rel=0.05)

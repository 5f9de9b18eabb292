"""Intervals and verdicts keep their promise: how often they are right over many experiments.

One simulation of many runs is many experiments of five: runs are independent. Of n experiments,
95 % intervals cover in 95 % +- 4 sqrt(0.95 x 0.05 / n), with |z| <= 4 (probability 6e-5): of 400 in
90.6 to 99.4 %. At full length: verification/interval_coverage.py.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

import strag_sim
from strag_sim.results import Result
from strag_sim.statistics import Interval, estimate, section
from strag_sim.statistics.paired import paired
from strag_sim.theory import order_statistics, queues

RUNS, LIMIT = 5, 4.0
EXPONENTIAL = {"kind": "exponential", "mean": 1}


def experiments(keys, *, seed, count):
    """Yield the samples of each experiment, one a policy."""
    scenario = {"service": EXPONENTIAL, **keys, "runs": count * RUNS, "seed": seed}
    samples = strag_sim.simulate(strag_sim.load(scenario)).samples
    for first in range(0, count * RUNS, RUNS):
        yield [replace(each, runs=each.runs[first : first + RUNS]) for each in samples]


def z_of(right, expected):
    """Return by how many standard errors the share of what is right lies above the expected."""
    right = np.array(right)
    return (right.mean() - expected) / math.sqrt(expected * (1 - expected) / right.size)


def covers(interval, truth):
    """Tell whether an interval covers the truth."""
    return interval.low <= truth <= interval.high


@pytest.fixture(scope="module")
def coded():
    """Return p99 of any 9 and any 8 of 10 in 200 experiments, and the truths of both."""
    policies = [
        {"kind": "lagrange", "inputs": 1, "tasks": 10, "threshold": k, "label": f"{k}"}
        for k in (9, 8)
    ]
    keys = {
        "requests": 500,
        "arrivals": {"kind": "deterministic", "interval": 100},
        "workers": {"count": 10, "placement": "fixed"},
        "policies": policies,
    }
    found = experiments(keys, seed=1, count=200)
    p99 = [[estimate(each).quantities["p99"] for each in two] for two in found]
    nine, eight = (
        order_statistics.quantile(0.99, lambda level: -np.log1p(-level), k, 10) for k in (9, 8)
    )
    return p99, nine, eight


@pytest.fixture(scope="module")
def queued():
    """Return the mean of two queues in 400 experiments, the second with a faster worker."""
    faster = {"groups": [{"count": 1, "speed": 1.25}]}
    keys = {
        "requests": 2000,
        "warm_up": 100,
        "arrivals": {"kind": "poisson", "rate": 0.5},
        "workers": {"count": 1},
        "policies": [{"kind": "none"}, {"kind": "none", "label": "fast", "workers": faster}],
    }
    found = experiments(keys, seed=12, count=400)
    return [[estimate(each).quantities["mean"] for each in two] for two in found]


SLOW, FAST = queues.mm1_mean(0.5, 1.0), queues.mm1_mean(0.5, 0.8)


def test_p99_is_covered(coded):
    """By sectioning, any 9 of 10."""
    found, nine, _ = coded
    z = z_of([covers(section(p.pooled, p.values, 0.95), nine) for p, _ in found], 0.95)

    print(f"z = {z:.2f}")
    assert abs(z) <= LIMIT


@pytest.mark.parametrize("method", ["student", "sectioning"])
def test_the_ratio_of_p99_is_covered(coded, method):
    """8 of 10 over 9 of 10, on the same sizes."""
    found, nine, eight = coded
    right = [covers(paired(b, a, 0.95, method).ratio_interval, eight / nine) for a, b in found]
    z = z_of(right, 0.95)

    print(f"z = {z:.2f}")
    assert abs(z) <= LIMIT


def test_the_mean_is_covered(queued):
    """M/M/1 at half load, after a warm-up."""
    z = z_of([covers(section(m.pooled, m.values, 0.95), SLOW) for m, _ in queued], 0.95)

    print(f"z = {z:.2f}")
    assert abs(z) <= LIMIT


@pytest.mark.parametrize("method", ["student", "sectioning"])
def test_the_ratio_and_the_difference_of_means_are_covered(queued, method):
    """Two queues with the same arrivals."""
    found = [paired(b, a, 0.95, method) for a, b in queued]
    for right in (
        [covers(each.ratio_interval, FAST / SLOW) for each in found],
        [covers(each.difference_interval, FAST - SLOW) for each in found],
    ):
        z = z_of(right, 0.95)
        print(f"z = {z:.2f}")
        assert abs(z) <= LIMIT


def test_intervals_that_do_not_pair_would_be_found_out(queued):
    """Planted: as if the runs of the two queues were independent. They cover too often."""
    right = []
    for a, b in queued:
        spread = np.var(np.log(b.values), ddof=1) + np.var(np.log(a.values), ddof=1)
        half = 2.776445 * math.sqrt(spread / RUNS)  # Student's t of 4 degrees
        centre = np.log(b.values / a.values).mean()
        right.append(covers(Interval(centre - half, centre + half), math.log(FAST / SLOW)))

    assert z_of(right, 0.95) > LIMIT


def test_pairs_of_other_runs_would_be_found_out(queued):
    """Planted: run i against run i + 1. The interval is right, but several times as wide."""
    widths = []
    for a, b in queued:
        moved = replace(a, values=np.roll(a.values, 1))
        ends = (paired(b, base, 0.95).ratio_interval for base in (a, moved))
        widths.append([end.high / end.low for end in ends])
    own, other = np.log(widths).mean(axis=0)

    assert other > 2 * own


def verdicts_of_the_same(seeds, count=100):
    """Return the tables of a policy against itself under another seed."""
    keys = {
        "requests": 200,
        "arrivals": {"kind": "poisson", "rate": 0.5},
        "workers": {"count": 1},
        "policies": [{"kind": "none"}],
    }
    for (a,), (b,) in zip(*(experiments(keys, seed=s, count=count) for s in seeds), strict=True):
        two = [a, replace(b, setup=replace(b.setup, label="again"))]
        result = Result.of(two, [estimate(each) for each in two], "", {}, confidence=0.95)
        yield strag_sim.compare(result).table()


def test_the_same_policy_is_seldom_told_apart_from_itself():
    """In at most 5 % of the comparisons is any verdict wrong; uncorrected tests would exceed it."""
    wrong, uncorrected = [], []
    for table in verdicts_of_the_same((3, 4)):
        wrong.append(table["verdict"].isin(["lower", "higher"]).any())
        uncorrected.append((table["p"] < 0.05).any())

    print(f"wrong: {np.mean(wrong):.3f}, uncorrected: {np.mean(uncorrected):.3f}")
    assert z_of(wrong, 0.05) <= LIMIT
    assert z_of(uncorrected, 0.05) > LIMIT

"""What a user is told of quantiles that short runs put too low."""

import math

import numpy as np
import pytest
from measured import sample_of

import strag_sim
from strag_sim.statistics import estimate, notes
from strag_sim.statistics.estimates import Quantity
from strag_sim.statistics.notes import bias


def exponential(requests, runs=40, seed=1):
    """Return a sample of runs of independent exponential responses."""
    return sample_of(*np.random.default_rng(seed).exponential(size=(runs, requests)))


def short(sample):
    """Return what is told of short runs."""
    return [note for note in notes([sample], [estimate(sample)]) if note.startswith("Runs are")]


def test_bias_by_hand():
    """Runs 9, 9, 9, 9 beside 10 of all together are 10 % too low, without any noise."""
    assert bias(Quantity(10.0, np.full(4, 9.0))) == pytest.approx(-0.1)
    # 8 and 10: 9 +- 1, of which twice is more than the difference.
    assert bias(Quantity(10.0, np.array([8.0, 10.0]))) == 0


@pytest.mark.parametrize("quantity", [Quantity(math.nan, np.full(3, math.nan))])
def test_what_is_not_known_has_no_bias(quantity):
    """An unstable policy, a single run, a quantile of 0."""
    assert bias(quantity) == 0
    assert bias(Quantity(1.0, np.array([1.0]))) == 0
    assert bias(Quantity(0.0, np.zeros(3))) == 0


def test_the_bias_of_exponential_responses():
    """E[nearest-rank p99] of 100 of them is H_100 - H_1 = 4.187, 9 % below ln 100 = 4.605.

    4,000 runs: |z| <= 4. The control: it is not that of 1,000, 1 % below.
    """
    values = np.sort(np.random.default_rng(3).exponential(size=(4000, 100)), axis=1)[:, 98]
    error = values.std(ddof=1) / math.sqrt(4000)
    expected = sum(1 / i for i in range(2, 101))

    assert expected == pytest.approx(4.187, abs=0.001)
    assert abs(values.mean() - expected) <= 4 * error
    assert abs(values.mean() - sum(1 / i for i in range(11, 1001))) > 4 * error
    found = bias(Quantity(math.log(100), values))
    assert found == pytest.approx(expected / math.log(100) - 1, abs=0.02)


def test_short_runs_are_told():
    """Runs of 100 requests: the p99 of one is 9 % too low, that of 40 together some 0.2 %."""
    told = short(exponential(100))

    assert "for p99" in told[0]
    assert "too low" in told[0]
    assert "of none" in told[0]
    assert "more than 100 requests" in told[0]


def test_long_runs_are_not():
    """At 100,000 requests a run neither p99 nor p999 is off by 2 %."""
    assert short(exponential(100_000, runs=10)) == []


def test_a_certain_overload_is_told_however_short_runs_are():
    """Load 1.2 for certain: two copies of each request at 0.6, all run in full; at 0.4 nothing."""
    keys = {"service": {"kind": "exponential", "mean": 1}, "workers": {"count": 4}, "requests": 500}
    twice = {"kind": "replication", "copies": 2, "cancel": "never"}

    def told(load):
        arrivals = {"kind": "poisson", "offered_load": load}
        scenario = {"runs": 4, "arrivals": arrivals, "policies": [{"kind": "none"}, twice], **keys}
        return strag_sim.simulate(strag_sim.load(scenario))

    result = told(0.6)
    note = next(note for note in result.notes if note.startswith("More work comes"))
    assert result.overloaded == ["replication 2"]
    assert "replication 2 (load 1.2)" in note
    assert "none" not in note
    assert not any(note.startswith("More work comes") for note in told(0.4).notes)

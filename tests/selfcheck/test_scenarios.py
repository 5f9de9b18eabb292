"""Warm-ups are long enough, and a quick check has whole groups."""

import math

import pytest

from strag_sim.selfcheck import checks, running
from strag_sim.selfcheck.scenarios import poisson, queue
from strag_sim.theory import queues


def test_the_warm_up_is_ten_relaxation_times():
    """At a load of 0.25 each is 1 / (1 - 0.5)^2 = 4 s: at most 40 requests a slot in ten."""
    assert queue("x", poisson(0.25), load=0.25)["warm_up"] == 40
    assert queue("x", poisson(0.5), load=0.25, workers={"count": 2})["warm_up"] == 80
    slots = {"groups": [{"count": 2, "slots": 3}]}
    assert queue("x", poisson(1.5), load=0.25, workers=slots)["warm_up"] == 240
    assert queue("x", poisson(0.25), load=0.25, variation=3)["warm_up"] == 120


def test_ten_relaxation_times_leave_nothing_of_the_start():
    """The mean number in M/M/1 from empty, by its chain, at the time at which measuring begins."""
    rate, size = 0.7, 400
    scenario = queue("x", poisson(rate), load=rate)
    # Uniformised at the rate lambda + mu: the law after k steps.
    step = rate / (1 + rate)
    law = [1.0] + [0.0] * (size - 1)
    for _ in range(round(scenario["warm_up"] / rate * (1 + rate))):
        up = [step * p for p in law[:-1]]
        down = [(1 - step) * p for p in law]
        stays = [down[0]] + [0.0] * (size - 1)
        law = [
            s + (up[i - 1] if i else 0.0) + (down[i + 1] if i + 1 < size else 0.0)
            for i, s in enumerate(stays)
        ]
    mean = sum(i * p for i, p in enumerate(law))

    assert mean == pytest.approx(rate * queues.mm1_mean(rate, 1), rel=2e-5)


@pytest.fixture(scope="module")
def every():
    """Return all checks."""
    return checks()


def test_every_scenario_holds_whole_groups(every):
    """Requests that arrive together are not cut apart by a quick check."""
    for check in every:
        batch = check.scenario["arrivals"].get("batch", 1)
        if check.scenario["arrivals"]["kind"] == "deterministic":
            assert (check.scenario["requests"] / running.SHORTER / batch).is_integer()


def test_seeds_differ(every):
    """No two scenarios share their random numbers, but those of the books, which need not."""
    seeds = {
        check.scenario["name"]: check.scenario["seed"]
        for check in every
        if not math.isnan(check.theory)
    }

    assert len(set(seeds.values())) == len(seeds)

"""How long the timelines of slow workers last, and that runs seldom outlast them."""

import re

import pytest

import strag_sim
from strag_sim import plan
from strag_sim.plan.workers import BEYOND, SIZES_BEYOND

SLOW = [{"kind": "states", "factor": 4, "dwell": 5, "share": 0.1}]


def scenario(**keys):
    """Return a scenario with slow workers."""
    return strag_sim.load(
        {
            "runs": 2,
            "requests": 500,
            "arrivals": {"kind": "poisson", "rate": 1.5},
            "service": {"kind": "exponential", "mean": 1},
            "workers": {"count": 4},
            "slowdown": SLOW,
            "policies": [{"kind": "none"}],
            **keys,
        }
    )


def test_open_arrivals():
    """A quarter past the last arrival, and a hundred mean sizes."""
    drawn = plan.draw(scenario().setups()[0], 1)

    assert set(drawn.slowness.period) == {BEYOND * drawn.draws.arrival[-1] + SIZES_BEYOND * 1.0}


def test_sizes_without_a_mean():
    """Their median stands in for it."""
    law = {"kind": "pareto", "minimum": 1, "shape": 0.5}
    drawn = plan.draw(scenario(service=law).setups()[0], 0)

    assert set(drawn.slowness.period) == {BEYOND * drawn.draws.arrival[-1] + SIZES_BEYOND * 4.0}


@pytest.mark.parametrize(
    "arrivals",
    [
        {"kind": "poisson", "rate": 1.5},
        {"kind": "closed", "clients": 1},
        {"kind": "closed", "clients": 8},
        {"kind": "closed", "clients": 2, "think": 20},
        {"kind": "closed", "clients": 1, "barrier": 4, "think": {"kind": "exponential", "mean": 3}},
    ],
    ids=lambda arrivals: "-".join(map(str, arrivals.values())),
)
def test_runs_do_not_outlast_them(arrivals):
    """No task of a stable run begins where slowness has begun anew."""
    policies = [{"kind": "none"}, {"kind": "replication", "copies": 2}]
    result = strag_sim.simulate(scenario(arrivals=arrivals, policies=policies))

    assert result.notes == []


@pytest.mark.parametrize(
    "keys",
    [
        {"network": {"to_worker": 20, "from_worker": 5}},
        {"encode": 20, "decode": {"kind": "exponential", "mean": 20}},
    ],
    ids=["network", "codec"],
)
def test_clients_that_wait_for_more_than_a_worker(keys):
    """The network, encoding and decoding make the rounds of a closed loop longer."""
    policies = [{"kind": "mds", "inputs": 2, "tasks": 3}]
    arrivals = {"kind": "closed", "clients": 2}
    result = strag_sim.simulate(scenario(arrivals=arrivals, policies=policies, **keys))

    assert result.notes == []


def test_overload_outlasts_them_and_says_so():
    """Twice as many requests as can be served: the tasks that began anew are counted."""
    overload = {"kind": "poisson", "rate": 8}
    result = strag_sim.simulate(scenario(arrivals=overload, requests=5000))

    (note,) = result.notes
    assert "Slowdown began anew" in note
    assert re.search(r"Tasks that began after that: none [\d,]+$", note)


def test_without_slowdown_there_is_nothing_to_look_up():
    """No track, and no cost."""
    drawn = plan.draw(scenario(slowdown=[{**SLOW[0], "enabled": False}]).setups()[0], 0)

    assert drawn.slowness.track.shape == (0, 4)
    assert drawn.slowness.at.size == 0

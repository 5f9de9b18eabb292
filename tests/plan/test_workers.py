"""How long the timelines of slow workers last, and that runs seldom outlast them."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

import strag_sim
from strag_sim import plan
from strag_sim.errors import ScenarioError
from strag_sim.plan.workers import BEYOND, SIZES_BEYOND
from strag_sim.slowdown.tracks import Tracks

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

    assert set(drawn.slowness.period) == {BEYOND * np.ptp(drawn.draws.arrival) + SIZES_BEYOND * 1.0}


def test_timelines_begin_at_the_first_arrival(tmp_path):
    """Stamps of the clock, from 2001 on: the matrix begins with the first request, not in 1970."""
    np.save(tmp_path / "slow.npy", np.array([[2.0], [3.0]]))
    slow = {"kind": "replay", "path": str(tmp_path / "slow.npy"), "by": "time", "interval": 4}
    result = strag_sim.simulate(
        scenario(
            runs=1,
            requests=2,
            arrivals={"kind": "trace", "times": [1e9, 1e9 + 5]},
            service={"kind": "scripted", "own": [1, 1]},
            workers={"count": 1},
            slowdown=[slow],
        )
    )

    assert result.responses("none").tolist() == [2, 3]
    assert result.notes == []


def test_sizes_without_a_mean():
    """Their median stands in for it."""
    law = {"kind": "pareto", "minimum": 1, "shape": 0.5}
    drawn = plan.draw(scenario(service=law).setups()[0], 0)

    assert set(drawn.slowness.period) == {BEYOND * np.ptp(drawn.draws.arrival) + SIZES_BEYOND * 4.0}


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

    (note,) = (note for note in result.notes if note.startswith("Slowdown began anew"))
    assert re.search(r"Tasks that began after that: none [\d,]+$", note)


def test_without_slowdown_there_is_nothing_to_look_up():
    """No track, and no cost."""
    drawn = plan.draw(scenario(slowdown=[{**SLOW[0], "enabled": False}]).setups()[0], 0)

    assert drawn.slowness.track.shape == (0, 4)
    assert drawn.slowness.at.size == 0


@dataclass(frozen=True)
class Own:
    """A user's own part, whose tracks may be anything."""

    given: Tracks
    enabled: bool = True

    def tracks(self, streams, workers, horizon, combine):
        """Return the tracks."""
        return self.given


RIGHT = Tracks(
    track=np.array([0, 0, 1, 1]),
    first=np.array([0, 2, 3]),
    at=np.array([0.0, 4.0, 0.0]),
    value=np.array([1.0, 2.0, 3.0]),
    period=10.0,
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"track": np.array([0, 0, 1])}, "slowdown.0: the track of each of 4 workers"),
        ({"track": np.array([0, 0, 1, 2])}, "must be one of the 2"),
        ({"track": np.array([0, 0, 1, -1])}, "must be one of the 2"),
        ({"first": np.array([0, 3, 3])}, "at least one to each"),
        ({"first": np.array([0, 2, 4])}, "first must divide all steps"),
        ({"at": np.array([0.0, 4.0, 1.0])}, "must begin at 0, and not fall"),
        ({"at": np.array([0.0, -4.0, 0.0])}, "must begin at 0, and not fall"),
        ({"at": np.array([0.0, np.nan, 0.0])}, "must begin at 0, and not fall"),
        ({"value": np.array([1.0, -2.0, 3.0])}, "a finite number of at least 0"),
        ({"value": np.array([1.0, np.inf, 3.0])}, "a finite number of at least 0"),
        ({"value": np.array([1.0, 2.0])}, "at each step"),
        ({"period": 0.0}, "a period of 0.0 is not above 0"),
        ({"period": np.nan}, "a period of nan"),
    ],
)
def test_tracks_that_engines_could_not_run(change, message):
    """Refused before a run: compiled code would read beside its arrays."""
    setup = scenario(slowdown=[Own(RIGHT._replace(**change))]).setups()[0]

    with pytest.raises(ScenarioError, match=message):
        plan.draw(setup, 0)


def test_a_part_of_ones_own():
    """Tracks that are right are taken as they are."""
    drawn = plan.draw(scenario(slowdown=[Own(RIGHT)]).setups()[0], 0)

    assert drawn.slowness.track.tolist() == [[0, 0, 1, 1]]


def test_shocks_that_no_double_holds():
    """Factors of shocks that overlap multiply, beyond any double at last."""
    shock = {"kind": "shock", "rate": 1.0, "share": 1.0, "factor": 1e300, "length": 10}

    with pytest.raises(ScenarioError, match=r"slowdown\.0: slowness must be a finite number"):
        strag_sim.simulate(scenario(slowdown=[shock]))

"""The identities, worked out by hand on two requests."""

import numpy as np
import pytest

import strag_sim
from strag_sim.selfcheck.accounts import busy_share, number_in_system, spent


@pytest.fixture(scope="module")
def result():
    """Return two requests on two workers: sizes 3 s from 0, and 1 s from 2; a copy of 2 s each.

    The first is answered at 2 by its copy, on worker 1; the own task runs on to 3. The second
    comes at 2: its own task waits at worker 0 until 3, when its copy has half done; it begins and
    ends at 4, as the copy does.
    """
    scenario = {
        "arrivals": {"kind": "trace", "times": [0, 2]},
        "service": {"kind": "scripted", "own": [3, 1], "redundant": [[2, 2]]},
        "workers": {"count": 2, "placement": "fixed"},
        "runs": 1,
        "policies": [{"kind": "replication", "copies": 2}],
    }
    return strag_sim.simulate(strag_sim.load(scenario), record="tasks")


def test_the_number_in_the_system(result):
    """One request is under way from 0 to 2, the other from 2 to 4: L = 1; 2 / 4 s x 2 s = 1."""
    assert [side.tolist() for side in number_in_system(result)] == [[1.0], [1.0]]


def test_the_busy_share(result):
    """Between the arrivals, 0 and 2, both workers are busy."""
    assert [side.tolist() for side in busy_share(result)] == [[1.0], [1.0]]


def test_what_is_spent(result):
    """3 + 2 for the first request, 1 + 2 for the second: 4 each."""
    assert [side.tolist() for side in spent(result)] == [[4.0], [4.0]]


def test_the_sides_are_calculated_apart(result):
    """A wrong table is not copied: the events say what they say."""
    wrong = result.tables["runs"].assign(mean=9.0, utilisation=9.0, cost=9.0)
    changed = type(result)(
        tables={**result.tables, "runs": wrong},
        scenario=result.scenario,
        provenance=result.provenance,
        samples=result.samples,
    )

    for sides in (number_in_system, busy_share, spent):
        reported, counted = sides(changed)
        assert not np.allclose(reported, counted)

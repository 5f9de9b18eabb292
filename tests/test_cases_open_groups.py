"""Hand-worked: a group that is still filling, whose first members are already answered."""

import pytest

import strag_sim


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize("cancel", ["queued", "running", "never"])
def test_a_parity_comes_when_the_group_is_full(cancel: str, engine: str) -> None:
    """Requests at 0 and 5 s, own sizes 1 and 4, the parity 2; workers 0 and 1, the parity's is 2.

    Request 0 is answered at 1, while nobody else has arrived. The group is full at 5: the parity
    is sent, ends at 7, and with the own task of request 0 recovers request 1, whose own task
    would end at 9.
    """
    scenario = strag_sim.load(
        {
            "arrivals": {"kind": "trace", "times": [0, 5]},
            "service": {"kind": "scripted", "own": [1, 4], "redundant": [[2]]},
            "workers": {"count": 3, "placement": "fixed"},
            "runs": 1,
            "policies": [{"kind": "parity", "inputs": 2, "cancel": cancel}],
        }
    )

    result = strag_sim.simulate(scenario, engine=engine, record="tasks")

    requests, tasks = result.requests(), result.tasks()
    assert requests["completion"].tolist() == [1.0, 7.0]
    assert requests["path"].tolist() == ["own", "parity"]
    assert tasks["released"].tolist() == [0.0, 5.0, 5.0]
    stopped = cancel == "running"
    assert tasks["finished"].tolist() == [1.0, 7.0 if stopped else 9.0, 7.0]
    assert tasks["state"].tolist()[1] == ("cancelled-running" if stopped else "finished")


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_group_that_closes_when_all_are_answered_sends_nothing_that_is_served(
    engine: str,
) -> None:
    """One request at 0 of size 1 in a group of two that closes at 3: its collage is not needed."""
    scenario = strag_sim.load(
        {
            "arrivals": {"kind": "trace", "times": [0, 10]},
            "service": {"kind": "scripted", "own": [1, 1], "redundant": [[2, 2]]},
            "workers": {"count": 3, "placement": "fixed"},
            "runs": 1,
            "fill_timeout": 3,
            "policies": [{"kind": "parity", "inputs": 2}],
        }
    )

    tasks = strag_sim.simulate(scenario, engine=engine, record="tasks").tasks()

    first = tasks[(tasks["group"] == 0) & (tasks["role"] == "parity")]
    assert first["state"].tolist() == ["cancelled-queued"]
    assert first["finished"].tolist() == [3.0]

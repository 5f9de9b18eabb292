"""Cases worked by hand: which tasks had returned, and so how accurate an answer is.

In the tables of ``tabled`` task j adds 2^-(j+1): the tasks can be read off an accuracy.
"""

import pandas as pd
import pytest
from tabled import table
from worked import both_engines, fixed, worked

import strag_sim


def answers_of(result):
    """Return (completion, path, returned, accuracy) of each request."""
    rows = result.requests().sort_values("request")
    return [
        (float(row.completion), str(row.path), row.returned, float(row.accuracy))
        for row in rows.itertuples()
    ]


def lagrange(**keys):
    """Return 2 inputs in 3 tasks, any 2 of which recover them."""
    return {
        "kind": "lagrange",
        "inputs": 2,
        "tasks": 3,
        "threshold": 2,
        "accuracy": table(2, 3, 2),
        **keys,
    }


@both_engines
def test_the_tasks_that_returned_decide(engine):
    """Tasks 1 and 2 are there at 2: 1/4 + 1/8. In the next group 0 and 2 are: 1/2 + 1/8."""
    result = worked(
        engine,
        lagrange(),
        arrivals=[0, 0, 10, 10],
        redundant=[[3, 1], [1, 4], [2, 2]],
        workers=fixed(3),
    )

    assert answers_of(result) == [
        (2, "coded", 0b110, 0.375),
        (2, "coded", 0b110, 0.375),
        (12, "coded", 0b101, 0.625),
        (12, "coded", 0b101, 0.625),
    ]
    assert result.summary().accuracy[0] == 0.5


@both_engines
def test_of_tasks_that_finish_together_the_first_count(engine):
    """All three finish at 2; the threshold is 2, and ties go by id: 1/2 + 1/4."""
    result = worked(
        engine, lagrange(), arrivals=[0, 0], redundant=[[2], [2], [2]], workers=fixed(3)
    )

    assert [row[2:] for row in answers_of(result)] == [(0b011, 0.75)] * 2


@both_engines
def test_what_returns_during_the_decode_comes_too_late(engine):
    """Decoding of tasks 1 and 2 takes from 2 to 4; task 0 returns at 3."""
    result = worked(
        engine,
        lagrange(),
        arrivals=[0, 0],
        redundant=[[3], [1], [2]],
        workers=fixed(3),
        decode=2,
        cancel="never",
    )

    assert answers_of(result) == [(4, "coded", 0b110, 0.375)] * 2


@both_engines
def test_results_count_when_they_are_back(engine):
    """Task 0 finishes first, and the network, 5 s for whom it likes, is part of the way back.

    Tasks finish at 1, 2 and 3, results come 1 s later: 0 and 1 at 3.
    """
    result = worked(
        engine,
        lagrange(),
        arrivals=[0, 0],
        redundant=[[1], [2], [3]],
        workers=fixed(3),
        network={"from_worker": 1},
    )

    assert answers_of(result) == [(3, "coded", 0b011, 0.75)] * 2


@both_engines
def test_parity_is_charged_for_what_is_reconstructed_alone(engine):
    """Request 0 is reconstructed at 2 from task 1 and the parity: (1/4 + 1/8) / 1 by its place.

    Request 1 is answered by its own task, as accurately as the scenario says.
    """
    policy = {
        "kind": "parity",
        "inputs": 2,
        "accuracy": table(2, 3, 2, by_place=True, kind="parity"),
    }
    result = worked(
        engine,
        policy,
        arrivals=[0, 0],
        own=[5, 1],
        redundant=[[2]],
        workers=fixed(3),
        accuracy=0.9,
    )

    first, second = answers_of(result)
    assert first == (2, "parity", 0b110, 0.375)
    assert (second[0], second[1], second[3]) == (1, "own", 0.9)
    assert result.summary().accuracy[0] == (0.375 + 0.9) / 2


@both_engines
def test_accuracy_goes_by_the_place_in_the_group(engine):
    """Here request 1 is late: its place has half the accuracy, (1/2 + 1/8) / 2."""
    policy = {
        "kind": "parity",
        "inputs": 2,
        "accuracy": table(2, 3, 2, by_place=True, kind="parity"),
    }
    result = worked(engine, policy, arrivals=[0, 0], own=[1, 5], redundant=[[2]], workers=fixed(3))

    assert answers_of(result)[1] == (2, "parity", 0b101, 0.3125)


@both_engines
def test_blank_places_have_returned(engine):
    """The last group closes short: its parity, there at 1, and the blank place recover it."""
    policy = {"kind": "parity", "inputs": 2, "accuracy": table(2, 3, 2, kind="parity")}
    result = worked(
        engine,
        policy,
        arrivals=[0],
        own=[5],
        redundant=[[1]],
        workers=fixed(3),
    )

    assert answers_of(result) == [(1, "parity", 0b110, 0.375)]


@both_engines
def test_a_collage_is_one_task_and_its_cells_may_differ(engine):
    """All four wait 9 s but for the collage, at 3; cell i has 1/2 over i + 1."""
    policy = {
        "kind": "collage",
        "grid": 2,
        "accuracy": table(4, 1, 1, by_place=True, kind="collage"),
    }
    result = worked(
        engine, policy, arrivals=[0] * 4, own=[9] * 4, redundant=[[3]], workers=fixed(5)
    )

    assert [row[3] for row in answers_of(result)] == [0.5, 0.25, 0.5 / 3, 0.125]
    assert result.summary().accuracy[0] == pytest.approx((0.5 + 0.25 + 0.5 / 3 + 0.125) / 4)


@both_engines
@pytest.mark.parametrize(
    ("sizes", "completion", "returned"),
    [
        ([1, 2, 2, 9], 2, 0b0111),  # at exactly the deadline is on time
        ([9, 1, 5, 1], 2, 0b1010),
        ([1, 1.5, 1, 0.5], 1.5, 0b1111),  # all are in before it
        ([7, 9, 1, 5], 5, 0b1100),  # too few at the deadline: then as soon as there are enough
    ],
)
def test_at_a_deadline_all_that_returned_is_used(engine, sizes, completion, returned):
    """A group that completes together takes more than its threshold."""
    policy = lagrange(tasks=4, accuracy=table(2, 4, 2), deadline=2)
    result = worked(
        engine,
        policy,
        arrivals=[0, 0],
        redundant=[[size] for size in sizes],
        workers=fixed(4),
    )

    assert [row[:3] for row in answers_of(result)] == [(completion, "coded", returned)] * 2


@both_engines
def test_without_a_table_nothing_is_noted(engine):
    """The column is empty where no accuracy goes by it."""
    policy = lagrange(accuracy=None)
    result = worked(engine, policy, arrivals=[0, 0], redundant=[[1], [1], [1]], workers=fixed(3))

    assert result.requests().returned.isna().all()
    assert result.requests().accuracy.isna().all()


@both_engines
def test_one_more_result_is_waited_for_where_accuracy_asks_for_it(engine):
    """At 2 tasks 1 and 2 are there, 3/8 < 1/2; at 3 all are: 7/8. The next group has 5/8 at 12."""
    result = worked(
        engine,
        lagrange(least_accuracy=0.5),
        arrivals=[0, 0, 10, 10],
        redundant=[[3, 1], [1, 4], [2, 2]],
        workers=fixed(3),
    )

    assert [(row[0], row[3]) for row in answers_of(result)] == [(3, 0.875)] * 2 + [(12, 0.625)] * 2


@both_engines
def test_results_that_come_together_are_all_used(engine):
    """At 2 come tasks 1 and 2, after task 0 at 1: the pairs and all three are accurate enough."""
    result = worked(
        engine,
        lagrange(least_accuracy=0.5),
        arrivals=[0, 0],
        redundant=[[1], [2], [2]],
        workers=fixed(3),
    )

    assert [(row[0], row[3]) for row in answers_of(result)] == [(2, 0.875)] * 2


@both_engines
def test_all_results_are_enough_however_inaccurate(engine):
    """Nothing is 90 % accurate here: 7/8 is answered when all three are in."""
    result = worked(
        engine,
        lagrange(least_accuracy=0.9),
        arrivals=[0, 0],
        redundant=[[3], [1], [2]],
        workers=fixed(3),
    )

    assert [(row[0], row[3]) for row in answers_of(result)] == [(3, 0.875)] * 2


@both_engines
def test_one_set_is_decoded_and_then_no_more_is_waited_for(engine):
    """Tasks 0 and 1 are there at 2; their decode takes 3 s, and 2 is stopped: it is too late."""
    result = worked(
        engine,
        lagrange(least_accuracy=0.0),
        arrivals=[0, 0],
        redundant=[[1], [2], [4]],
        workers=fixed(3),
        decode=3,
        cancel="running",
        master={"cores": 1},
    )

    assert answers_of(result) == [(5, "coded", 0b011, 0.75)] * 2
    assert [(float(row.finished), row.state) for row in result.tasks().itertuples()] == [
        (1, "finished"),
        (2, "finished"),
        (2, "cancelled-running"),
    ]


def one_policy(cancel, decode, **keys):
    """Simulate a policy whose decodes wait for a core."""
    scenario = {
        "arrivals": {"kind": "poisson", "offered_load": 0.4},
        "service": {"kind": "exponential", "mean": 0.1},
        "workers": {"count": 6},
        "master": {"cores": 1},
        "decode": decode,
        "cancel": cancel,
        "runs": 1,
        "requests": 2000,
        "policies": [lagrange(label="one", **keys)],
    }
    return strag_sim.simulate(strag_sim.load(scenario), record="requests")


@pytest.mark.parametrize("cancel", ["never", "queued", "running"])
def test_any_set_is_the_threshold(cancel):
    """Sets that may all be decoded are the plain policy, to the last bit, decodes included."""
    for decode in (0, 0.05, {"kind": "exponential", "mean": 0.05}):
        plain, sets = (one_policy(cancel, decode, **keys) for keys in ({}, {"least_accuracy": 0.0}))

        pd.testing.assert_frame_equal(plain.requests(), sets.requests())
        assert plain.summary().cost[0] == sets.summary().cost[0]

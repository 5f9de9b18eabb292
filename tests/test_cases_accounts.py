"""Cost, waste, utilisation, accuracy and the rest of a row of the summary, added up by hand."""

import math

import pytest
from worked import both_engines, fixed, requests_of, scripted, worked


def two_models(engine, warm_up=0, **keys):
    """Three requests; the copies run a smaller model that takes 2 seconds and is right in 0.5."""
    return worked(
        engine,
        {"kind": "replication", "copies": 2, "copy_model": "small"},
        arrivals=[0, 8, 10],
        own=[4, 1, 2],
        workers={"count": 2, "placement": "fixed"},
        models={"small": {"service": {"kind": "deterministic", "value": 2}, "accuracy": 0.5}},
        accuracy=0.875,
        cancel="running",
        warm_up=warm_up,
        slo=1.5,
        **keys,
    )


@both_engines
def test_a_row_of_the_summary(engine):
    """Every column of a case of three requests."""
    result = two_models(engine)

    # request 0: 0-2 on both workers, the copy answers at 2. Request 1: 8-9 on both, own answers at
    # 9. Request 2: 10-12 on both, in one instant: own answers.
    assert requests_of(result) == [(0, 2, "copy"), (8, 9, "own"), (10, 12, "own")]
    row = result.summary().iloc[0]
    assert row.policy == "replication"
    assert (row.runs, row.requests) == (1, 3)
    assert row["mean"] == pytest.approx(5 / 3)
    assert row["p50"] == 2  # nearest rank of 1, 2, 2
    assert row["max"] == 2
    # busy: 4 + 2 + 4 worker-seconds; of those 2 + 1 + 2 were part of an answer
    assert row.cost == pytest.approx(10 / 3)
    assert row.wasted == pytest.approx(0.5)
    # 0 to 10, from the first to the last arrival: 4 + 2 of 2 x 10 worker-seconds
    assert row.utilisation == pytest.approx(0.3)
    assert row.straggled == pytest.approx(1 / 3)
    assert row.accuracy == pytest.approx((0.5 + 0.875 + 0.875) / 3)
    assert row.slo_met == pytest.approx(1 / 3)


@both_engines
def test_the_warm_up_is_left_out(engine):
    """Measured are the requests after the warm-up, their groups, and the time they span."""
    result = two_models(engine, warm_up=1)

    # requests 1 and 2: 2 + 4 worker-seconds; from 8 to 10: 2 of 2 x 2
    row = result.summary().iloc[0]
    assert result.responses("case").tolist() == [1, 2]
    assert row.requests == 2
    assert row.cost == pytest.approx(3)
    assert row.wasted == pytest.approx(0.5)
    assert row.utilisation == pytest.approx(0.5)
    assert row.straggled == 0
    assert row.accuracy == pytest.approx(0.875)
    assert row.slo_met == pytest.approx(0.5)


@both_engines
def test_without_accuracies_they_are_unknown(engine):
    """An accuracy that nobody states is NaN, not 1."""
    result = worked(engine, {"kind": "none"}, arrivals=[0], own=[1], workers={"count": 1})

    assert math.isnan(result.summary().accuracy.item())


@both_engines
def test_the_variance_is_that_of_the_responses(engine):
    """Responses 1, 2, 3 and 6: mean 3, squares 4 + 1 + 0 + 9 over 4 or over 3."""
    result = worked(
        engine, {"kind": "none"}, arrivals=[0, 10, 20, 30], own=[1, 2, 3, 6], workers={"count": 1}
    )

    row = result.summary().iloc[0]
    assert row["var"] == pytest.approx(14 / 4) or row["var"] == pytest.approx(14 / 3)
    assert row["std"] == pytest.approx(math.sqrt(row["var"]))


@both_engines
def test_with_one_run_the_intervals_are_unknown(engine):
    """An interval over runs needs two of them."""
    result = worked(engine, {"kind": "none"}, arrivals=[0, 1], own=[1, 1], workers={"count": 1})

    row = result.summary().iloc[0]
    assert all(
        math.isnan(row[f"{name}_{side}"]) for name in ("mean", "p99") for side in ("low", "high")
    )


@both_engines
def test_waste_of_a_code(engine):
    """The tasks of the recovery that answered are useful, the fourth is wasted."""
    result = worked(
        engine,
        {"kind": "mds", "inputs": 3, "tasks": 4},
        arrivals=[0, 0, 0],
        redundant=[[4], [2], [9], [3]],
        workers=fixed(4),
        cancel="running",
    )

    # 4 + 2 + 3 for the answer at 4, where the fourth stops after 4 seconds
    row = result.summary().iloc[0]
    assert row.cost == pytest.approx(13 / 3)
    assert row.wasted == pytest.approx(4 / 13)


@both_engines
def test_waste_of_a_collage(engine):
    """The collage is useful if it answers one request, an own task if it answers its own."""
    result = worked(
        engine,
        {"kind": "collage", "grid": 2},
        arrivals=[0, 0, 0, 0],
        own=[1, 2, 10, 2],
        redundant=[[4]],
        workers=fixed(5),
    )

    # 1 + 2 + 2 own and the collage's 4 of 1 + 2 + 10 + 2 + 4
    row = result.summary().iloc[0]
    assert row.cost == pytest.approx(19 / 4)
    assert row.wasted == pytest.approx(10 / 19)
    assert row.straggled == pytest.approx(1 / 4)


@both_engines
def test_waste_of_a_parity_group(engine):
    """The own answer that a parity decode needs is useful for both requests, and counted once."""
    result = worked(
        engine,
        {"kind": "parity", "inputs": 2},
        arrivals=[0, 0],
        own=[1, 8],
        redundant=[[3]],
        workers=fixed(3),
    )

    # own 0 (1) and the parity (3) of 1 + 8 + 3
    row = result.summary().iloc[0]
    assert requests_of(result) == [(0, 1, "own"), (0, 3, "parity")]
    assert row.cost == pytest.approx(6)
    assert row.wasted == pytest.approx(8 / 12)


@both_engines
def test_busy_time_counts_slots(engine):
    """The utilisation is a share of the slots: a worker with two is half busy with one task."""
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=[0, 4],
        own=[2, 1],
        workers={"groups": [{"count": 1, "slots": 2}]},
    )

    # 0-2 within the window 0 to 4: 2 of 2 x 4
    assert result.summary().utilisation.item() == pytest.approx(0.25)


@both_engines
def test_cost_counts_the_time_on_the_worker(engine):
    """The cost of a task is its service time, on a slow worker more than its size."""
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=[0, 0],
        own=[2, 2],
        workers={
            "groups": [{"count": 1, "speed": 0.5}, {"count": 1, "speed": 2}],
            "placement": {"kind": "scripted", "own": [0, 1]},
        },
    )

    assert result.summary().cost.item() == pytest.approx((4 + 1) / 2)


@both_engines
def test_a_copy_that_is_never_cancelled_costs_its_whole_size(engine):
    """Cost and waste go on after the last answer: the run goes on until every task is done."""
    result = worked(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0],
        own=[3],
        redundant=[[7]],
        workers=scripted(2, own=[0], redundant=[[1]]),
        cancel="never",
    )

    row = result.summary().iloc[0]
    assert row.cost == pytest.approx(10)
    assert row.wasted == pytest.approx(0.7)


@both_engines
def test_a_group_that_begins_in_the_warm_up_is_not_measured(engine):
    """Responses are measured by request, cost by whole groups after the warm-up."""
    result = worked(
        engine,
        {"kind": "mds", "inputs": 2, "tasks": 2},
        arrivals=[0, 1, 10, 11],
        redundant=[[1, 3], [2, 4]],
        workers=fixed(2),
        warm_up=1,
    )

    # group 0 = requests 0 and 1, answered at 1 + 2 = 3; group 1 = requests 2 and 3, at 11 + 4 = 15
    row = result.summary().iloc[0]
    assert result.responses("case").tolist() == [2, 5, 4]
    assert row.cost == pytest.approx((3 + 4) / 2)
    assert row.wasted == 0

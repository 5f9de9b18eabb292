"""Hand-worked cases of batches: every start and finish derived in the comments."""

import pytest
from worked import DROPPED, FINISHED, STOPPED, both_engines, requests_of, scripted, tasks_of, worked

NONE = {"kind": "none"}
TWO = {"kind": "replication", "copies": 2}


def started_together(result):
    """Return task -> how many tasks started with it, itself included."""
    return {int(row.task): int(row.batch) for row in result.tasks().itertuples()}


@both_engines
def test_an_idle_worker_takes_whoever_is_there(engine):
    """No wait: the first comes alone, those that queue meanwhile together, at most two."""
    batch = {"max": 2, "growth": 0.5}
    result = worked(
        engine, NONE, arrivals=[0, 1, 2, 3], own=[4, 2, 6, 1], workers={"count": 1, "batch": batch}
    )

    # 0 alone: 0-4. Then 1 and 2: the size of the first, 2, and half of it for the second: 4-7.
    # Then 3 alone: 7-8
    assert requests_of(result) == [(0, 4, "own"), (1, 7, "own"), (2, 7, "own"), (3, 8, "own")]
    assert started_together(result) == {0: 1, 1: 2, 2: 2, 3: 1}
    assert result.tasks()["service"].tolist() == [4, 3, 3, 1]
    row = result.summary().iloc[0]
    assert row.cost == (4 + 3 + 1) / 4  # seconds of the worker, not of the tasks
    assert row.utilisation == 1.0  # 0-3, the arrivals
    assert row.wasted == 0.0


@both_engines
def test_the_first_waits_for_others(engine):
    """A batch starts when it is full, or when its first task has waited long enough."""
    batch = {"max": 2, "wait": 2, "growth": 0}
    result = worked(
        engine, NONE, arrivals=[0, 1, 5, 8, 9], own=[1] * 5, workers={"count": 1, "batch": batch}
    )

    # 0 waits until 1 comes: both 1-2. 2 waits from 5 to 7, alone: 7-8. At 9 the batch is full: 9-10
    assert [at for _, at, _ in requests_of(result)] == [2, 2, 8, 10, 10]
    assert started_together(result) == {0: 2, 1: 2, 2: 1, 3: 2, 4: 2}


@both_engines
def test_the_wait_counts_from_when_a_task_joins(engine):
    """Who has queued for long enough while the worker was busy starts as soon as it is free."""
    batch = {"max": 2, "wait": 2, "growth": 0}
    result = worked(
        engine, NONE, arrivals=[0, 0, 1, 10, 10, 13], own=[5, 5, 1, 4, 4, 1],
        workers={"count": 1, "batch": batch},
    )  # fmt: skip

    # 0 and 1: 0-5; 2 has waited since 1, and starts at 5 alone. 3 and 4: 10-14; 5, there since 13,
    # waits until 15
    assert [at for _, at, _ in requests_of(result)] == [5, 5, 6, 14, 14, 16]


@both_engines
def test_a_batch_is_of_one_model(engine):
    """Tasks of another model keep their places in the queue."""
    result = worked(
        engine,
        {**TWO, "copy_model": "large"},
        arrivals=[0, 0],
        own=[1, 1],
        workers={"count": 1, "distinct": False, "batch": {"max": 3, "growth": 1}},
        models={"large": {"service": {"kind": "scripted", "redundant": [[3, 3]]}}},
        cancel="never",
    )

    # in the queue: own 0, copy 0, own 1, copy 1. Both own: 0-2; then both copies: 2-8
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 2, FINISHED),
        1: ("copy", 0, 0, 2, 8, FINISHED),
        2: ("own", 0, 0, 0, 2, FINISHED),
        3: ("copy", 0, 0, 2, 8, FINISHED),
    }


@both_engines
def test_another_model_does_not_fill_a_batch(engine):
    """The first of the queue waits for its own kind, and those behind it wait with it."""
    result = worked(
        engine,
        {**TWO, "copy_model": "large"},
        arrivals=[0],
        own=[1],
        workers={"count": 1, "distinct": False, "batch": {"max": 2, "wait": 2, "growth": 1}},
        models={"large": {"service": {"kind": "scripted", "redundant": [[3]]}}},
        cancel="never",
    )

    # own waits until 2: 2-3; the copy, there since 0 too, then starts at once: 3-6
    assert tasks_of(result) == {
        0: ("own", 0, 0, 2, 3, FINISHED),
        1: ("copy", 0, 0, 3, 6, FINISHED),
    }


@both_engines
def test_a_cancel_inside_a_batch(engine):
    """A task that is no longer needed leaves its batch, which goes on for the other."""
    result = worked(
        engine,
        TWO,
        arrivals=[0, 0, 3],
        own=[4, 7, 1],
        redundant=[[2, 9, 5]],
        workers={**scripted(3, [0, 0, 0], [[1, 2, 1]]), "batch": {"max": 2, "growth": 0}},
        cancel="running",
    )

    # worker 0 serves both own tasks 0-4, the size of the first. At 2 copy 0 answers: own 0 is
    # stopped, its batch runs on for own 1, which answers at 4: copy 1 is stopped. Own 2 joins at 3,
    # when worker 0 is not free: 4-5
    assert requests_of(result) == [(0, 2, "copy"), (0, 4, "own"), (3, 5, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 2, STOPPED),
        1: ("copy", 1, 0, 0, 2, FINISHED),
        2: ("own", 0, 0, 0, 4, FINISHED),
        3: ("copy", 2, 0, 0, 4, STOPPED),
        4: ("own", 0, 3, 4, 5, FINISHED),
        5: ("copy", 1, 3, 3, 5, STOPPED),
    }
    # worker 0: 4 + 1, worker 1: 2 + 2, worker 2: 4. Of the batch of 4 half is own 1's
    row = result.summary().iloc[0]
    assert row.cost == 13 / 3
    assert row.wasted == 1 - (2 + 4 / 2 + 1) / 13


@both_engines
def test_a_batch_that_nobody_needs_is_stopped(engine):
    """When the last of its tasks is no longer needed, its worker is free."""
    result = worked(
        engine,
        TWO,
        arrivals=[0, 0, 1],
        own=[8, 8, 2],
        redundant=[[2, 3, 9]],
        workers={**scripted(4, [0, 0, 0], [[1, 2, 3]]), "batch": {"max": 2, "growth": 0}},
        cancel="running",
    )

    # the copies answer at 2 and 3; then worker 0 has nothing to do but own 2: 3-5
    assert tasks_of(result)[0] == ("own", 0, 0, 0, 2, STOPPED)
    assert tasks_of(result)[2] == ("own", 0, 0, 0, 3, STOPPED)
    assert tasks_of(result)[4] == ("own", 0, 1, 3, 5, FINISHED)
    assert result.summary().iloc[0].cost == (3 + 2 + 2 + 3 + 4) / 3


@both_engines
def test_queued_cancels_leave_batches_alone(engine):
    """Work in service is not interruptible: a loser finishes with its batch, for nobody."""
    result = worked(
        engine,
        TWO,
        arrivals=[0, 0],
        own=[4, 7],
        redundant=[[2, 9]],
        workers={**scripted(3, [0, 0], [[1, 2]]), "batch": {"max": 2, "growth": 0}},
    )

    assert tasks_of(result)[0] == ("own", 0, 0, 0, 4, FINISHED)
    assert requests_of(result) == [(0, 2, "copy"), (0, 4, "own")]
    assert result.summary().iloc[0].wasted == 1 - (2 + 4 / 2) / (4 + 2 + 9)


@both_engines
def test_an_attempt_expires_inside_a_batch(engine):
    """An attempt that is stopped at its timeout leaves its batch, whatever ``cancel`` says."""
    result = worked(
        engine,
        {"kind": "relaunch", "timeout": 3, "attempts": 2},
        arrivals=[0, 1, 2],
        own=[2, 2.5, 2.5],
        redundant=[[1, 1, 1]],
        workers={**scripted(2, [0, 0, 0], [[1, 1, 1]]), "batch": {"max": 2, "growth": 0}},
    )

    # 0: 0-2. 1 and 2: from 2 on, until 4.5. 1 expires at 4 and is sent anew: 4-5; 2, which
    # would expire at 5, answers at 4.5
    assert requests_of(result) == [(0, 2, "own"), (1, 5, "relaunch"), (2, 4.5, "own")]
    assert tasks_of(result)[2] == ("own", 0, 1, 2, 4, STOPPED)
    assert tasks_of(result)[4] == ("own", 0, 2, 2, 4.5, FINISHED)


@both_engines
def test_idle_workers_share_a_queue(engine):
    """The first idle worker takes a whole batch, the next what is left."""
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0, 0, 1],
        own=[4, 4, 2, 1],
        workers={"count": 2, "queue": "shared", "batch": {"max": 2, "growth": 0}},
    )

    # worker 0 takes 0 and 1: 0-4, worker 1 takes 2: 0-2, then 3: 2-3
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 4, FINISHED),
        1: ("own", 0, 0, 0, 4, FINISHED),
        2: ("own", 1, 0, 0, 2, FINISHED),
        3: ("own", 1, 1, 2, 3, FINISHED),
    }


@both_engines
def test_a_batch_takes_one_slot(engine):
    """A worker with two slots serves two batches at once."""
    workers = {"groups": [{"count": 1, "slots": 2}], "batch": {"max": 2, "growth": 0}}
    result = worked(engine, NONE, arrivals=[0, 0, 0, 1, 1], own=[4, 4, 2, 1, 1], workers=workers)

    # 0 and 1: 0-4; 2: 0-2; 3 and 4: 2-3
    assert [at for _, at, _ in requests_of(result)] == [4, 4, 2, 3, 3]


@both_engines
def test_cancel_on_start_as_a_batch_fills(engine):
    """A task that is taken drops its queued sibling before the next is taken."""
    result = worked(
        engine,
        TWO,
        arrivals=[0, 0],
        own=[3, 9],
        redundant=[[9, 9]],
        workers={"count": 1, "distinct": False, "batch": {"max": 2, "growth": 0}},
        cancel="on-start",
    )

    # in the queue: own 0, copy 0, own 1, copy 1: own 0 drops copy 0, so own 1 shares its batch
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 3, FINISHED),
        1: ("copy", 0, 0, None, 0, DROPPED),
        2: ("own", 0, 0, 0, 3, FINISHED),
        3: ("copy", 0, 0, None, 0, DROPPED),
    }


@both_engines
def test_queue_lengths_count_tasks(engine):
    """A batch of two in service is longer than one task."""
    batch = {"max": 2, "growth": 0}
    workers = {"count": 2, "placement": "shortest-queue", "batch": batch}
    for seed in range(8):  # where queues are equal luck decides, and a fault may be lucky once
        result = worked(
            engine, NONE, arrivals=[0, 0, 0, 1], own=[5, 5, 5, 1], workers=workers, seed=seed
        )

        # three come to two workers, so one of them has two in service; the last goes to the other
        assert result.tasks().groupby("worker").size().tolist() == [2, 2]


@both_engines
def test_workers_encode_one_after_the_other(engine):
    """Encoding by the worker itself adds up over the tasks of a batch, and does not grow."""
    result = worked(
        engine,
        {"kind": "lagrange", "inputs": 1, "tasks": 1, "threshold": 1, "encode_at": "workers"},
        arrivals=[0, 0],
        redundant=[[4, 9]],
        workers={"count": 1, "batch": {"max": 2, "growth": 0.5}},
        encode=1,
    )

    # 4 x 1.5, and twice 1
    assert [at for _, at, _ in requests_of(result)] == [8, 8]


@both_engines
def test_a_warm_up_counts_its_part_of_a_batch(engine):
    """Of a batch that a request of the warm-up shares, the others carry only their part."""
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0, 0, 5],
        own=[3, 3, 3, 2],
        workers={"count": 1, "batch": {"max": 3, "growth": 0}},
        warm_up=1,
    )

    # 0-3 for three, of which two are measured; 5-7
    assert result.summary().iloc[0].cost == pytest.approx((3 * 2 / 3 + 2) / 3)

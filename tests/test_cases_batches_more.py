"""Hand-worked cases of batches: what ends a wait but a task that joins, lengths, and slowness."""

from by_batch import point, write
from worked import DROPPED, FINISHED, both_engines, scripted, tasks_of, worked

TWO = {"kind": "replication", "copies": 2, "copy_model": "large"}


def behind_another(engine, **keys):
    """Simulate a queue of own 0, copy 1 and copy 2 at worker 0, which waits for it from 0 on.

    The copies 0 and 3 fill a batch at worker 1 when the latter comes at 2.
    """
    return worked(
        engine,
        TWO,
        arrivals=[0, 1, 1, 2],
        own=[1] * 4,
        workers={
            **scripted(5, [0, 2, 3, 4], [[1, 0, 0, 1]]),
            "batch": {"max": 2, "wait": 10, "growth": 0},
        },
        models={"large": {"service": {"kind": "scripted", "redundant": [[3] * 4]}}},
        **keys,
    )


@both_engines
def test_a_full_batch_starts_when_the_task_before_it_is_dropped(engine):
    """A cancel ends the wait as well: what comes first then is a batch that is full."""
    result = behind_another(engine, cancel="queued")

    # worker 1: copies 0 and 3, 2-5. They answer, so own 0 leaves worker 0, where copies 1 and 2 are
    # a full batch: 5-8
    assert tasks_of(result) == {
        0: ("own", 0, 0, None, 5, DROPPED),
        1: ("copy", 1, 0, 2, 5, FINISHED),
        2: ("own", 2, 1, None, 8, DROPPED),
        3: ("copy", 0, 1, 5, 8, FINISHED),
        4: ("own", 3, 1, None, 8, DROPPED),
        5: ("copy", 0, 1, 5, 8, FINISHED),
        6: ("own", 4, 2, None, 5, DROPPED),
        7: ("copy", 1, 2, 2, 5, FINISHED),
    }


@both_engines
def test_a_full_batch_starts_when_a_start_drops_the_task_before_it(engine):
    """Also at a worker of a lower number, which was looked at before in that instant."""
    result = behind_another(engine, cancel="on-start")

    # at 2 the copies 0 and 3 start at worker 1, and drop own 0 and own 3; worker 0 starts 1 and 2
    assert tasks_of(result)[0] == ("own", 0, 0, None, 2, DROPPED)
    assert tasks_of(result)[3] == ("copy", 0, 1, 2, 5, FINISHED)
    assert tasks_of(result)[5] == ("copy", 0, 1, 2, 5, FINISHED)


@both_engines
def test_a_task_that_is_stopped_in_its_batch_counts_no_more(engine):
    """The queue is as long as what is left of the batch, though the batch runs on."""
    result = worked(
        engine,
        {"kind": "relaunch", "timeout": 3, "attempts": 2},
        arrivals=[0, 0, 0, 0, 1, 1, 3.5],
        own=[10, 1, 1, 1, 1, 1, 1],
        redundant=[[1] * 7],
        workers={
            "count": 2,
            "placement": "shortest-queue",
            "batch": {"max": 3, "wait": 1, "growth": 0},
        },
    )

    # The worker of 0 and the other get two tasks each at 0, and one at 1: batches of 3 begin. The
    # other's takes 1, until 2. Of the first two attempts expire at 3, and are sent to the other,
    # which lets them wait until 4. So at 3.5 one is at the first, two at the other: 6 goes to the
    # first. At 4 the third attempt expires and fills the other's batch, 4-5; 6 waits until 4.5
    tasks = {
        (row.role, row.group): (int(row.worker), row.finished)
        for row in result.tasks().itertuples()
    }
    first = tasks["own", 0][0]
    assert tasks["own", 1] == (1 - first, 2)
    assert tasks["own", 6] == (first, 5.5)
    assert [at for worker, at in tasks.values() if worker == first] == [3, 3, 4, 5.5]
    assert [tasks[key][1] for key in tasks if key[0] != "own"] == [5, 5, 5]


@both_engines
def test_a_batch_counts_as_one_step_of_a_replay(engine, tmp_path):
    """Its worker is as slow as at the task that it begins, and goes on by one row."""
    path = tmp_path / "rows.csv"
    path.write_text("0\n1\n3\n2\n", encoding="utf-8")
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=[0, 0, 1, 10],
        own=[2, 9, 1, 1],
        workers={"count": 1, "batch": {"max": 2, "growth": 0.5}},
        slowdown=[{"kind": "replay", "path": str(path), "columns": "fixed"}],
    )

    # 0 and 1: 2 x 1.5 x 1, 0-3. Then 2: 1 x 3, 3-6; and 3: 1 x 2, 10-12
    assert result.tasks()["finished"].tolist() == [3, 3, 6, 12]
    assert result.tasks()["unslowed"].tolist() == [3, 3, 1, 1]


def measured(tmp_path):
    """Return a service of which calls with 1, 2 and 4 requests take 1, 2 and 3 s, always."""
    law = {"n": 9, "mean": 1, "std": 1, "levels": [0, 1]}
    times = {1: 1000, 2: 2000, 4: 3000}
    points = [point(batch, **law, values=[time, time]) for batch, time in times.items()]
    return {"kind": "profile", "profile": write(tmp_path / "x.json", *points)}


@both_engines
def test_a_batch_takes_as_long_as_its_size_was_measured(engine, tmp_path):
    """Also where it is not full; and half way between two sizes in the middle of them."""
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=[0, 0.5, 0.5, 0.5, 5, 5],
        workers={"count": 1, "batch": {"max": 4}},
        service=measured(tmp_path),
    )

    # 0: 0-1. 1, 2 and 3: 2.5, 1-3.5. 4 and 5: 2, 5-7
    assert result.tasks()["finished"].tolist() == [1, 3.5, 3.5, 3.5, 7, 7]


@both_engines
def test_growth_is_for_what_was_not_measured(engine, tmp_path):
    """Of two models one knows how long its batches take; the other's grow."""
    result = worked(
        engine,
        TWO,
        arrivals=[0, 0],
        workers={"count": 2, "placement": "fixed", "batch": {"max": 2, "growth": 1}},
        service=measured(tmp_path),
        models={"large": {"service": {"kind": "deterministic", "value": 3}}},
        cancel="never",
    )

    # own 0 and 1 take 2 s, as measured; the copies 3 x 2
    assert result.tasks()["finished"].tolist() == [2, 6, 2, 6]

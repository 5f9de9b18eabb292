"""Hand-worked cases of slow workers, on both engines; every time is derived in a comment."""

import numpy as np
import pytest
from worked import FINISHED, STOPPED, both_engines, fixed, requests_of, scripted, tasks_of, worked

NONE = {"kind": "none"}


def replay(tmp_path, rows, **keys):
    """Return a replay of a matrix, its column w for worker w."""
    path = tmp_path / "matrix.npy"
    np.save(path, np.array(rows, dtype=float))
    return {"kind": "replay", "path": str(path), "columns": "fixed", **keys}


def times_of(result):
    """Return (started, finished) of each task, by id."""
    return [(task[3], task[4]) for task in tasks_of(result).values()]


@both_engines
@pytest.mark.parametrize(
    ("combine", "finished"), [("product", [6, 9]), ("sum", [5, 7.5]), ("max", [3, 6])]
)
def test_a_fixed_factor_and_a_speed(engine, combine, finished):
    """Sizes 2 and 3, on a worker of speed 1 and on one of speed 2: 2 s and 1.5 s, slow by 3 and 6.

    Product: 2 x 3 = 6 and 1.5 x 6 = 9. Sum: 2 + 3 = 5 and 1.5 + 6 = 7.5. Max: 3 and 6.
    """
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0],
        own=[2, 3],
        workers={
            "groups": [{"count": 1}, {"count": 1, "speed": 2}],
            "placement": {"kind": "scripted", "own": [0, 1]},
        },
        slowdown=[{"kind": "fixed", "factors": [3, 6]}],
        combine=combine,
    )

    assert [end for _, end in times_of(result)] == finished


@both_engines
def test_slowness_is_read_when_service_starts(engine, tmp_path):
    """One worker, slow by 3 from 4 s to 8 s, sizes of 3 s, requests at 0, 1 and 2.

    The first starts at 0, when the worker is not slow, and ends at 3. The second starts at 3, not
    slow, and ends at 6 though the worker is slow from 4 on. The third starts at 6, slow: 9 s, till
    15, though the worker is no longer slow from 8 on.
    """
    slow = replay(tmp_path, [[1], [3], [1]], by="time", interval=4)
    result = worked(
        engine, NONE, arrivals=[0, 1, 2], own=[3, 3, 3], workers={"count": 1}, slowdown=[slow]
    )

    assert times_of(result) == [(0, 3), (3, 6), (6, 15)]


@both_engines
def test_the_instant_at_which_it_changes_counts_as_after(engine, tmp_path):
    """Rows of 2 s, the second slow by 5: a task that starts at exactly 2 takes five times as long.

    Sizes 2 and 1: the first is served from 0 to 2; the second starts at 2, in the second row.
    """
    slow = replay(tmp_path, [[1], [5], [1]], by="time", interval=2)
    result = worked(
        engine, NONE, arrivals=[0, 0], own=[2, 1], workers={"count": 1}, slowdown=[slow]
    )

    assert times_of(result) == [(0, 2), (2, 7)]


@both_engines
def test_steps_count_the_tasks_of_each_worker(engine, tmp_path):
    """Workers 0 and 1 with the columns 1, 2, 3 and 4, 5, 6; four requests to 0, 0, 1, 0.

    Worker 0 takes 1, 2 and 3 s from 0 on: it ends at 1, 3 and 6. Worker 1 takes its own first row,
    4 s, although it is the third task of all.
    """
    slow = replay(tmp_path, [[1, 4], [2, 5], [3, 6]])
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0, 0, 0],
        own=[1, 1, 1, 1],
        workers=scripted(2, own=[0, 0, 1, 0]),
        slowdown=[slow],
    )

    assert times_of(result) == [(0, 1), (1, 3), (0, 4), (3, 6)]


@both_engines
def test_a_replay_begins_anew_and_says_so(engine, tmp_path):
    """Two rows, 1 and 2, and five tasks of size 1 on one worker: 1, 2, 1, 2, 1 s.

    Three of them began past the last row. By time, rows of 2 s: tasks start at 0 (row 1: 1 s), 1
    (row 1: 1 s), 2 (row 2: 2 s), 4 (anew, row 1: 1 s) and 5 (1 s): two of them past the end.
    """
    steps = replay(tmp_path, [[1], [2]])
    times = replay(tmp_path, [[1], [2]], by="time", interval=2)
    for slow, ends, past in ((steps, [1, 3, 4, 6, 7], 3), (times, [1, 2, 4, 5, 6], 2)):
        result = worked(
            engine, NONE, arrivals=[0] * 5, own=[1] * 5, workers={"count": 1}, slowdown=[slow]
        )

        assert [end for _, end in times_of(result)] == ends
        assert result.notes[0].endswith(f": case {past}")


@both_engines
def test_parts_combine_in_their_order(engine, tmp_path):
    """A size of 2, slow by 3 from 0 on and by a fixed 2, and a part that is switched off.

    Product: 2 x 3 x 2 = 12. Sum: 2 + 3 + 2 = 7. Max: 3.
    """
    slow = [
        replay(tmp_path, [[3]]),
        {"kind": "fixed", "factor": 2},
        {"kind": "fixed", "factor": 100, "enabled": False},
    ]
    ends = {}
    for combine in ("product", "sum", "max"):
        result = worked(
            engine,
            NONE,
            arrivals=[0],
            own=[2],
            workers={"count": 1},
            slowdown=slow,
            combine=combine,
        )
        ends[combine] = times_of(result)[0][1]

    assert ends == {"product": 12, "sum": 7, "max": 3}


@both_engines
def test_a_copy_escapes_a_slow_worker(engine):
    """Two copies of size 2, on a worker slow by 10 and on one that is not: answered at 2.

    Under running cancels the slow one stops then, after 2 of its 20 s: the request costs 4 s.
    """
    result = worked(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0],
        own=[2],
        redundant=[[2]],
        workers=fixed(2),
        slowdown=[{"kind": "fixed", "factors": [10, 1]}],
        cancel="running",
    )

    assert requests_of(result) == [(0, 2, "copy")]
    assert [task[5] for task in tasks_of(result).values()] == [STOPPED, FINISHED]
    assert result.summary()["cost"].iloc[0] == 4


@both_engines
def test_k_of_n_by_step(engine, tmp_path):
    """One task a worker and step: a group's response is the k-th least of its row, exactly."""
    rows = np.random.default_rng(5).integers(100, 1000, (30, 10))
    slow = replay(tmp_path, rows)
    for k in (8, 9, 10):
        result = worked(
            engine,
            {"kind": "lagrange", "inputs": 1, "tasks": 10, "threshold": k},
            arrivals={"kind": "deterministic", "interval": 1024},
            redundant=[[1] * 30] * 10,
            workers=fixed(10),
            requests=30,
            slowdown=[slow],
        )

        assert result.responses("case").tolist() == np.sort(rows, axis=1)[:, k - 1].tolist()
        assert result.notes == []

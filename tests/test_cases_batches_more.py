"""Hand-worked cases of batches: what ends a wait but a task that joins; cancels; laws by batch."""

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

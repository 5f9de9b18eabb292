"""Hand-worked cases of two events at one instant, in each order of its steps.

An instant is settled as (a) finishes and answers, (b) decodes that end, (c) releases, (d) cancels
and starts; ties within a step by id.
"""

import pytest
from worked import DROPPED, FINISHED, both_engines, fixed, requests_of, scripted, tasks_of, worked


@both_engines
@pytest.mark.parametrize("seed", range(6))
def test_a_finish_comes_before_a_release(engine, seed):
    """A request that arrives as a worker finishes finds it idle: (a) before (c)."""
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=[0, 1, 5],
        own=[5, 10, 1],
        workers={"count": 2, "placement": "shortest-queue"},
        seed=seed,
    )

    tasks = tasks_of(result)
    assert tasks[2] == ("own", tasks[0][1], 5, 5, 6, FINISHED)


@both_engines
def test_a_finish_comes_before_a_hedge(engine):
    """A request answered at the instant at which its hedge is due is not hedged: (a) before (c)."""
    result = worked(
        engine,
        {"kind": "hedge", "delay": 3},
        arrivals=[0],
        own=[3],
        redundant=[[1]],
        workers=scripted(2, own=[0], redundant=[[1]]),
        cancel="never",
    )

    assert requests_of(result) == [(0, 3, "own")]
    assert tasks_of(result) == {0: ("own", 0, 0, 0, 3, FINISHED)}


@both_engines
def test_an_own_finish_comes_before_the_end_of_a_decode(engine):
    """At one instant the own task answers, not the decode: (a) before (b)."""
    result = worked(
        engine,
        {"kind": "parity", "inputs": 2},
        arrivals=[0, 0],
        own=[2, 5],
        redundant=[[4]],
        workers=fixed(3),
        decode=1,
    )

    # own 0 at 2 and parity at 4: decoded at 5
    assert requests_of(result) == [(0, 2, "own"), (0, 5, "own")]


@both_engines
def test_the_end_of_a_decode_comes_before_a_release(engine):
    """A client without thinking time sends at the answer: the decode (b), then the release (c)."""
    result = worked(
        engine,
        {"kind": "mds", "inputs": 1, "tasks": 1},
        arrivals={"kind": "closed", "clients": 1},
        redundant=[[2, 3]],
        workers=fixed(1),
        requests=2,
        decode=1,
    )

    assert requests_of(result) == [(0, 3, "coded"), (3, 7, "coded")]
    assert tasks_of(result)[1] == ("coded", 0, 3, 3, 6, FINISHED)


@both_engines
def test_a_cancel_comes_before_a_start(engine):
    """A task no longer needed at the instant at which its worker is free does not start."""
    result = worked(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0, 0],
        own=[3, 1],
        redundant=[[9, 3]],
        workers=scripted(3, own=[0, 0], redundant=[[2, 1]]),
        cancel="queued",
    )

    # 3: own 0 is done on worker 0, where own 1 waits; copy 1 is done on worker 1
    assert requests_of(result) == [(0, 3, "own"), (0, 3, "copy")]
    assert tasks_of(result)[2] == ("own", 0, 0, None, 3, DROPPED)


@both_engines
def test_under_never_the_same_task_starts(engine):
    """A queued task that is no longer needed starts all the same."""
    result = worked(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0, 0],
        own=[3, 1],
        redundant=[[9, 3]],
        workers=scripted(3, own=[0, 0], redundant=[[2, 1]]),
        cancel="never",
    )

    assert requests_of(result) == [(0, 3, "own"), (0, 3, "copy")]
    assert tasks_of(result)[2] == ("own", 0, 0, 3, 4, FINISHED)


@both_engines
def test_a_timeout_comes_after_a_finish_and_before_a_start(engine):
    """At its timeout a queued attempt does not start, though its worker is free."""
    result = worked(
        engine,
        {"kind": "relaunch", "timeout": 3},
        arrivals=[0, 0],
        own=[3, 1],
        redundant=[[9, 2]],
        workers=scripted(2, own=[0, 0], redundant=[[1, 1]]),
    )

    # 3: own 0 is done in time; own 1 has waited for 3 and is sent anew, to worker 1: 3-5
    assert requests_of(result) == [(0, 3, "own"), (0, 5, "relaunch")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 3, FINISHED),
        2: ("own", 0, 0, None, 3, DROPPED),
        3: ("copy", 1, 3, 3, 5, FINISHED),
    }


@both_engines
def test_two_recoveries_in_one_instant(engine):
    """The first in the shape's order answers: the own task, not the copy."""
    result = worked(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0],
        own=[2],
        redundant=[[2]],
        workers=scripted(2, own=[1], redundant=[[0]]),
    )

    assert requests_of(result) == [(0, 2, "own")]
    assert {row[5] for row in tasks_of(result).values()} == {FINISHED}


@both_engines
def test_a_recovery_met_first_loses_to_an_own_task_of_the_same_instant(engine):
    """All finishes of an instant are credited before anyone is answered."""
    result = worked(
        engine,
        {"kind": "parity", "inputs": 2},
        arrivals=[0, 0],
        own=[3, 3],
        redundant=[[2]],
        workers=fixed(3),
    )

    # 3: by id, own 0 comes first and makes two of three with the parity; but own 1 is done too
    assert requests_of(result) == [(0, 3, "own"), (0, 3, "own")]


@both_engines
def test_releases_of_one_instant_join_by_id(engine):
    """Two requests that arrive together queue in order of their ids."""
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=[0, 0, 0],
        own=[1, 2, 1],
        workers={"count": 1},
    )

    assert [row[1] for row in requests_of(result)] == [1, 3, 4]


@both_engines
def test_idle_workers_start_in_worker_order(engine):
    """Of copies on three idle workers that on the lowest number starts; the others are dropped."""
    result = worked(
        engine,
        {"kind": "replication", "copies": 3},
        arrivals=[0],
        own=[5],
        redundant=[[4], [3]],
        workers=scripted(3, own=[2], redundant=[[1], [0]]),
        cancel="on-start",
    )

    # the second copy is on worker 0
    assert requests_of(result) == [(0, 3, "copy")]
    assert tasks_of(result) == {
        0: ("own", 2, 0, None, 0, DROPPED),
        1: ("copy", 1, 0, None, 0, DROPPED),
        2: ("copy", 0, 0, 0, 3, FINISHED),
    }


@both_engines
def test_a_worker_freed_by_a_cancel_starts_within_the_instant(engine):
    """A stopped task frees its worker at once: 2 + 2, not later."""
    result = worked(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0, 1],
        own=[9, 2],
        redundant=[[2, 8]],
        workers=scripted(3, own=[0, 0], redundant=[[1, 2]]),
        cancel="running",
    )

    # 2: copy 0 answers, own 0 stops, own 1 starts on worker 0: 2-4
    assert requests_of(result) == [(0, 2, "copy"), (1, 4, "own")]
    assert tasks_of(result)[2] == ("own", 0, 1, 2, 4, FINISHED)

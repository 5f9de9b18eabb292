"""Hand-worked cases of replication, hedging and relaunch."""

import pytest
from worked import (
    DROPPED,
    FINISHED,
    STOPPED,
    both_engines,
    requests_of,
    scripted,
    tasks_of,
    worked,
)


def two_copies(engine, cancel, **keys):
    """Two requests, two workers: each request's own task and copy on different ones."""
    return worked(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0, 1],
        own=[6, 3],
        redundant=[[2, 5]],
        workers=scripted(2, own=[0, 1], redundant=[[1, 0]]),
        cancel=cancel,
        **keys,
    )


@both_engines
def test_copies_cancel_queued(engine):
    """The loser in service runs on; the queued loser is dropped."""
    result = two_copies(engine, "queued")

    # 0: own 0 starts on worker 0 (to 6), copy 0 on worker 1 (to 2). 1: both tasks of request 1
    # queue. 2: copy 0 answers; own 0 runs on. Worker 1 starts own 1: 2-5. 5: it answers, and copy
    # 1, still queued behind own 0, is dropped.
    assert requests_of(result) == [(0, 2, "copy"), (1, 5, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 6, FINISHED),
        1: ("copy", 1, 0, 0, 2, FINISHED),
        2: ("own", 1, 1, 2, 5, FINISHED),
        3: ("copy", 0, 1, None, 5, DROPPED),
    }


@both_engines
def test_copies_cancel_running(engine):
    """The loser in service is stopped at once, and its worker starts the next at that instant."""
    result = two_copies(engine, "running")

    # 2: copy 0 answers, own 0 stops; worker 0 starts copy 1 (to 7), worker 1 own 1 (to 5). 5: own
    # 1 answers, copy 1 stops.
    assert requests_of(result) == [(0, 2, "copy"), (1, 5, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 2, STOPPED),
        1: ("copy", 1, 0, 0, 2, FINISHED),
        2: ("own", 1, 1, 2, 5, FINISHED),
        3: ("copy", 0, 1, 2, 5, STOPPED),
    }


@both_engines
def test_copies_cancel_never(engine):
    """Losers run to the end: a queued loser starts all the same."""
    result = two_copies(engine, "never")

    # copy 1 starts when own 0 is done: 6-11, long after both answers
    assert requests_of(result) == [(0, 2, "copy"), (1, 5, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 6, FINISHED),
        1: ("copy", 1, 0, 0, 2, FINISHED),
        2: ("own", 1, 1, 2, 5, FINISHED),
        3: ("copy", 0, 1, 6, 11, FINISHED),
    }


@both_engines
def test_copies_cancel_on_start(engine):
    """The first copy that starts drops its queued siblings within the same step."""
    result = two_copies(engine, "on-start")

    # 0: worker 0 comes first, starts own 0, and copy 0 is dropped before worker 1 may start it.
    # 1: worker 1 is idle and starts own 1: 1-4; copy 1 is dropped from worker 0's queue.
    assert requests_of(result) == [(0, 6, "own"), (1, 4, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 6, FINISHED),
        1: ("copy", 1, 0, None, 0, DROPPED),
        2: ("own", 1, 1, 1, 4, FINISHED),
        3: ("copy", 0, 1, None, 1, DROPPED),
    }


@both_engines
def test_cancel_delay_stops_a_running_loser_late(engine):
    """With `cancel: running` the loser is stopped when the cancel arrives, a delay after."""
    result = two_copies(engine, "running", cancel_delay=1)

    # 2: copy 0 answers; the cancel reaches own 0 at 3, when worker 0 starts copy 1 (to 8).
    # Worker 1 starts own 1 at 2: 2-5. 5: it answers; the cancel reaches copy 1 at 6.
    assert requests_of(result) == [(0, 2, "copy"), (1, 5, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 3, STOPPED),
        1: ("copy", 1, 0, 0, 2, FINISHED),
        2: ("own", 1, 1, 2, 5, FINISHED),
        3: ("copy", 0, 1, 3, 6, STOPPED),
    }


@both_engines
def test_cancel_delay_drops_a_queued_loser_late(engine):
    """With `cancel: queued` the loser is dropped if it still waits when the cancel arrives."""
    result = two_copies(engine, "queued", cancel_delay=0.5)

    # request 1 is answered at 5; the cancel arrives at 5.5, before worker 0 is free at 6
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 6, FINISHED),
        1: ("copy", 1, 0, 0, 2, FINISHED),
        2: ("own", 1, 1, 2, 5, FINISHED),
        3: ("copy", 0, 1, None, 5.5, DROPPED),
    }


@both_engines
def test_cancel_delay_too_long_for_a_queued_loser(engine):
    """Until the cancel arrives a task that nobody needs counts as under `never`: it starts."""
    result = two_copies(engine, "queued", cancel_delay=2)

    # request 1 is answered at 5; the cancel arrives at 7, but copy 1 started at 6: 6-11
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 6, FINISHED),
        1: ("copy", 1, 0, 0, 2, FINISHED),
        2: ("own", 1, 1, 2, 5, FINISHED),
        3: ("copy", 0, 1, 6, 11, FINISHED),
    }


@both_engines
def test_hedge_fires_once_and_once_not(engine):
    """A hedge is sent after the delay, if the request is still unanswered then."""
    result = worked(
        engine,
        {"kind": "hedge", "delay": 3},
        arrivals=[0, 10],
        own=[5, 2],
        redundant=[[1, 9]],
        workers=scripted(2, own=[0, 0], redundant=[[1, 1]]),
    )

    # request 0: the hedge is sent at 3 and done at 4, own runs on to 5. Request 1: own 10-12, so
    # that nothing is sent at 13: task 3 has no row.
    assert requests_of(result) == [(0, 4, "hedge"), (10, 12, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 5, FINISHED),
        1: ("hedge", 1, 3, 3, 4, FINISHED),
        2: ("own", 0, 10, 10, 12, FINISHED),
    }


@both_engines
def test_hedge_delay_counts_from_the_release(engine):
    """A request that only waits is hedged too, and its queued own task is dropped."""
    result = worked(
        engine,
        {"kind": "hedge", "delay": 3},
        arrivals=[0, 1],
        own=[10, 1],
        redundant=[[20, 2]],
        workers=scripted(3, own=[0, 0], redundant=[[1, 2]]),
    )

    # own 0: 0-10 on worker 0; its hedge is sent at 3, 3-23 on worker 1, in vain. Own 1 queues
    # behind it from 1 on; its hedge is sent at 4, 4-6 on worker 2: own 1 is dropped at 6.
    assert requests_of(result) == [(0, 10, "own"), (1, 6, "hedge")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 10, FINISHED),
        1: ("hedge", 1, 3, 3, 23, FINISHED),
        2: ("own", 0, 1, None, 6, DROPPED),
        3: ("hedge", 2, 4, 4, 6, FINISHED),
    }


@both_engines
def test_two_hedges(engine):
    """Hedges are sent a delay apart, each only while the request is unanswered."""
    result = worked(
        engine,
        {"kind": "hedge", "delay": 2, "hedges": 2},
        arrivals=[0, 20],
        own=[9, 3],
        redundant=[[8, 9], [1, 9]],
        workers=scripted(3, own=[0, 0], redundant=[[1, 1], [2, 2]]),
        cancel="running",
    )

    # request 0: hedges at 2 and 4, the second is done at 5: own and the first hedge stop at 5.
    # Request 1: a hedge at 22, own answers at 23, when the hedge stops; none is sent at 24.
    assert requests_of(result) == [(0, 5, "hedge"), (20, 23, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 5, STOPPED),
        1: ("hedge", 1, 2, 2, 5, STOPPED),
        2: ("hedge", 2, 4, 4, 5, FINISHED),
        3: ("own", 0, 20, 20, 23, FINISHED),
        4: ("hedge", 1, 22, 22, 23, STOPPED),
    }


@both_engines
@pytest.mark.parametrize(
    ("budget", "hedged"), [(0, []), (0.25, [3]), (0.5, [1, 3]), (1, [0, 1, 2, 3])]
)
def test_hedge_budget(engine, budget, hedged):
    """A hedge is sent only while the share of hedged requests among those arrived allows it."""
    result = worked(
        engine,
        {"kind": "hedge", "delay": 3, "budget": budget},
        arrivals=[0, 10, 20, 30],
        own=[5, 5, 5, 5],
        redundant=[[1, 1, 1, 1]],
        workers=scripted(2, own=[0, 0, 0, 0], redundant=[[1, 1, 1, 1]]),
    )

    # hedges are due at 3, 13, 23 and 33, when 1, 2, 3 and 4 requests have arrived. With a budget
    # of 0.5: 1/1 is too many, 1/2 is not, 2/3 is, 2/4 is not. With 0.25: 1/4 is the first allowed.
    times = [0, 10, 20, 30]
    assert requests_of(result) == [
        (t, t + 4, "hedge") if i in hedged else (t, t + 5, "own") for i, t in enumerate(times)
    ]
    rows = {2 * i: ("own", 0, t, t, t + 5, FINISHED) for i, t in enumerate(times)}
    rows |= {
        2 * i + 1: ("hedge", 1, times[i] + 3, times[i] + 3, times[i] + 4, FINISHED) for i in hedged
    }
    assert tasks_of(result) == rows


@both_engines
@pytest.mark.parametrize("cancel", ["never", "queued", "running"])
def test_relaunch_stops_in_service_and_in_the_queue(engine, cancel):
    """An attempt is stopped at its timeout, whatever `cancel` says, and sent anew."""
    result = worked(
        engine,
        {"kind": "relaunch", "timeout": 3},
        arrivals=[0, 0, 0],
        own=[2.5, 2.5, 1],
        redundant=[[9, 1, 2]],
        workers=scripted(2, own=[0, 0, 0], redundant=[[1, 1, 1]]),
        cancel=cancel,
    )

    # worker 0: request 0 0-2.5, on time. Request 1 starts at 2.5 and is stopped at 3; request 2
    # is dropped from the queue at 3. Both are sent anew at 3, to worker 1: 3-4 and 4-6.
    assert requests_of(result) == [(0, 2.5, "own"), (0, 4, "relaunch"), (0, 6, "relaunch")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 2.5, FINISHED),
        2: ("own", 0, 0, 2.5, 3, STOPPED),
        3: ("copy", 1, 3, 3, 4, FINISHED),
        4: ("own", 0, 0, None, 3, DROPPED),
        5: ("copy", 1, 3, 4, 6, FINISHED),
    }


@both_engines
def test_relaunch_the_last_attempt_has_no_timeout(engine):
    """Each attempt counts its timeout from its own release; the last runs to its end."""
    result = worked(
        engine,
        {"kind": "relaunch", "timeout": 3, "attempts": 3},
        arrivals=[0],
        own=[9],
        redundant=[[8], [7]],
        workers=scripted(3, own=[0], redundant=[[1], [2]]),
    )

    # 0-3 and 3-6 are stopped; 6-13 is the last
    assert requests_of(result) == [(0, 13, "relaunch")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 3, STOPPED),
        1: ("copy", 1, 3, 3, 6, STOPPED),
        2: ("copy", 2, 6, 6, 13, FINISHED),
    }


@both_engines
def test_relaunch_finish_exactly_at_the_timeout_counts(engine):
    """In one instant the finish (a) comes before the relaunch (c)."""
    result = worked(
        engine,
        {"kind": "relaunch", "timeout": 3},
        arrivals=[0],
        own=[3],
        redundant=[[1]],
        workers=scripted(2, own=[0], redundant=[[1]]),
    )

    assert requests_of(result) == [(0, 3, "own")]
    assert tasks_of(result) == {0: ("own", 0, 0, 0, 3, FINISHED)}


@both_engines
@pytest.mark.parametrize("seed", range(5))
def test_relaunch_tries_every_worker_once(engine, seed):
    """Each attempt goes to a worker not yet tried, while there is one."""
    result = worked(
        engine,
        {"kind": "relaunch", "timeout": 1, "attempts": 4},
        arrivals=[0],
        own=[9],
        redundant=[[9], [9], [9]],
        workers={"count": 4, "placement": "random"},
        seed=seed,
    )

    # attempts at 0, 1, 2 and 3; the last is done at 3 + 9
    assert requests_of(result) == [(0, 12, "relaunch")]
    assert sorted(row[1] for row in tasks_of(result).values()) == [0, 1, 2, 3]


@both_engines
def test_a_copy_runs_until_the_answer_has_come_back(engine):
    """The way back counts: a sibling is needed until the first answer is credited."""
    result = worked(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0],
        own=[3],
        redundant=[[4]],
        workers=scripted(2, own=[0], redundant=[[1]]),
        network={"from_worker": 2},
        cancel="running",
    )

    # own leaves at 3 and is credited at 5; the copy is done at 4, before that
    assert requests_of(result) == [(0, 5, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 3, FINISHED),
        1: ("copy", 1, 0, 0, 4, FINISHED),
    }


@both_engines
def test_a_hedge_sent_after_the_start_is_served_under_on_start(engine):
    """Cancel-on-start drops siblings that are queued at the start; a later hedge is none."""
    result = worked(
        engine,
        {"kind": "hedge", "delay": 3},
        arrivals=[0],
        own=[10],
        redundant=[[2]],
        workers=scripted(2, own=[0], redundant=[[1]]),
        cancel="on-start",
    )

    # work in service is not stopped: own runs to 10
    assert requests_of(result) == [(0, 5, "hedge")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 10, FINISHED),
        1: ("hedge", 1, 3, 3, 5, FINISHED),
    }

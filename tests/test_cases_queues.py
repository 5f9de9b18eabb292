"""Hand-worked cases of queues and placements: every start and finish derived in the comments."""

import pytest
from worked import DROPPED, FINISHED, both_engines, requests_of, scripted, tasks_of, worked

NONE = {"kind": "none"}


@both_engines
def test_fifo(engine):
    """One worker serves in order of arrival."""
    result = worked(engine, NONE, arrivals=[0, 1, 2], own=[3, 1, 2], workers={"count": 1})

    # 0-3, then the request that waits since 1: 3-4, then that since 2: 4-6
    assert requests_of(result) == [(0, 3, "own"), (1, 4, "own"), (2, 6, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 3, FINISHED),
        1: ("own", 0, 1, 3, 4, FINISHED),
        2: ("own", 0, 2, 4, 6, FINISHED),
    }
    assert result.responses("case").tolist() == [3, 3, 4]


@both_engines
def test_round_robin_over_two(engine):
    """Requests go to workers 0, 1, 0, 1, whatever the queues."""
    result = worked(
        engine,
        NONE,
        arrivals=[0, 1, 2, 3],
        own=[5, 1, 1, 4],
        workers={"count": 2, "placement": "round-robin"},
    )

    # request 2 waits on worker 0 until 5 though worker 1 is idle from 2 on
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 5, FINISHED),
        1: ("own", 1, 1, 1, 2, FINISHED),
        2: ("own", 0, 2, 5, 6, FINISHED),
        3: ("own", 1, 3, 3, 7, FINISHED),
    }
    assert result.responses("case").tolist() == [5, 1, 4, 4]


@both_engines
def test_shared_queue(engine):
    """Idle workers pull from one queue; when both are idle, the lower number does."""
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0, 1, 2, 6],
        own=[4, 2, 3, 1, 1],
        workers={"count": 2, "queue": "shared"},
    )

    # at 0: request 0 to worker 0, request 1 to worker 1; worker 1 is free at 2 (request 2: 2-5),
    # worker 0 at 4 (request 3: 4-5); at 6 both are idle
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 4, FINISHED),
        1: ("own", 1, 0, 0, 2, FINISHED),
        2: ("own", 1, 1, 2, 5, FINISHED),
        3: ("own", 0, 2, 4, 5, FINISHED),
        4: ("own", 0, 6, 6, 7, FINISHED),
    }
    assert result.responses("case").tolist() == [4, 2, 4, 3, 1]


@both_engines
def test_two_slots(engine):
    """A worker with two slots serves two tasks at once, each at full speed."""
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0, 0],
        own=[4, 2, 3],
        workers={"groups": [{"count": 1, "slots": 2}]},
    )

    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 4, FINISHED),
        1: ("own", 0, 0, 0, 2, FINISHED),
        2: ("own", 0, 0, 2, 5, FINISHED),
    }


@both_engines
def test_speeds(engine):
    """The service time is the size over the speed of the worker."""
    groups = [{"count": 1, "speed": 2}, {"count": 1, "speed": 0.5}]
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0],
        own=[3, 1],
        workers={"groups": groups, "placement": "round-robin"},
    )

    # 3 / 2 = 1.5 on worker 0; 1 / 0.5 = 2 on worker 1
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 1.5, FINISHED),
        1: ("own", 1, 0, 0, 2, FINISHED),
    }
    assert result.tasks().sort_values("task").service.tolist() == [1.5, 2]


@both_engines
@pytest.mark.parametrize("placement", ["shortest-queue", "two-choices"])
@pytest.mark.parametrize("seed", range(6))
def test_shortest_queue_counts_the_task_in_service(engine, placement, seed):
    """A worker that serves a task is longer than an idle one; so for two choices of two workers."""
    result = worked(
        engine,
        NONE,
        arrivals=[0, 1, 4, 11],
        own=[10, 2, 10, 1],
        workers={"count": 2, "placement": placement},
        seed=seed,
    )

    # a = the worker of request 0 (told by luck), b = the other one
    # 0: a serves 0-10. 1: a has 1, b 0 -> b serves 1-3. 4: a has 1, b 0 -> b serves 4-14.
    # 11: a has 0, b 1 -> a serves 11-12.
    tasks = tasks_of(result)
    a = tasks[0][1]
    assert tasks == {
        0: ("own", a, 0, 0, 10, FINISHED),
        1: ("own", 1 - a, 1, 1, 3, FINISHED),
        2: ("own", 1 - a, 4, 4, 14, FINISHED),
        3: ("own", a, 11, 11, 12, FINISHED),
    }


@both_engines
@pytest.mark.parametrize("seed", range(6))
def test_shortest_queue_counts_waiting_tasks(engine, seed):
    """Three arrivals at one instant go to different workers, and the fourth behind the fewest."""
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0, 0, 1],
        own=[9, 9, 0.5, 1],
        workers={"count": 3, "placement": "shortest-queue"},
        seed=seed,
    )

    # the choice is made at joining: the lengths are 1, 1, 1 after three tasks; at 0.5 the third
    # is done, and its worker the shortest at 1
    tasks = tasks_of(result)
    assert {tasks[0][1], tasks[1][1], tasks[2][1]} == {0, 1, 2}
    assert tasks[3] == ("own", tasks[2][1], 1, 1, 2, FINISHED)


@both_engines
def test_network_delays(engine):
    """To the worker delays joining; from it delays the credit, while the worker is free."""
    result = worked(
        engine,
        NONE,
        arrivals=[0, 0],
        own=[3, 1],
        workers={"count": 1},
        network={"to_worker": 1, "from_worker": 2},
    )

    # both join at 1; 1-4, credited at 6; the worker is free at 4: 4-5, credited at 7
    assert requests_of(result) == [(0, 6, "own"), (0, 7, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 1, 4, FINISHED),
        1: ("own", 0, 0, 4, 5, FINISHED),
    }


@both_engines
def test_a_task_on_its_way_is_cancelled_like_a_queued_one(engine):
    """A copy whose sibling answers before it has joined its queue is dropped."""
    result = worked(
        engine,
        {"kind": "hedge", "delay": 2},
        arrivals=[0],
        own=[2],
        redundant=[[1]],
        workers=scripted(2, own=[0], redundant=[[1]]),
        network={"to_worker": 1},
    )

    # own: joins worker 0 at 1, served 1-3, answers at 3; the hedge is sent at 2 and would join
    # worker 1 at 3: in the instant 3 the answer (a) comes before the joining (c)
    assert requests_of(result) == [(0, 3, "own")]
    tasks = tasks_of(result)
    assert tasks[0] == ("own", 0, 0, 1, 3, FINISHED)
    assert tasks[1][2:4] == (2, None)
    assert tasks[1][4:] == (3, DROPPED)


@both_engines
def test_fixed_placement(engine):
    """Task j of a group goes to worker j, own tasks first."""
    result = worked(
        engine,
        {"kind": "replication", "copies": 3},
        arrivals=[0, 10],
        own=[3, 1],
        redundant=[[2, 2], [1, 3]],
        workers={"count": 3, "placement": "fixed"},
        cancel="running",
    )

    assert requests_of(result) == [(0, 1, "copy"), (10, 11, "own")]
    assert [row[1] for row in tasks_of(result).values()] == [0, 1, 2, 0, 1, 2]

"""Hand-worked cases of the collage authors' rule, 2x2: wait for all, fill at the timeout, resend.

Own task i is on worker i and the collage on worker 4; there are 9 task ids a group: 4 own, the
collage, and the resends of images 0 to 3. The timeout is 5 and the decode time 1.
"""

import pytest
from worked import (
    DROPPED,
    FINISHED,
    STOPPED,
    both_engines,
    fixed,
    requests_of,
    scripted,
    tasks_of,
    worked,
)

AUTHORS = {"kind": "collage", "grid": 2, "use": "timeout", "timeout": 5}


def one_group(engine, own, collage, *, resends=(), arrivals=(0, 0, 0, 0), decode=1, **keys):
    """Four requests, one group, five workers; sizes of the resends of images 0 to 3."""
    return worked(
        engine,
        AUTHORS,
        arrivals=arrivals,
        own=own,
        redundant=[[collage], *([size] for size in resends)],
        workers=fixed(5),
        decode=decode,
        **keys,
    )


@both_engines
def test_timeout_no_straggler(engine):
    """The group waits for all five and completes together; nothing is decoded."""
    result = one_group(engine, [1, 2, 3, 2], 4)

    # the collage is last, at 4
    assert requests_of(result) == [(0, 4, "own")] * 4
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 1, FINISHED),
        1: ("own", 1, 0, 0, 2, FINISHED),
        2: ("own", 2, 0, 0, 3, FINISHED),
        3: ("own", 3, 0, 0, 2, FINISHED),
        4: ("collage", 4, 0, 0, 4, FINISHED),
    }


@both_engines
def test_timeout_counts_from_the_full_group(engine):
    """The group is full at 3, so that the timeout is at 8."""
    result = one_group(engine, [1, 9, 1, 1], 1, arrivals=(0, 1, 2, 3))

    # own 1: 1-10, late; the rest in by 4; filled at 8, decoded at 9
    assert requests_of(result) == [(0, 9, "own"), (1, 9, "collage"), (2, 9, "own"), (3, 9, "own")]


@both_engines
def test_timeout_one_straggler(engine):
    """The late image is filled from the collage; the whole group completes after the decode."""
    result = one_group(engine, [1, 2, 20, 2], 4)

    # at 5 all but own 2 are in: 5 + 1 = 6 for all; own 2 is in service until 20
    assert requests_of(result) == [(0, 6, "own"), (0, 6, "own"), (0, 6, "collage"), (0, 6, "own")]
    assert tasks_of(result)[2] == ("own", 2, 0, 0, 20, FINISHED)
    assert tasks_of(result)[4] == ("collage", 4, 0, 0, 4, FINISHED)


@both_engines
def test_timeout_two_stragglers(engine):
    """Several late images cost no more than one."""
    result = one_group(engine, [1, 19, 20, 2], 4)

    assert requests_of(result) == [
        (0, 6, "own"),
        (0, 6, "collage"),
        (0, 6, "collage"),
        (0, 6, "own"),
    ]


@both_engines
def test_timeout_the_collage_is_late_alone(engine):
    """The group waits for the collage until the timeout, in vain; nothing is decoded or resent."""
    result = one_group(engine, [1, 2, 3, 2], 30)

    assert requests_of(result) == [(0, 5, "own")] * 4
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 1, FINISHED),
        1: ("own", 1, 0, 0, 2, FINISHED),
        2: ("own", 2, 0, 0, 3, FINISHED),
        3: ("own", 3, 0, 0, 2, FINISHED),
        4: ("collage", 4, 0, 0, 30, FINISHED),
    }


@both_engines
def test_timeout_a_late_collage_is_stopped(engine):
    """With `cancel: running` the collage that nobody waits for any more stops at the timeout."""
    result = one_group(engine, [1, 2, 3, 2], 30, cancel="running")

    assert requests_of(result) == [(0, 5, "own")] * 4
    assert tasks_of(result)[4] == ("collage", 4, 0, 0, 5, STOPPED)


@both_engines
def test_timeout_resend_to_the_one_worker_on_time(engine):
    """With the collage late too, late images go to a worker that was on time, without a timeout."""
    result = one_group(engine, [1, 20, 20, 20], 30, resends=[9, 2, 3, 1])

    # at 5 only own 0, on worker 0, is in: images 1, 2 and 3 go there, in order: 5-7, 7-10, 10-11.
    # The whole group completes with the last; nothing is decoded. The late ones run on to 20.
    assert requests_of(result) == [(0, 11, "own")] + [(0, 11, "resend")] * 3
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 1, FINISHED),
        1: ("own", 1, 0, 0, 20, FINISHED),
        2: ("own", 2, 0, 0, 20, FINISHED),
        3: ("own", 3, 0, 0, 20, FINISHED),
        4: ("collage", 4, 0, 0, 30, FINISHED),
        6: ("own", 0, 5, 5, 7, FINISHED),
        7: ("own", 0, 5, 7, 10, FINISHED),
        8: ("own", 0, 5, 10, 11, FINISHED),
    }


@both_engines
def test_timeout_a_resend_without_a_scripted_size_takes_the_own_size(engine):
    """The redundant rows end with the collage: the resend is as large as the own task."""
    result = one_group(engine, [1, 20, 2, 2], 30)

    # image 1 is sent anew at 5 to an idle worker (0, 2 or 3): 5-25
    assert requests_of(result) == [
        (0, 25, "own"),
        (0, 25, "resend"),
        (0, 25, "own"),
        (0, 25, "own"),
    ]
    role, worker, *times = tasks_of(result)[6]
    assert (role, times) == ("own", [5, 5, 25, FINISHED])
    assert worker in {0, 2, 3}


@both_engines
def test_timeout_a_late_answer_does_not_spare_the_resend(engine):
    """The master has given a late task up: the image is answered by its resend, though later."""
    result = one_group(engine, [1, 2, 6, 2], 30, resends=[9, 9, 4, 9])

    # own 2 is done at 6; its resend, on an idle worker, at 9, as in the authors' master
    assert requests_of(result) == [(0, 9, "own"), (0, 9, "own"), (0, 9, "resend"), (0, 9, "own")]
    assert tasks_of(result)[2] == ("own", 2, 0, 0, 6, FINISHED)


@both_engines
@pytest.mark.parametrize("seed", range(4))
def test_timeout_nobody_on_time(engine, seed):
    """If no worker was on time, a late image goes to any other own worker."""
    result = one_group(
        engine, [20, 20, 20, 20], 30, resends=[2, 2, 2, 2], cancel="running", seed=seed
    )

    # at 5 all five are late and stopped; each resend (tasks 5 to 8) of 2 seconds joins the queue
    # of an own worker other than its own, the m-th there is served (5 + 2m)-(7 + 2m)
    tasks = tasks_of(result)
    assert [tasks[i][4:] for i in range(5)] == [(5, STOPPED)] * 5
    ahead = [0, 0, 0, 0]
    for image in range(4):
        worker = tasks[5 + image][1]
        assert worker in {0, 1, 2, 3} - {image}
        start = 5 + 2 * ahead[worker]
        ahead[worker] += 1
        assert tasks[5 + image] == ("own", worker, 5, start, start + 2, FINISHED)
    assert requests_of(result) == [(0, 5 + 2 * max(ahead), "resend")] * 4


@both_engines
def test_timeout_an_own_answer_exactly_at_the_timeout_is_on_time(engine):
    """In one instant the finish (a) comes before the timeout (c)."""
    result = one_group(engine, [1, 2, 5, 2], 5)

    assert requests_of(result) == [(0, 5, "own")] * 4


@both_engines
def test_timeout_a_collage_exactly_at_the_timeout_is_on_time(engine):
    """The late image is filled from a collage that comes at the timeout itself."""
    result = one_group(engine, [1, 2, 20, 2], 5)

    assert requests_of(result) == [(0, 6, "own"), (0, 6, "own"), (0, 6, "collage"), (0, 6, "own")]


@both_engines
def test_timeout_a_queued_task_is_late(engine):
    """A task that still waits for its worker at the timeout is late, and dropped."""
    result = worked(
        engine,
        AUTHORS,
        arrivals=[0, 0, 0, 0, 10, 10, 10, 10],
        own=[1, 2, 20, 2, 1, 1, 1, 1],
        redundant=[[4, 2]],
        workers=fixed(5),
    )

    # group 0: own 2 serves until 20; filled at 5 (no decode time here). Group 1, full at 10: own 2
    # (task 9 + 2) waits behind it and is late at 15, where the collage (10-12) fills in.
    assert requests_of(result)[4:] == [
        (10, 15, "own"),
        (10, 15, "own"),
        (10, 15, "collage"),
        (10, 15, "own"),
    ]
    assert tasks_of(result)[11] == ("own", 2, 10, None, 15, DROPPED)


@both_engines
def test_timeout_short_last_group(engine):
    """A short group waits for the tasks that it has."""
    result = worked(
        engine,
        AUTHORS,
        arrivals=[0, 0, 0, 0, 10, 10],
        own=[1, 1, 1, 1, 3, 20],
        redundant=[[1, 2]],
        workers=fixed(5),
        decode=1,
    )

    # group 0: all in at 1. Group 1 closes at 10 with two images: own 1 is late at 15, the collage
    # (10-12) on time: 15 + 1
    assert requests_of(result) == [(0, 1, "own")] * 4 + [(10, 16, "own"), (10, 16, "collage")]
    assert sorted(tasks_of(result)) == [0, 1, 2, 3, 4, 9, 10, 13]


@both_engines
def test_timeout_decodes_queue_for_the_cores_of_the_master(engine):
    """Two groups filled at one instant are decoded one after the other, by id."""
    result = worked(
        engine,
        {"kind": "collage", "grid": 1, "use": "timeout", "timeout": 5},
        arrivals=[0, 0],
        own=[20, 20],
        redundant=[[1, 1]],
        workers=scripted(4, own=[0, 1], redundant=[[2, 3]]),
        decode=2,
        master={"cores": 1},
    )

    assert requests_of(result) == [(0, 7, "collage"), (0, 9, "collage")]


@both_engines
def test_timeout_counts_the_way_back(engine):
    """An answer is on time if it has arrived by the timeout, not if it has left its worker."""
    result = one_group(engine, [1, 4, 3, 2], 4, network={"from_worker": 1.5})

    # own 1 and the collage leave at 4 and arrive at 5.5: both late at 5. Image 1 is sent anew at 5
    # with its own size, 5-9, and arrives at 10.5.
    assert requests_of(result) == [(0, 10.5, "own"), (0, 10.5, "resend")] + [
        (0, 10.5, "own"),
        (0, 10.5, "own"),
    ]

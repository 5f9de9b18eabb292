"""Hand-worked cases of a 2x2 collage whose answer is used early.

Own task i of a group is on worker i and the collage on worker 4 (fixed placement), so that task
ids are 5 * group + place. The decode time is 1 unless another is given.
"""

from worked import DROPPED, FINISHED, STOPPED, both_engines, fixed, requests_of, tasks_of, worked

EARLY = {"kind": "collage", "grid": 2}


def one_collage(engine, own, collage, *, arrivals=(0, 0, 0, 0), decode=1, **keys):
    """Four requests, one group, five workers."""
    return worked(
        engine,
        EARLY,
        arrivals=arrivals,
        own=own,
        redundant=[[collage]],
        workers=fixed(5),
        decode=decode,
        **keys,
    )


@both_engines
def test_early_no_straggler(engine):
    """Every request is answered by its own task; the collage in service runs on."""
    result = one_collage(engine, [1, 2, 3, 2], 4)

    # the collage, done at 4, could answer at 5; all are answered by 3
    assert requests_of(result) == [(0, 1, "own"), (0, 2, "own"), (0, 3, "own"), (0, 2, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 1, FINISHED),
        1: ("own", 1, 0, 0, 2, FINISHED),
        2: ("own", 2, 0, 0, 3, FINISHED),
        3: ("own", 3, 0, 0, 2, FINISHED),
        4: ("collage", 4, 0, 0, 4, FINISHED),
    }


@both_engines
def test_early_one_straggler(engine):
    """The straggler's request is answered by the collage, at its finish + decode."""
    result = one_collage(engine, [1, 2, 20, 2], 4)

    # 4 + 1 = 5; the straggler is in service and runs on to 20
    assert requests_of(result) == [(0, 1, "own"), (0, 2, "own"), (0, 5, "collage"), (0, 2, "own")]
    assert tasks_of(result)[2] == ("own", 2, 0, 0, 20, FINISHED)
    assert tasks_of(result)[4] == ("collage", 4, 0, 0, 4, FINISHED)


@both_engines
def test_early_one_straggler_cancel_running(engine):
    """An own task is needed until the decode has ended, since it may still come first."""
    result = one_collage(engine, [1, 2, 20, 2], 4, cancel="running")

    assert requests_of(result)[2] == (0, 5, "collage")
    assert tasks_of(result)[2] == ("own", 2, 0, 0, 5, STOPPED)
    assert tasks_of(result)[4] == ("collage", 4, 0, 0, 4, FINISHED)


@both_engines
def test_early_two_stragglers(engine):
    """One collage answers any number of stragglers."""
    result = one_collage(engine, [1, 20, 21, 2], 4)

    assert requests_of(result) == [
        (0, 1, "own"),
        (0, 5, "collage"),
        (0, 5, "collage"),
        (0, 2, "own"),
    ]
    assert tasks_of(result)[1] == ("own", 1, 0, 0, 20, FINISHED)
    assert tasks_of(result)[2] == ("own", 2, 0, 0, 21, FINISHED)


@both_engines
def test_early_the_collage_straggles(engine):
    """A slow collage harms nobody; in service it is not stopped."""
    result = one_collage(engine, [1, 2, 3, 2], 30)

    assert requests_of(result) == [(0, 1, "own"), (0, 2, "own"), (0, 3, "own"), (0, 2, "own")]
    assert tasks_of(result)[4] == ("collage", 4, 0, 0, 30, FINISHED)


@both_engines
def test_early_the_collage_straggles_cancel_running(engine):
    """A slow collage is stopped once all own tasks are done."""
    result = one_collage(engine, [1, 2, 3, 2], 30, cancel="running")

    assert tasks_of(result)[4] == ("collage", 4, 0, 0, 3, STOPPED)


@both_engines
def test_early_everything_straggles(engine):
    """Whichever is first still answers: min(own, collage + decode)."""
    result = one_collage(engine, [20, 21, 40, 31], 30)

    # the collage could answer at 31: before 40; at 31 exactly the own task wins, as (a) is
    # before (b)
    assert requests_of(result) == [
        (0, 20, "own"),
        (0, 21, "own"),
        (0, 31, "collage"),
        (0, 31, "own"),
    ]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 20, FINISHED),
        1: ("own", 1, 0, 0, 21, FINISHED),
        2: ("own", 2, 0, 0, 40, FINISHED),
        3: ("own", 3, 0, 0, 31, FINISHED),
        4: ("collage", 4, 0, 0, 30, FINISHED),
    }


@both_engines
def test_early_an_own_answer_during_the_decode_wins(engine):
    """While the collage is decoded an own answer may still come first."""
    result = one_collage(engine, [1, 2, 4.5, 2], 4)

    assert requests_of(result)[2] == (0, 4.5, "own")


@both_engines
def test_early_own_tasks_do_not_wait_for_their_group(engine):
    """Own tasks are sent on arrival, the collage when the group is full and encoded."""
    result = one_collage(engine, [1, 9, 9, 0.25], 2, arrivals=(0, 1, 2, 3), encode=0.5)

    # full at 3, encoded at 3.5, collage 3.5-5.5, decoded at 6.5
    assert requests_of(result) == [
        (0, 1, "own"),
        (1, 6.5, "collage"),
        (2, 6.5, "collage"),
        (3, 3.25, "own"),
    ]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 1, FINISHED),
        1: ("own", 1, 1, 1, 10, FINISHED),
        2: ("own", 2, 2, 2, 11, FINISHED),
        3: ("own", 3, 3, 3, 3.25, FINISHED),
        4: ("collage", 4, 3.5, 3.5, 5.5, FINISHED),
    }


@both_engines
def test_early_a_queued_collage_is_dropped(engine):
    """A collage that still waits when all own tasks are done is dropped."""
    result = worked(
        engine,
        EARLY,
        arrivals=[0, 0, 0, 0, 2, 2, 2, 2],
        own=[1, 1, 1, 1, 1, 1, 1, 3],
        redundant=[[10, 10]],
        workers=fixed(5),
        decode=1,
    )

    # the first collage serves 0-10 in vain; the second waits from 2 until the last of its own
    # tasks is done at 5
    assert tasks_of(result)[4] == ("collage", 4, 0, 0, 10, FINISHED)
    assert tasks_of(result)[9] == ("collage", 4, 2, None, 5, DROPPED)


@both_engines
def test_early_short_last_group(engine):
    """At the end of arrivals the last group closes with one request; its collage is sent."""
    result = worked(
        engine,
        EARLY,
        arrivals=[0, 0, 0, 0, 10],
        own=[1, 1, 1, 1, 8],
        redundant=[[2, 3]],
        workers=fixed(5),
        decode=1,
    )

    # group 1 = request 4: own task 5 on worker 0, 10-18; collage task 9, 10-13, decoded at 14; the
    # places of tasks 6, 7 and 8 are blank
    assert requests_of(result)[4] == (10, 14, "collage")
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 1, FINISHED),
        1: ("own", 1, 0, 0, 1, FINISHED),
        2: ("own", 2, 0, 0, 1, FINISHED),
        3: ("own", 3, 0, 0, 1, FINISHED),
        4: ("collage", 4, 0, 0, 2, FINISHED),
        5: ("own", 0, 10, 10, 18, FINISHED),
        9: ("collage", 4, 10, 10, 13, FINISHED),
    }


@both_engines
def test_early_a_collage_that_comes_too_late_for_everyone(engine):
    """Under `never` it is sent and served all the same; otherwise it never starts."""
    own, arrivals = [0.25, 0.25, 0.25, 0.25], (0, 1, 2, 3)
    never = one_collage(engine, own, 2, arrivals=arrivals, encode=0.5, cancel="never")
    queued = one_collage(engine, own, 2, arrivals=arrivals, encode=0.5)

    # the last own task is done at 3.25; the collage is encoded at 3.5
    assert tasks_of(never)[4] == ("collage", 4, 3.5, 3.5, 5.5, FINISHED)
    assert 4 not in tasks_of(queued) or tasks_of(queued)[4][3] is None

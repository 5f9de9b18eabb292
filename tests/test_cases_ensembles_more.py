"""Hand-worked cases of who answers for an ensemble: quorums, copies, hedges and deadlines.

Workers are instances, models side by side. Members are red, green and blue, in this order; tasks
of a segment are theirs, then the copies, then the hedges.
"""

import pytest
from allotted import allotted, run
from worked import DROPPED, FINISHED, STOPPED, both_engines

from strag_sim.distributions import Deterministic
from strag_sim.slowdown import Fixed

APART = [("red", 0, 1), ("green", 1, 1), ("blue", 2, 1)]
TWO_REDS = [("red", 0, 1), ("red", 1, 1), ("green", 2, 1)]
TWO_GREENS = [("red", 0, 1), ("green", 1, 1), ("green", 2, 1)]

# Cancel rule -> what becomes of the second segment and of blue 0, the answers, cost and wasted.
QUORUMS = {
    # red 1 2-3, green 1 3-4, and that is two; blue works through all of it: 0-6, 6-7
    "never": ((2, 0, 6, FINISHED), (2, 6, 7, FINISHED), [3, 4], 14, 7 / 14),
    # blue 1 is still queued when two have answered
    "queued": ((2, 0, 6, FINISHED), (-1, None, 4, DROPPED), [3, 4], 13, 6 / 13),
    # blue 0 is stopped at 3, so blue 1: 3-4, as green 1, which comes first and is the second
    "running": ((2, 0, 3, STOPPED), (2, 3, 4, FINISHED), [3, 4], 11, 4 / 11),
}


@both_engines
@pytest.mark.parametrize("cancel", QUORUMS)
def test_a_quorum_answers(engine, cancel):
    """Two of three: the third is not needed, and what it does then is the cancel rule's."""
    of_first, of_second, answers, cost, wasted = QUORUMS[cancel]
    case = run(engine, allotted(APART, sizes=[[2, 1], [3, 1], [6, 1]], arrivals=[0, 1], quorum=2,
                                cancel=cancel))  # fmt: skip

    assert case.tasks(0) == [(0, 0, 2, FINISHED), (1, 0, 3, FINISHED), of_first]
    assert case.tasks(1) == [(0, 2, 3, FINISHED), (1, 3, 4, FINISHED), of_second]
    assert case.answers == answers
    assert case.cost == cost
    assert case.wasted == pytest.approx(wasted)


@both_engines
def test_a_quorum_that_has_started(engine):
    """On-start drops the third as soon as two have started."""
    case = run(engine, allotted(APART, sizes=[[2, 1], [3, 1], [6, 1]], arrivals=[0, 1], quorum=2,
                                cancel="on-start"))  # fmt: skip

    # at 0 red 0 and green 0 start, and blue 0 is dropped. At 1 blue 1 starts: 1-2. At 2 red 1
    # does, 2-3, and green 1 is dropped
    assert case.tasks(0) == [(0, 0, 2, FINISHED), (1, 0, 3, FINISHED), (-1, None, 0, DROPPED)]
    assert case.tasks(1) == [(0, 2, 3, FINISHED), (-1, None, 2, DROPPED), (2, 1, 2, FINISHED)]
    assert case.answers == [3, 3]
    assert case.cost == 7
    assert case.wasted == 0


@both_engines
def test_a_copy_that_wins(engine):
    """The copy is first; the member's own task is part of no answer."""
    keys = {"sizes": [[5], [1], [2]], "arrivals": [0], "copies": {"red": 2}}
    stopped = run(engine, allotted(TWO_REDS, cancel="running", **keys))
    left = run(engine, allotted(TWO_REDS, cancel="queued", **keys))

    # red 0-5, its copy 0-2, green 0-1: at 2 both results are in
    assert stopped.answers == left.answers == [2]
    assert stopped.tasks(0) == [(0, 0, 2, STOPPED), (2, 0, 1, FINISHED), (1, 0, 2, FINISHED)]
    assert left.tasks(0) == [(0, 0, 5, FINISHED), (2, 0, 1, FINISHED), (1, 0, 2, FINISHED)]
    assert (stopped.cost, stopped.wasted) == (5, pytest.approx(2 / 5))
    assert (left.cost, left.wasted) == (8, pytest.approx(5 / 8))


@both_engines
def test_a_member_counts_once(engine):
    """A member and its copy are one of the quorum, not two; the second to come is waste."""
    case = run(engine, allotted(TWO_REDS, sizes=[[1], [5], [2]], arrivals=[0],
                                copies={"red": 2}))  # fmt: skip

    # red 0-1, its copy 0-2, green 0-5
    assert case.answers == [5]
    assert case.cost == 8
    assert case.wasted == 2 / 8


@both_engines
def test_a_copy_that_waits_is_dropped(engine):
    """It is not needed any more when the member is in, although others are awaited."""
    case = run(engine, allotted(APART[:2], sizes=[[1, 2], [5, 1], [1, 1]], arrivals=[0, 0],
                                copies={"red": 2}))  # fmt: skip

    # in red's queue: red 0, copy 0, red 1, copy 1. Red 0: 0-1, so copy 0 is dropped; red 1: 1-3,
    # and copy 1 is dropped. Green 0-5 and 5-6
    assert case.tasks(0) == [(0, 0, 1, FINISHED), (1, 0, 5, FINISHED), (-1, None, 1, DROPPED)]
    assert case.tasks(1) == [(0, 1, 3, FINISHED), (1, 5, 6, FINISHED), (-1, None, 3, DROPPED)]
    assert case.answers == [5, 6]
    assert case.wasted == 0


@both_engines
def test_a_copy_of_what_has_started_is_dropped(engine):
    """Under on-start: its member's result is sure, and it would add nothing."""
    case = run(engine, allotted(TWO_REDS, sizes=[[4], [5], [1]], arrivals=[0], copies={"red": 2},
                                cancel="on-start"))  # fmt: skip

    assert case.tasks(0) == [(0, 0, 4, FINISHED), (2, 0, 5, FINISHED), (-1, None, 0, DROPPED)]
    assert case.answers == [5]


@both_engines
def test_alternatives_start_once(engine):
    """On-start counts a member that is asked twice once: no quorum has started by that."""
    on = [*TWO_REDS[:2], ("green", 2, 1), ("blue", 2, 1)]
    case = run(engine, allotted(on, sizes=[[2, 9], [4, 2], [9, 9], [9, 2]], arrivals=[0, 1],
                                quorum=2, hedges={"red": 2}, cancel="on-start"))  # fmt: skip

    # 0: red 0-2 and green 0-4 start, blue is dropped; the hedge is not sent, red is in at 2.
    # 1: red on worker 1, 1-10, green and blue wait for device 2. The hedge, at 3 on worker 0: 3-5,
    # is the second to start, but of one result. At 4 green 4-6 is the second result, blue dropped
    assert case.tasks(0) == [(0, 0, 2, FINISHED), (2, 0, 4, FINISHED), (-1, None, 0, DROPPED)]
    assert case.tasks(1) == [
        (1, 1, 10, FINISHED), (2, 4, 6, FINISHED), (-1, None, 4, DROPPED), (0, 3, 5, FINISHED)
    ]  # fmt: skip
    assert case.answers == [4, 6]


@both_engines
def test_a_hedge_goes_although_the_one_before_was_not_needed(engine):
    """Each member's hedge is sent if that member is not in, whatever the others are."""
    keys = {"arrivals": [0], "hedges": {"red": 1, "green": 2}}
    case = run(engine, allotted(TWO_GREENS, sizes=[[0.5], [9], [1], [1]], **keys))

    # red 0-0.5: no hedge at 1. Green 0-9, its hedge at 2: 2-3
    assert case.tasks(0) == [(0, 0, 0.5, FINISHED), (1, 0, 9, FINISHED), (2, 2, 3, FINISHED)]
    assert case.answers == [3]
    assert case.wasted == pytest.approx(9 / 10.5)


@both_engines
def test_hedges_count_from_the_arrival(engine):
    """Not from the hedge before, and whichever is named first."""
    on = [*TWO_REDS, ("green", 3, 1)]
    case = run(engine, allotted(on, sizes=[[9], [9], [2], [1]], arrivals=[1],
                                hedges={"red": 3, "green": 1}))  # fmt: skip

    # green's hedge at 2: 2-3, red's at 4, not 5: 4-6
    assert case.tasks(0) == [
        (0, 1, 10, FINISHED), (2, 1, 10, FINISHED), (1, 4, 6, FINISHED), (3, 2, 3, FINISHED)
    ]  # fmt: skip
    assert case.answers == [6]


@both_engines
def test_a_result_at_the_instant_of_its_hedge(engine):
    """It is credited first, so that no hedge is sent."""
    case = run(engine, allotted(TWO_REDS, sizes=[[2], [3], [1]], arrivals=[0], hedges={"red": 2}))

    assert case.tasks(0) == [(0, 0, 2, FINISHED), (2, 0, 3, FINISHED)]
    assert case.answers == [3]


@both_engines
def test_a_deadline_answers_with_what_is_there(engine):
    """All are waited for until then; who is late goes on, as the cancel rule says."""
    keys = {"sizes": [[2, 1], [3, 2], [9, 1]], "arrivals": [0, 10], "deadline": 4}
    case = run(engine, allotted(APART, **keys))
    stopped = run(engine, allotted(APART, cancel="running", **keys))

    # 0: red and green are in at 4. 1: all are in at 12, before the deadline
    assert case.answers == stopped.answers == [4, 12]
    assert case.tasks(0)[2] == (2, 0, 9, FINISHED)
    assert stopped.tasks(0)[2] == (2, 0, 4, STOPPED)
    assert (case.cost, case.wasted) == (18, pytest.approx(9 / 18))
    assert (stopped.cost, stopped.wasted) == (13, pytest.approx(4 / 13))


@both_engines
def test_a_deadline_waits_for_the_quorum(engine):
    """If too few are in, the one that makes it a quorum answers; who is later is not needed."""
    case = run(engine, allotted(APART, sizes=[[2], [6], [9]], arrivals=[0], quorum=2, deadline=4,
                                cancel="running"))  # fmt: skip

    assert case.tasks(0) == [(0, 0, 2, FINISHED), (1, 0, 6, FINISHED), (2, 0, 6, STOPPED)]
    assert case.answers == [6]


@both_engines
def test_a_result_at_the_deadline_is_in_time(engine):
    """It is credited before the deadline; and then there is nobody to wait for."""
    case = run(engine, allotted(APART[:2], sizes=[[2], [4]], arrivals=[0], deadline=4))

    assert case.answers == [4]
    assert case.wasted == 0


@both_engines
def test_a_deadline_waits_for_results_not_for_tasks(engine):
    """A member and its copy are one result: both in are not all, and one of them is enough."""
    keys = {"copies": {"red": 2}, "deadline": 10, "arrivals": [0]}
    both = run(engine, allotted(TWO_REDS, sizes=[[1], [4], [2]], **keys))
    one = run(engine, allotted(TWO_REDS, sizes=[[1], [4], [8]], **keys))

    # red 0-1, copy 0-2, green 0-4; then the copy is still at work at 4
    assert both.answers == one.answers == [4]
    assert both.tasks(0)[2] == (1, 0, 2, FINISHED)
    assert one.tasks(0)[2] == (1, 0, 8, FINISHED)
    assert (both.cost, both.wasted) == (7, pytest.approx(2 / 7))
    assert (one.cost, one.wasted) == (13, pytest.approx(8 / 13))


@both_engines
def test_hedges_of_a_segment_with_a_deadline(engine):
    """A hedge is sent while its member is awaited, and one that is due later may be of use."""
    keys = {"sizes": [[1], [9], [1], [2]], "arrivals": [0], "hedges": {"red": 1.5, "green": 3}}
    case = run(engine, allotted(TWO_GREENS, deadline=8, **keys))
    early = run(engine, allotted(TWO_GREENS, deadline=3, **keys))

    # no hedge of red at 1.5; that of green at 3: 3-5, and all is in. With a deadline of 3 what is
    # there answers at 3, and nothing is sent at that instant
    assert case.tasks(0) == [(0, 0, 1, FINISHED), (1, 0, 9, FINISHED), (2, 3, 5, FINISHED)]
    assert case.answers == [5]
    assert early.tasks(0) == [(0, 0, 1, FINISHED), (1, 0, 9, FINISHED)]
    assert early.answers == [3]


@both_engines
def test_what_comes_while_it_is_combined_is_late(engine):
    """The deadline's results are combined as they are then; what comes meanwhile is waste."""
    case = run(engine, allotted(APART[:2], sizes=[[2], [5]], arrivals=[0], deadline=4,
                                decode=Deterministic(value=2)))  # fmt: skip

    # red is in at 4: 4-6. Green comes at 5
    assert case.answers == [6]
    assert case.tasks(0)[1] == (1, 0, 5, FINISHED)
    assert case.wasted == pytest.approx(5 / 7)


@both_engines
def test_a_device_is_slow_with_all_its_instances(engine):
    """A factor a device, 3 and 1: red and green share the slow one, blue has the other."""
    on = [("red", 0, 1), ("green", 0, 1), ("blue", 1, 1)]
    slow = (Fixed(factors=(3.0, 1.0)),)
    case = run(engine, allotted(on, sizes=[[1, 2], [2, 1], [4, 1]], arrivals=[0, 9],
                                slowdown=slow))  # fmt: skip

    # red 0-3, green 3-9, blue 0-4. At 9 red 9-15, green 15-18, blue 9-10
    assert case.tasks(0) == [(0, 0, 3, FINISHED), (1, 3, 9, FINISHED), (2, 0, 4, FINISHED)]
    assert case.tasks(1) == [(0, 9, 15, FINISHED), (1, 15, 18, FINISHED), (2, 9, 10, FINISHED)]
    assert case.answers == [9, 18]
    assert case.cost == 3 + 6 + 4 + 6 + 3 + 1


@both_engines
def test_models_on_two_slow_devices(engine):
    """Instances of a model are as slow as their devices, in the order of the models."""
    on = [("red", 0, 1), ("red", 1, 1), ("green", 1, 1)]
    slow = (Fixed(factors=(2.0, 5.0)),)
    case = run(engine, allotted(on, sizes=[[1, 1], [1, 1]], arrivals=[0, 0], slowdown=slow))

    # red 0 on the first device 0-2, red 1 on the second 0-5; green there 5-10, 10-15
    assert case.tasks(0) == [(0, 0, 2, FINISHED), (2, 5, 10, FINISHED)]
    assert case.tasks(1) == [(1, 0, 5, FINISHED), (2, 10, 15, FINISHED)]

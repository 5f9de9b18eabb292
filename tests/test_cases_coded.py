"""Hand-worked cases of MDS, Lagrange and parity codes, with the master's times and cores."""

import math
from dataclasses import dataclass

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

from strag_sim.policies.shape import Recovery, Shape, Task

MDS = {"kind": "mds", "inputs": 3, "tasks": 4}
PARITY = {"kind": "parity", "inputs": 2}


def three_of_four(engine, cancel):
    """Three requests at 0, 1 and 2; four coded tasks on four workers."""
    return worked(
        engine,
        MDS,
        arrivals=[0, 1, 2],
        redundant=[[4], [2], [9], [3]],
        workers=fixed(4),
        encode=1,
        decode=2,
        cancel=cancel,
    )


@both_engines
def test_mds_three_of_four(engine):
    """The third of four answers all three requests, after the decode."""
    result = three_of_four(engine, "queued")

    # full at 2, encoded at 3; done at 7, 5, 12 and 6: the third at 7, decoded at 9
    assert requests_of(result) == [(0, 9, "coded"), (1, 9, "coded"), (2, 9, "coded")]
    assert tasks_of(result) == {
        0: ("coded", 0, 3, 3, 7, FINISHED),
        1: ("coded", 1, 3, 3, 5, FINISHED),
        2: ("coded", 2, 3, 3, 12, FINISHED),
        3: ("coded", 3, 3, 3, 6, FINISHED),
    }


@both_engines
def test_mds_siblings_are_not_needed_once_decoding_has_begun(engine):
    """With `cancel: running` the fourth task stops when the decode begins, not when it ends."""
    result = three_of_four(engine, "running")

    assert requests_of(result) == [(0, 9, "coded"), (1, 9, "coded"), (2, 9, "coded")]
    assert tasks_of(result)[2] == ("coded", 2, 3, 3, 7, STOPPED)


@both_engines
def test_mds_short_last_group_encodes_blanks(engine):
    """The last group closes with one request; all four tasks are sent, any three answer."""
    result = worked(
        engine,
        MDS,
        arrivals=[0, 0, 0, 10],
        redundant=[[1, 1], [1, 2], [1, 3], [1, 4]],
        workers=fixed(4),
    )

    # group 1 = tasks 4 to 7, from 10 on; the third is done at 13
    assert requests_of(result) == [(0, 1, "coded")] * 3 + [(10, 13, "coded")]
    assert tasks_of(result)[7] == ("coded", 3, 10, 10, 14, FINISHED)


@both_engines
def test_fill_timeout_closes_a_group(engine):
    """A group is closed when its first request has waited for the fill timeout."""
    result = worked(
        engine,
        MDS,
        arrivals=[0, 1, 10],
        redundant=[[1, 1], [2, 2], [3, 3], [4, 4]],
        workers=fixed(4),
        fill_timeout=4,
    )

    # group 0 closes at 4 with two requests: the third task is done at 7. Group 1 = request 2
    # closes at once, since no request comes after it: 13.
    assert requests_of(result) == [(0, 7, "coded"), (1, 7, "coded"), (10, 13, "coded")]
    assert {row[2] for task, row in tasks_of(result).items() if task < 4} == {4}
    assert {row[2] for task, row in tasks_of(result).items() if task >= 4} == {10}


@both_engines
def test_fill_timeout_counts_from_the_first_of_the_group(engine):
    """A group that fills in time is not touched; the next counts from its own first request."""
    result = worked(
        engine,
        {"kind": "mds", "inputs": 2, "tasks": 2},
        arrivals=[0, 3, 5, 20],
        redundant=[[1, 1, 1], [1, 1, 1]],
        workers=fixed(2),
        fill_timeout=4,
    )

    # group 0: 0 and 3, full at 3. Group 1: request 2 alone, closed at 5 + 4 = 9. Group 2: at 20.
    assert requests_of(result) == [
        (0, 4, "coded"),
        (3, 4, "coded"),
        (5, 10, "coded"),
        (20, 21, "coded"),
    ]


@both_engines
def test_lagrange_with_master_times(engine):
    """Two inputs, any three of four: encoded at the master, sent, decoded at the master."""
    result = worked(
        engine,
        {"kind": "lagrange", "inputs": 2, "tasks": 4, "threshold": 3},
        arrivals=[0, 1],
        redundant=[[3], [1], [6], [2]],
        workers=fixed(4),
        encode=1,
        decode=2,
        cancel="running",
    )

    # full at 1, sent at 2; done at 5, 3, 8 and 4: the third at 5, when task 2 stops; 5 + 2 = 7
    assert requests_of(result) == [(0, 7, "coded"), (1, 7, "coded")]
    assert tasks_of(result) == {
        0: ("coded", 0, 2, 2, 5, FINISHED),
        1: ("coded", 1, 2, 2, 3, FINISHED),
        2: ("coded", 2, 2, 2, 5, STOPPED),
        3: ("coded", 3, 2, 2, 4, FINISHED),
    }


@both_engines
def test_lagrange_threshold_below_the_inputs(engine):
    """R may be smaller than K: one of three tasks answers both requests."""
    result = worked(
        engine,
        {"kind": "lagrange", "inputs": 2, "tasks": 3, "threshold": 1},
        arrivals=[0, 0],
        redundant=[[3], [2], [6]],
        workers=fixed(3),
        cancel="running",
    )

    assert requests_of(result) == [(0, 2, "coded"), (0, 2, "coded")]
    assert [row[4] for row in tasks_of(result).values()] == [2, 2, 2]


@both_engines
def test_lagrange_encoding_at_the_workers(engine):
    """Each worker encodes for itself: the encode time is part of each task's service."""
    result = worked(
        engine,
        {"kind": "lagrange", "inputs": 2, "tasks": 3, "threshold": 2, "encode_at": "workers"},
        arrivals=[0, 1],
        redundant=[[1], [2], [5]],
        workers=fixed(3),
        encode=1,
    )

    # sent at 1, when the group is full; services 1 + 1, 2 + 1 and 5 + 1: the second is done at 4
    assert requests_of(result) == [(0, 4, "coded"), (1, 4, "coded")]
    assert tasks_of(result) == {
        0: ("coded", 0, 1, 1, 3, FINISHED),
        1: ("coded", 1, 1, 1, 4, FINISHED),
        2: ("coded", 2, 1, 1, 7, FINISHED),
    }


@both_engines
def test_encodes_and_decodes_share_the_cores_of_the_master(engine):
    """With one core they queue in the order in which they ask for it."""
    result = worked(
        engine,
        {"kind": "lagrange", "inputs": 1, "tasks": 2, "threshold": 1},
        arrivals=[0, 1],
        redundant=[[1, 2], [4, 9]],
        workers=fixed(2),
        encode=3,
        decode=2,
        master={"cores": 1},
    )

    # the core: encode 0 at 0-3, encode 1 (asked for at 1) 3-6, decode 0 (asked for at 4) 6-8,
    # decode 1 (asked for at 8) 8-10
    assert requests_of(result) == [(0, 8, "coded"), (1, 10, "coded")]
    assert tasks_of(result) == {
        0: ("coded", 0, 3, 3, 4, FINISHED),
        1: ("coded", 1, 3, 3, 7, FINISHED),
        2: ("coded", 0, 6, 6, 8, FINISHED),
        3: ("coded", 1, 6, 7, 16, FINISHED),
    }


@both_engines
def test_two_cores_serve_two_decodes_at_once(engine):
    """The third waits for the first core that is free."""
    result = worked(
        engine,
        {"kind": "lagrange", "inputs": 1, "tasks": 1, "threshold": 1},
        arrivals=[0, 0, 0],
        redundant=[[1, 2, 3]],
        workers=scripted(3, redundant=[[0, 1, 2]]),
        decode=4,
        master={"cores": 2},
    )

    # decodes: 1-5, 2-6, and the one asked for at 3 takes the core that is free at 5: 5-9
    assert requests_of(result) == [(0, 5, "coded"), (0, 6, "coded"), (0, 9, "coded")]


@both_engines
def test_a_queued_decode_that_nobody_needs_is_dropped(engine):
    """A request answered by its own task while its decode waits for the core frees its turn."""
    result = worked(
        engine,
        {"kind": "parity", "inputs": 1},
        arrivals=[0, 0, 0],
        own=[20, 4, 20],
        redundant=[[1, 2, 3]],
        workers=scripted(6, own=[0, 1, 2], redundant=[[3, 4, 5]]),
        decode=4,
        master={"cores": 1},
    )

    # decode 0: 1-5. Decode 1 is asked for at 2, but own 1 answers at 4. Decode 2, asked for at 3,
    # is next at 5: 5-9.
    assert requests_of(result) == [(0, 5, "parity"), (0, 4, "own"), (0, 9, "parity")]


def parity_pair(engine, own, parity, **keys):
    """Two requests at 0 and 1, encode 0.5, decode 1: own tasks on 0 and 1, parity on 2."""
    return worked(
        engine,
        PARITY,
        arrivals=[0, 1],
        own=own,
        redundant=[[parity]],
        workers=fixed(3),
        encode=0.5,
        decode=1,
        **keys,
    )


@both_engines
def test_parity_both_own_on_time(engine):
    """Own answers need no parity; the parity task in service runs on."""
    result = parity_pair(engine, [2, 2], 4)

    assert requests_of(result) == [(0, 2, "own"), (1, 3, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 2, FINISHED),
        1: ("own", 1, 1, 1, 3, FINISHED),
        2: ("parity", 2, 1.5, 1.5, 5.5, FINISHED),
    }


@both_engines
def test_parity_one_late(engine):
    """One own answer and the parity recover the other request, after the decode."""
    result = parity_pair(engine, [2, 20], 4)

    # parity 1.5-5.5, decoded at 6.5
    assert requests_of(result) == [(0, 2, "own"), (1, 6.5, "parity")]
    assert tasks_of(result)[1] == ("own", 1, 1, 1, 21, FINISHED)


@both_engines
def test_parity_needs_two_of_three(engine):
    """The parity alone recovers nothing: both wait for the first own answer."""
    result = parity_pair(engine, [8, 20], 1)

    # parity 1.5-2.5; own 0 done at 8 answers itself, and with the parity request 1 at 9
    assert requests_of(result) == [(0, 8, "own"), (1, 9, "parity")]


@both_engines
def test_parity_an_own_answer_during_the_decode_wins(engine):
    """The decode ends at 6.5; own 1 is done at 6."""
    result = parity_pair(engine, [2, 5], 4)

    assert requests_of(result) == [(0, 2, "own"), (1, 6, "own")]


@both_engines
def test_parity_cancel_running(engine):
    """A late own task stops when the decode ends, the parity task once two others are done."""
    late = parity_pair(engine, [2, 20], 4, cancel="running")
    on_time = parity_pair(engine, [2, 2], 4, cancel="running")

    assert tasks_of(late)[1] == ("own", 1, 1, 1, 6.5, STOPPED)
    assert tasks_of(on_time)[2] == ("parity", 2, 1.5, 1.5, 3, STOPPED)


@both_engines
def test_parity_short_last_group(engine):
    """A group of one closes at the end of arrivals; its parity task is sent, then dropped."""
    result = worked(
        engine,
        PARITY,
        arrivals=[0, 0, 0],
        own=[1, 1, 2],
        redundant=[[4, 9]],
        workers=scripted(4, own=[0, 1, 3], redundant=[[2, 2]]),
    )

    # group 1 = request 2: own task 3 on worker 3, 0-2; the parity task 5 queues on worker 2 behind
    # that of group 0 (0-4) and is dropped at 2
    assert requests_of(result)[2] == (0, 2, "own")
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 1, FINISHED),
        1: ("own", 1, 0, 0, 1, FINISHED),
        2: ("parity", 2, 0, 0, 4, FINISHED),
        3: ("own", 3, 0, 0, 2, FINISHED),
        5: ("parity", 2, 0, None, 2, DROPPED),
    }


@both_engines
def test_parity_of_two_requests_and_a_blank(engine):
    """With two of three places filled, one own answer and the parity recover the other.

    The answer to a blank is known beforehand, so that it counts as an own answer that is in.
    """
    result = worked(
        engine,
        {"kind": "parity", "inputs": 3},
        arrivals=[0, 0],
        own=[1, 20],
        redundant=[[2]],
        workers=scripted(3, own=[0, 1], redundant=[[2]]),
    )

    assert requests_of(result) == [(0, 1, "own"), (0, 2, "parity")]


@both_engines
def test_straggled_is_unknown_without_own_tasks(engine):
    """A coded policy has no own tasks, so that the share of others' answers says nothing."""
    result = three_of_four(engine, "queued")

    assert math.isnan(result.summary().straggled.item())


@both_engines
def test_parity_tasks_have_a_pool_and_a_queue_of_their_own(engine):
    """With shared queues there is one for own and one for parity tasks: nobody helps the other."""
    result = worked(
        engine,
        PARITY,
        arrivals=[0, 0, 0, 0],
        own=[4, 4, 1, 1],
        redundant=[[9, 9]],
        workers={"count": 3, "queue": "shared"},
        redundant_workers=1,
        cancel="running",
    )

    # workers 0 and 1 serve own tasks 0 and 1 until 4, then 3 and 4 (ids) until 5. Worker 2 serves
    # the parity of group 0 (task 2) until both own are done at 4, then that of group 1 until 5.
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 4, FINISHED),
        1: ("own", 1, 0, 0, 4, FINISHED),
        2: ("parity", 2, 0, 0, 4, STOPPED),
        3: ("own", 0, 0, 4, 5, FINISHED),
        4: ("own", 1, 0, 4, 5, FINISHED),
        5: ("parity", 2, 0, 4, 5, STOPPED),
    }


@both_engines
@pytest.mark.parametrize(
    ("policy", "count", "reserved"),
    [
        (PARITY, 18, 6),  # floor(18 x 1 / 3), as in the parity authors' 12 + 6
        (PARITY, 2, 1),  # at least one
        ({"kind": "parity", "inputs": 4, "parities": 2}, 10, 3),  # floor(10 x 2 / 6)
        ({"kind": "collage", "grid": 2}, 12, 2),  # floor(12 x 1 / 5)
    ],
)
def test_redundant_tasks_have_the_highest_numbered_workers(engine, policy, count, reserved):
    """By default max(1, floor(n r / (k + r))) workers serve r redundant tasks for k requests."""
    result = worked(
        engine,
        policy,
        arrivals=list(range(0, 400, 10)),
        own=[1] * 40,
        redundant=[[1] * 20] * policy.get("parities", 1),
        workers={"count": count},
        cancel="never",
    )

    own = {row[1] for row in tasks_of(result).values() if row[0] == "own"}
    redundant = {row[1] for row in tasks_of(result).values() if row[0] != "own"}
    assert max(own) < count - reserved <= min(redundant)


@both_engines
def test_parity_of_a_group_closed_by_the_fill_timeout(engine):
    """A lone request is recovered from its parity alone, since the blank's answer is known."""
    result = worked(
        engine,
        PARITY,
        arrivals=[0, 20],
        own=[9, 1],
        redundant=[[1, 5]],
        workers=fixed(3),
        fill_timeout=2,
        decode=0.5,
    )

    # closed at 2, parity 2-3, decoded at 3.5; request 1 closes its group at 20 and answers itself
    assert requests_of(result) == [(0, 3.5, "parity"), (20, 21, "own")]


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """Three coded tasks, any two of which answer both requests of a group, together."""

    def shape(self) -> Shape:
        """Return the shape, which waits for all tasks, but not beyond 20 s."""
        coded = (Task("coded", release="full"),) * 3
        return Shape(2, coded, (Recovery((0, 1, 2), 2, (0, 1), "coded"),), True, 20.0)


@both_engines
def test_a_coded_group_that_completes_together_waits_for_its_tasks_only(engine):
    """Full at 1; done at 2, 3 and 4: both are answered at 4, long before the deadline of 21.

    There are no own tasks to wait for; the second group, of one request, ends when it closes at 50
    and its tasks are done at 53.
    """
    result = worked(
        engine,
        {"policy": Barrier()},
        arrivals=[0, 1, 50],
        redundant=[[1, 1], [2, 2], [3, 3]],
        workers=fixed(3),
    )

    assert requests_of(result) == [(0, 4, "coded"), (1, 4, "coded"), (50, 53, "coded")]

"""Where the time of a request went, worked by hand for every kind of policy, on both engines.

Own task i goes to worker i, the redundant ones to those after. Parts that take no time are left
out of what is compared.
"""

import numpy as np
import pytest
from worked import both_engines, fixed, written

from strag_sim import engines, plan
from strag_sim.statistics import attribution
from strag_sim.statistics.attribution import PARTS, attribute
from strag_sim.tables import LATER


def parts_of(engine, policy, **keys):
    """Return, request by request, the parts that take any time."""
    (setup,) = written(policy, **keys).setups()
    drawn = plan.draw(setup, 0)
    found = attribute(drawn, engines.run(engine, drawn, True))
    return [{part: t for part, t in zip(PARTS, row, strict=True) if t} for row in found.tolist()]


def of_the_last(layout, recovery, groups, credited, of):
    """Tell of the task whose result is the last that is needed, not the first."""
    _, met = RIGHT["_met"](layout, recovery, groups, credited, of)
    return credited[of].argmax(axis=1), met


def closed_by_arrivals(plan, outcome):
    """Forget that a group may be closed by its timeout."""
    right = RIGHT["_groups"](plan, outcome)
    return right._replace(full=outcome.arrival[right.first + right.members - 1])


def without_blanks(layout, recovery, groups, *others):
    """Wait for the results of places that nobody has."""
    return RIGHT["_met"](layout, recovery, groups._replace(members=groups.members + 9), *others)


def never_slow(plan, outcome, *others):
    """Take all of a service for unslowed."""
    log = outcome.log._replace(unslowed=outcome.log.service)
    return RIGHT["_parts"](plan, outcome._replace(log=log), *others)


RIGHT = {name: getattr(attribution, name) for name in ("_met", "_groups", "_parts")}


@both_engines
def test_a_single_worker_and_its_network(engine):
    """Requests at 0 and 1, sizes 4 and 2; a second on the way there, a half on the way back.

    The first joins at 1, is served till 5 and back at 5.5. The second joins at 2, waits till 5,
    is served till 7 and back at 7.5.
    """
    network = {"to_worker": 1, "from_worker": 0.5}

    assert parts_of(
        engine,
        {"kind": "none"},
        arrivals=[0, 1],
        own=[4, 2],
        workers={"count": 1},
        network=network,
    ) == [{"network": 1.5, "service": 4}, {"network": 1.5, "queue": 3, "service": 2}]


@both_engines
def test_slow_workers(engine):
    """Size 2 on workers of speed 1, 2 and 1 with the factors 3, 2 and 0.5.

    2 s of service are slowed to 6 s, 1 s to 2 s; the third worker is faster than it should be, so
    that its service takes 1 s and nothing is slowdown.
    """
    groups = [{"count": 1}, {"count": 1, "speed": 2}, {"count": 1}]

    assert parts_of(
        engine,
        {"kind": "none"},
        arrivals=[0, 0, 0],
        own=[2, 2, 2],
        workers={"groups": groups, "placement": {"kind": "scripted", "own": [0, 1, 2]}},
        slowdown=[{"kind": "fixed", "factors": [3, 2, 0.5]}],
    ) == [{"service": 2, "slowdown": 4}, {"service": 1, "slowdown": 1}, {"service": 1}]


@both_engines
def test_seconds_that_are_added(engine):
    """Under ``sum`` a service of 2 s takes 1.5 s more: these are the slowdown."""
    assert parts_of(
        engine,
        {"kind": "none"},
        arrivals=[0],
        own=[2],
        workers={"count": 1},
        slowdown=[{"kind": "fixed", "factors": [1.5]}],
        combine="sum",
    ) == [{"service": 2, "slowdown": 1.5}]


@both_engines
def test_clients_of_a_closed_loop(engine):
    """Two clients send at 0, sizes 2 and 1; a second after their answers, at 3 and 4, again.

    The second waits for the first, 2 s. The third, sent at 3, takes 3 s; the fourth, sent at 4,
    waits till 6.
    """
    assert parts_of(
        engine,
        {"kind": "none"},
        arrivals={"kind": "closed", "clients": 2, "think": 1},
        own=[2, 1, 3, 1],
        workers={"count": 1},
        requests=4,
    ) == [{"service": 2}, {"queue": 2, "service": 1}, {"service": 3}, {"queue": 2, "service": 1}]


@both_engines
def test_replication(engine):
    """The first copy to be back counts, with its own queue and service.

    Request 0: own 4, copy 3: the copy, at 3. Request 1 at 1: its own task waits till 4 and takes
    4 s, its copy waits from 1 to 3 and takes 1 s: the copy, at 4.
    """
    assert parts_of(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0, 1],
        own=[4, 4],
        redundant=[[3, 1]],
        workers=fixed(2),
    ) == [{"service": 3}, {"queue": 2, "service": 1}]


@both_engines
def test_hedge(engine):
    """A hedge 2 s after its request takes 3 s, well before its own task; the other needs none."""
    assert parts_of(
        engine,
        {"kind": "hedge", "delay": 2},
        arrivals=[0, 20],
        own=[10, 1],
        redundant=[[3, 1]],
        workers=fixed(2),
    ) == [{"delay": 2, "service": 3}, {"service": 1}]


@both_engines
def test_relaunch(engine):
    """Attempts of 10 s are given up after 2 s each; the third, sent at 4, takes 1 s."""
    assert parts_of(
        engine,
        {"kind": "relaunch", "timeout": 2, "attempts": 3},
        arrivals=[0],
        own=[10],
        redundant=[[10], [1]],
        workers=fixed(3),
    ) == [{"delay": 4, "service": 1}]


@both_engines
def test_collage(engine):
    """Requests at 0, 1, 2, 3; the collage is encoded till 3.5, served till 5.5, decoded till 5.75.

    The own tasks of 0 and 1 are late. That of 2 ends at 5.625, while the collage is decoded, and
    that of 3 at 5.25: both answer.
    """
    assert parts_of(
        engine,
        {"kind": "collage", "grid": 2},
        arrivals=[0, 1, 2, 3],
        own=[9, 9, 3.625, 2.25],
        redundant=[[2]],
        workers=fixed(5),
        encode=0.5,
        decode=0.25,
    ) == [
        {"forming": 3, "encode": 0.5, "service": 2, "decode": 0.25},
        {"forming": 2, "encode": 0.5, "service": 2, "decode": 0.25},
        {"service": 3.625},
        {"service": 2.25},
    ]


def authors(engine, own, *redundant, resend=True):
    """Attribute four requests at 0, 1, 2, 3 under the collage authors' rule, timeout 4."""
    return parts_of(
        engine,
        {"kind": "collage", "grid": 2, "use": "timeout", "timeout": 4, "resend": resend},
        arrivals=[0, 1, 2, 3],
        own=own,
        redundant=[[size] for size in redundant],
        workers=fixed(5),
        encode=0.5,
        decode=0.5,
    )


@both_engines
def test_a_group_that_completes_together(engine):
    """All are on time, the last at 5: the others wait for it, and for the group to fill."""
    assert authors(engine, [1, 1, 1, 2], 1) == [
        {"service": 1, "waiting": 4},
        {"service": 1, "waiting": 3},
        {"service": 1, "waiting": 2},
        {"service": 2},
    ]


@both_engines
def test_a_group_filled_in_from_its_collage(engine):
    """The collage is back at 5.5; at 7, the timeout, it stands in for image 0, decoded at 7.5.

    The other images have been there since 2, 3 and 4: they need no decode, and wait for it.
    """
    assert authors(engine, [20, 1, 1, 1], 2) == [
        {"forming": 3, "encode": 0.5, "service": 2, "waiting": 1.5, "decode": 0.5},
        {"service": 1, "waiting": 5.5},
        {"service": 1, "waiting": 4.5},
        {"service": 1, "waiting": 3.5},
    ]


@both_engines
def test_a_resend(engine):
    """The collage is late too: image 0 is sent anew at 7, 4 s after the group was full, to 8.5."""
    assert authors(engine, [20, 1, 1, 1], 20, 1.5) == [
        {"forming": 3, "delay": 4, "service": 1.5},
        {"service": 1, "waiting": 6.5},
        {"service": 1, "waiting": 5.5},
        {"service": 1, "waiting": 4.5},
    ]


@both_engines
def test_a_late_collage_without_resend(engine):
    """It is back at 8.5, after the timeout at 7, and decoded at 9."""
    found = authors(engine, [20, 1, 1, 1], 5, resend=False)

    assert found[0] == {"forming": 3, "encode": 0.5, "service": 5, "decode": 0.5}
    assert found[3] == {"service": 1, "waiting": 5}


@both_engines
def test_mds(engine):
    """Any two of three: sent at 1.5, back at 2.5 and 4.5, decoded at 4.75."""
    after = {"encode": 0.5, "service": 1, "waiting": 2, "decode": 0.25}

    assert parts_of(
        engine,
        {"kind": "mds", "inputs": 2, "tasks": 3},
        arrivals=[0, 1],
        redundant=[[1], [4], [3]],
        workers=fixed(3),
        encode=0.5,
        decode=0.25,
    ) == [{"forming": 1, **after}, after]


@both_engines
def test_lagrange_encoded_by_its_workers(engine):
    """Encoding is then part of each task's size: 1.5 s of service, and 3.5 s for the second."""
    assert parts_of(
        engine,
        {"kind": "lagrange", "inputs": 1, "tasks": 3, "threshold": 2, "encode_at": "workers"},
        arrivals=[0],
        redundant=[[1], [4], [3]],
        workers=fixed(3),
        encode=0.5,
    ) == [{"service": 1.5, "waiting": 2}]


@both_engines
def test_berrut_and_a_master_with_one_core(engine):
    """Two groups of two at 0, any two of three tasks of 1 s; a second to encode, two to decode.

    Group 0 is encoded till 1 and back at 2; group 1 is encoded till 2. The core decodes group 0
    from 2 to 4, so that group 1, back at 3, is decoded from 4 to 6: its encode took 2 s with the
    wait for the core, its decode 3.
    """
    assert (
        parts_of(
            engine,
            {"kind": "berrut", "inputs": 2, "stragglers": 1},
            arrivals=[0, 0, 0, 0],
            redundant=[[1, 1]] * 3,
            workers=fixed(3),
            encode=1,
            decode=2,
            master={"cores": 1},
        )
        == [{"encode": 1, "service": 1, "decode": 2}] * 2
        + [{"encode": 2, "service": 1, "decode": 3}] * 2
    )


@both_engines
def test_parity_for_the_first_of_two(engine):
    """Own 0 is late; own 1, sent at 1, is back at 2 and the parity, sent at 1, at 3.

    The first result of request 0 is that of own 1: a second until it could be sent, one of
    service, and one for the parity.
    """
    found = parity(engine, own=[9, 1])

    assert found == [
        {"forming": 1, "service": 1, "waiting": 1, "decode": 0.5},
        {"service": 1},
    ]


@both_engines
def test_parity_for_the_second_of_two(engine):
    """Own 0 is back at 1, when request 1 arrives, so that all of its time is waiting, till 3."""
    assert parity(engine, own=[1, 9]) == [{"service": 1}, {"waiting": 2, "decode": 0.5}]


def parity(engine, own):
    """Attribute two requests, at 0 and 1, with a parity of 2 s, decoded for 0.5 s."""
    return parts_of(
        engine,
        {"kind": "parity", "inputs": 2},
        arrivals=[0, 1],
        own=own,
        redundant=[[2]],
        workers=fixed(3),
        decode=0.5,
    )


@both_engines
def test_short_groups(engine):
    """Three inputs, but a group is closed 2 s after its first request, and by the last arrival.

    Requests 0 and 1, at 0 and 0.5, are sent at 2; request 2, the last of all, at once.
    """
    assert parts_of(
        engine,
        {"kind": "mds", "inputs": 3, "tasks": 3},
        arrivals=[0, 0.5, 10],
        redundant=[[1, 1], [1, 1], [2, 2]],
        workers=fixed(3),
        fill_timeout=2,
    ) == [
        {"forming": 2, "service": 1, "waiting": 1},
        {"forming": 1.5, "service": 1, "waiting": 1},
        {"service": 1, "waiting": 1},
    ]


@both_engines
def test_a_blank_counts_from_when_its_group_is_closed(engine):
    """Parity of three, two requests at 0 and 0.5, closed at 2: the third result is known then.

    Own 0 is back at 1, the blank known at 2, the parity back at 3.5: these three answer request 1
    after a decode of 0.5. Its first half second was own 0's service.
    """
    assert parts_of(
        engine,
        {"kind": "parity", "inputs": 3},
        arrivals=[0, 0.5, 30],
        own=[1, 20, 1],
        redundant=[[1.5, 9]],
        workers=fixed(4),
        fill_timeout=2,
        decode=0.5,
    )[:2] == [{"service": 1}, {"service": 0.5, "waiting": 2.5, "decode": 0.5}]


@both_engines
def test_a_cancel_that_is_late(engine):
    """The copy of request 0 goes on until its cancel arrives, and request 1 queues behind it.

    Own 0 is back at 1; the cancel reaches its copy at 3, and frees the worker for the copy of
    request 1, which takes 1 s; own 1 waits for nobody and takes 9 s.
    """
    assert parts_of(
        engine,
        {"kind": "replication", "copies": 2},
        arrivals=[0, 1],
        own=[1, 9],
        redundant=[[8, 1]],
        workers=fixed(2),
        cancel="running",
        cancel_delay=2,
    ) == [{"service": 1}, {"queue": 2, "service": 1}]


# What is planted in the module, and the case that must then fail.
FAULTS = {
    "the last result instead of the first": ("_met", of_the_last, test_mds),
    "blanks that are waited for": (
        "_met",
        without_blanks,
        test_a_blank_counts_from_when_its_group_is_closed,
    ),
    "groups that never time out": ("_groups", closed_by_arrivals, test_short_groups),
    "slowness that counts as service": ("_parts", never_slow, test_slow_workers),
    "a network that takes no time": (
        "_flight",
        lambda *others: np.zeros(np.broadcast_shapes(*(x.shape for x in others[-2:]))),
        test_a_single_worker_and_its_network,
    ),
    "groups that do not wait for each other": (
        "_ready",
        lambda layout, groups, credited, answers, completion: answers.met,
        test_a_group_filled_in_from_its_collage,
    ),
    "encoding that is a delay": ("ENCODED", LATER, test_mds),
    "tasks that were stopped": ("SPARE", 99, test_relaunch),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_case(name, monkeypatch):
    """A wrong attribution is told from the right one: the case passes, and then fails."""
    place, broken, case = FAULTS[name]

    case("compiled")
    monkeypatch.setattr(attribution, place, broken)
    with pytest.raises(AssertionError):
        case("compiled")

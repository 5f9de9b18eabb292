"""Hand-worked cases of closed loops: clients, thinking, rounds."""

from worked import FINISHED, STOPPED, both_engines, fixed, requests_of, tasks_of, worked


def closed(clients, **keys):
    """Return closed arrivals."""
    return {"kind": "closed", "clients": clients, **keys}


@both_engines
def test_two_clients_who_think(engine):
    """A client sends its next request a think time after its answer."""
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=closed(2, think=1),
        own=[2, 1, 3, 1],
        workers={"count": 1},
        requests=4,
    )

    # both send at 0: 0-2 and 2-3. Client 0 sends at 2 + 1 = 3: 3-6; client 1 at 3 + 1 = 4: 6-7.
    assert requests_of(result) == [(0, 2, "own"), (0, 3, "own"), (3, 6, "own"), (4, 7, "own")]


@both_engines
def test_a_client_who_does_not_think(engine):
    """The next request is sent in the instant of the answer."""
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=closed(1),
        own=[2, 1, 3],
        workers={"count": 1},
        requests=3,
    )

    assert requests_of(result) == [(0, 2, "own"), (2, 3, "own"), (3, 6, "own")]


@both_engines
def test_barrier_sends_whole_groups(engine):
    """A round is a group: the next goes when the last of it is answered and thought about."""
    result = worked(
        engine,
        {"kind": "parity", "inputs": 2},
        arrivals=closed(1, think=1, barrier=True),
        own=[2, 5, 1, 1],
        redundant=[[9, 9]],
        workers=fixed(3),
        requests=4,
        cancel="running",
    )

    # round 0: answers at 2 and 5, where the parity stops; round 1 at 5 + 1 = 6: both at 7
    assert requests_of(result) == [(0, 2, "own"), (0, 5, "own"), (6, 7, "own"), (6, 7, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 0, 2, FINISHED),
        1: ("own", 1, 0, 0, 5, FINISHED),
        2: ("parity", 2, 0, 0, 5, STOPPED),
        3: ("own", 0, 6, 6, 7, FINISHED),
        4: ("own", 1, 6, 6, 7, FINISHED),
        5: ("parity", 2, 6, 6, 7, STOPPED),
    }


@both_engines
def test_barrier_with_the_collage_authors_rule(engine):
    """The authors' master: a round completes together, and the next starts at that instant."""
    result = worked(
        engine,
        {"kind": "collage", "grid": 2, "use": "timeout", "timeout": 5},
        arrivals=closed(1, barrier=True),
        own=[1, 2, 9, 2, 1, 1, 1, 2],
        redundant=[[4, 3]],
        workers=fixed(5),
        requests=8,
    )

    # round 0: image 2 is late at 5 and filled. Round 1 from 5 on: image 2 waits behind the late
    # task (0-9) on worker 2: 9-10, on time (5 + 5 = 10): all in at 10.
    assert [row[:2] for row in requests_of(result)] == [(0, 5)] * 4 + [(5, 10)] * 4
    assert [row[2] for row in requests_of(result)] == ["own", "own", "collage", "own"] + ["own"] * 4


@both_engines
def test_fewer_clients_than_a_group(engine):
    """With fewer clients than places only the fill timeout closes a group."""
    result = worked(
        engine,
        {"kind": "mds", "inputs": 2, "tasks": 3},
        arrivals=closed(1),
        redundant=[[1, 1, 1], [2, 1, 1], [3, 1, 1]],
        workers=fixed(3),
        requests=3,
        fill_timeout=2,
        cancel="running",
    )

    # request 0: closed at 2, the second of three tasks at 4. Request 1, sent at 4: closed at 6,
    # answered at 7. Request 2, sent at 7, is the last: closed at once, answered at 8.
    assert requests_of(result) == [(0, 4, "coded"), (4, 7, "coded"), (7, 8, "coded")]


@both_engines
def test_rounds_of_several_requests(engine):
    """A barrier of three requests without a code: the next three go when all three are answered."""
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=closed(1, barrier=3),
        own=[1, 4, 2, 1, 1, 1],
        workers={"count": 3, "queue": "shared"},
        requests=6,
    )

    assert requests_of(result) == [
        (0, 1, "own"),
        (0, 4, "own"),
        (0, 2, "own"),
        (4, 5, "own"),
        (4, 5, "own"),
        (4, 5, "own"),
    ]


@both_engines
def test_two_clients_with_rounds(engine):
    """Each sends a round of its own; groups fill in order of arrival."""
    result = worked(
        engine,
        {"kind": "mds", "inputs": 2, "tasks": 2},
        arrivals=closed(2, barrier=True),
        redundant=[[1, 3, 1, 1], [2, 4, 1, 1]],
        workers={
            "count": 4,
            "placement": {"kind": "scripted", "redundant": [[0, 2] * 2, [1, 3] * 2]},
        },
        requests=8,
    )

    # client 0 on workers 0 and 1: 0-2; client 1 on 2 and 3: 0-4. Client 0 again, group 2: 2-3; then
    # its next round, group 3, on workers 2 and 3, which are busy until 3 and 4: 3-4 and 4-5
    assert [row[:2] for row in requests_of(result)] == [(0, 2)] * 2 + [(0, 4)] * 2 + [
        (2, 3),
        (2, 3),
        (3, 5),
        (3, 5),
    ]

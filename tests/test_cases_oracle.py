"""Hand-worked cases of the clairvoyant bound."""

import pytest
from payloads import TwoOfThree
from worked import both_engines, fixed, scripted

import strag_sim
from strag_sim.plan import ideal as ideals
from strag_sim.simulate import bound as bounds


def answers(engine, policies, *, arrivals, own=None, redundant=(), workers, **keys):
    """Return label -> (completion, path) of each request, of the policies and of their oracle."""
    service = {"kind": "scripted"}
    service |= {"own": own} if own else {}
    service |= {"redundant": redundant} if redundant else {}
    scenario = {
        "runs": 1,
        "arrivals": {"kind": "trace", "times": arrivals},
        "service": service,
        "workers": workers,
        "policies": [*policies, {"kind": "oracle"}],
        **keys,
    }
    rows = strag_sim.simulate(strag_sim.load(scenario), engine=engine, record="requests")
    found = {}
    for row in rows.requests().itertuples():
        found.setdefault(str(row.label), []).append((float(row.completion), str(row.path)))
    return found


@both_engines
def test_nobody_waits(engine):
    """Three requests to one worker: each would take its size."""
    found = answers(
        engine, [{"kind": "none"}], arrivals=[0, 0, 1], own=[4, 2, 3], workers={"count": 1}
    )

    assert found["none"] == [(4, "own"), (6, "own"), (9, "own")]
    assert found["oracle"] == [(4, "none: own"), (2, "none: own"), (4, "none: own")]


@both_engines
def test_the_best_policy_for_each_request(engine):
    """Two copies: the first request has a short one, the second a short own task."""
    found = answers(
        engine,
        [{"kind": "none"}, {"kind": "replication", "copies": 2, "label": "two"}],
        arrivals=[0, 1],
        own=[6, 3],
        redundant=[[2, 5]],
        workers=scripted(2, own=[0, 1], redundant=[[1, 0]]),
    )

    # Under replication worker 1 has the copy of request 0 until 2, and then own 1 until 5.
    assert found["two"] == [(2, "copy"), (5, "own")]
    # min(6, 2) from 0, and min(3, 5) from 1, where the first of two that are equal is named.
    assert found["oracle"] == [(2, "two: copy"), (4, "none: own")]


@both_engines
def test_a_hedge_comes_as_late_as_it_does(engine):
    """No clairvoyance about workers sends a hedge before its delay."""
    found = answers(
        engine,
        [{"kind": "hedge", "delay": 2, "label": "hedge"}],
        arrivals=[0, 10, 20],
        own=[6, 2, 2.5],
        redundant=[[1, 1, 1]],
        workers={"count": 2},
    )

    # The hedge is sent at 2 and ends at 3; at 12 an own task ends just then; at 22.5 comes before
    # the end of the hedge.
    paths = [(3, "hedge"), (12, "own"), (22.5, "own")]
    assert found["hedge"] == paths
    assert found["oracle"] == [(time, f"hedge: {path}") for time, path in paths]


@both_engines
def test_an_attempt_is_stopped_on_the_best_worker_too(engine):
    """A relaunch waits for its timeout; an attempt that ends just then has ended."""
    found = answers(
        engine,
        [{"kind": "relaunch", "timeout": 2, "label": "again"}],
        arrivals=[0, 0],
        own=[3, 2],
        redundant=[[1, 9]],
        workers=scripted(1, own=[0, 0], redundant=[[0, 0]]),
    )

    # Own 0 runs until its timeout, own 1 queues until then and is stopped; then 1 s and 9 s.
    assert found["again"] == [(3, "relaunch"), (12, "relaunch")]
    assert found["oracle"] == [(3, "again: relaunch"), (2, "again: own")]


@both_engines
def test_collage(engine):
    """Four images and their collage, which is encoded when the last has come, and decoded."""
    found = answers(
        engine,
        [{"kind": "collage", "grid": 2, "label": "collage"}],
        arrivals=[0, 1, 2, 3],
        own=[10, 1, 1, 1],
        redundant=[[2]],
        workers={"count": 2, "placement": "fixed"},
        encode=1,
        decode=0.5,
        master={"cores": 1},
    )

    # Full at 3, encoded at 4, collage done at 6, decoded at 6.5.
    assert found["oracle"] == [
        (6.5, "collage: collage"),
        (2, "collage: own"),
        (3, "collage: own"),
        (4, "collage: own"),
    ]
    # Images 0 and 2 and the collage, of which the last waits until 11, share worker 0.
    assert found["collage"] == [(10, "own"), (2, "own"), (11, "own"), (4, "own")]


@both_engines
def test_any_two_of_three(engine):
    """A group of two waits for its second request and for the second of three tasks."""
    found = answers(
        engine,
        [{"kind": "mds", "inputs": 2, "tasks": 3, "label": "mds"}],
        arrivals=[0, 1],
        redundant=[[5], [2], [3]],
        workers={"count": 1},
        encode=0.5,
        decode=1,
    )

    # Full at 1, released at 1.5; one after the other the tasks end at 6.5, 8.5 and 11.5; side by
    # side the second ends at 1.5 + 3.
    assert found["mds"] == [(9.5, "coded")] * 2
    assert found["oracle"] == [(5.5, "mds: coded")] * 2


@both_engines
def test_the_best_worker_at_its_best(engine, tmp_path):
    """The fastest worker, and the least slowness of any worker at any time.

    Worker 0 is slow by 10 until 2 and then not. What is sent at 0 and waits until 2.5 ends at 3.5,
    sooner than 10 s, which the best worker would take that starts at once.
    """
    (tmp_path / "slow.csv").write_text("w\n10\n1\n1\n1\n1\n1\n1\n1\n")
    slow = {"kind": "replay", "path": str(tmp_path / "slow.csv"), "by": "time", "interval": 2}
    one = answers(
        engine,
        [{"kind": "none"}],
        arrivals=[0, 0],
        own=[0.25, 1],
        workers={"count": 1},
        slowdown=[slow],
    )
    two = answers(
        engine,
        [{"kind": "none"}],
        arrivals=[0, 20],
        own=[4, 8],
        workers={"placement": "fixed", "groups": [{"count": 1}, {"count": 1, "speed": 2}]},
        slowdown=[{"kind": "fixed", "factors": [2, 3]}],
    )

    assert one["none"] == [(2.5, "own"), (3.5, "own")]
    assert one["oracle"] == [(0.25, "none: own"), (1, "none: own")]
    # All tasks go to worker 0; the bound is that of the faster worker and of the lesser factor.
    assert two["none"] == [(8, "own"), (36, "own")]
    assert two["oracle"] == [(4, "none: own"), (28, "none: own")]


def late_collage(engine):
    """A decode that lasts, and a resend that is sooner than it: the bound is the timeout.

    Image 1 is late on any worker. Its collage waits for that of image 0 and is late as well, so
    the image is sent anew at 2 and done at 3 or, behind the collages, at 4. Alone, the collage
    would have been on time, and its decode have lasted until 12.
    """
    found = answers(
        engine,
        [{"kind": "collage", "grid": 1, "use": "timeout", "timeout": 2, "label": "collage"}],
        arrivals=[0, 0],
        own=[1, 5],
        redundant=[[1.5, 1.5], [9, 1]],
        workers=fixed(3),
        decode=10,
    )

    assert found["collage"] in ([(1.5, "own"), (time, "resend")] for time in (3, 4))
    assert found["oracle"] == [(1.5, "collage: own"), (2, "collage: collage")]


@both_engines
def test_a_resend_may_come_before_a_decode(engine):
    """A group that completes together may be decoded later than it would be sent anew."""
    late_collage(engine)


def a_copy_on_an_idle_worker(engine):
    """Cancel on start: the copy that starts first may be the shorter or the longer one.

    Worker 0 is busy until 1, so that the copy of request 1 starts first and its own task is
    dropped; were worker 0 idle, its own task would start first and the copy be dropped.
    """
    found = answers(
        engine,
        [{"kind": "replication", "copies": 2, "label": "two"}],
        arrivals=[0, 0.5],
        own=[1, 6],
        redundant=[[1, 2]],
        workers=scripted(3, own=[0, 0], redundant=[[2, 1]]),
        cancel="on-start",
    )

    assert found["two"] == [(1, "own"), (2.5, "copy")]
    assert found["oracle"] == [(1, "two: own"), (2.5, "two: copy")]


@both_engines
def test_nothing_is_cancelled(engine):
    """Of tasks that all start at once none may be dropped for another that started."""
    a_copy_on_an_idle_worker(engine)


@pytest.mark.parametrize(
    ("case", "change"),
    [
        (late_collage, lambda best, plan: best._replace(draws=plan.draws)),
        (
            a_copy_on_an_idle_worker,
            lambda best, plan: best._replace(
                protocol=best.protocol._replace(cancel=plan.protocol.cancel)
            ),
        ),
    ],
)
def test_what_else_an_ideal_plan_leaves_out_matters(case, change, monkeypatch):
    """Negative controls: with the decodes, or the cancels, of the plan there is no bound."""
    case("compiled")
    monkeypatch.setattr(bounds, "ideal", lambda plan: change(ideals.ideal(plan), plan))
    with pytest.raises(AssertionError):
        case("compiled")


@both_engines
def test_transfers_and_coding_bound_too(engine):
    """The bound keeps what is sent and encoded; it only waits for no core of the master."""
    coded = {"policy": TwoOfThree(), "label": "coded"}
    found = answers(
        engine,
        [coded],
        arrivals=[0, 0, 0, 0],
        redundant=[[1, 1], [1, 1], [9, 9]],
        workers={"count": 6, "queue": "shared"},
        input={"numbers": 8, "answers": 2},
        network={"bandwidth": "8 B/s"},
        master={"cores": 1, "rate": 40},
        decode=0,
    )

    # encoded in 2 s, the second group at 4; 36 bytes take 4.5 s, 8 bytes back take 1 s
    assert found["coded"] == [(8.5, "coded")] * 2 + [(10.5, "coded")] * 2
    assert found["oracle"] == [(8.5, "coded: coded")] * 4

"""Where the time of requests of several segments went: worked by hand, and that parts add up."""

from dataclasses import replace

import numpy as np
import pytest
from allotted import allotted
from ensemble_scenarios import devices
from worked import both_engines

from strag_sim import engines, plan
from strag_sim.ensembles.devices import Device
from strag_sim.scenario import load
from strag_sim.setup import Job
from strag_sim.statistics import attribution
from strag_sim.statistics.attribution import PARTS, attribute, attributed
from strag_sim.statistics.jobs import by_request

TWO = Job(segments=2)


def run(engine, setup):
    """Return a plan and its outcome, with the log of its tasks."""
    drawn = plan.draw(setup, 0)
    return drawn, engines.run(engine, drawn, True)


def parts_of(engine, setup):
    """Return, request by request, the parts that take any time."""
    found = attribute(*run(engine, setup), setup.job)
    return [{part: t for part, t in zip(PARTS, row, strict=True) if t} for row in found.tolist()]


@both_engines
def test_the_time_of_a_job_is_that_of_its_last_segment(engine):
    """At 0 segments of 2 and 1 s on one instance, at 1 of 3 and 1 s: the last end at 3 and 7.

    The first job's last waits 2 s, the second's from 1 till 6.
    """
    setup = allotted([("red", 0, 1)], sizes=[[2, 1, 3, 1]], arrivals=[0, 1], job=TWO)

    assert parts_of(engine, setup) == [{"queue": 2, "service": 1}, {"queue": 5, "service": 1}]


@both_engines
def test_answers_in_order_wait(engine):
    """On two instances, 5 and 1 s at 0, 1 and 1 s at 1: the second job is ready at 3, leaves at 5.

    Its last segment waits on the second instance till 2.
    """
    on = [("red", 0, 1), ("red", 1, 1)]
    job = replace(TWO, in_order=True)
    setup = allotted(on, sizes=[[5, 1, 1, 1]], arrivals=[0, 1], job=job)

    assert parts_of(engine, setup) == [{"service": 5}, {"queue": 1, "service": 1, "waiting": 2}]
    single = allotted(on, sizes=[[5, 1]], arrivals=[0, 1], job=Job(in_order=True))
    assert parts_of(engine, single) == [{"service": 5}, {"service": 1, "waiting": 3}]


@both_engines
def test_members_that_slow_each_other(engine):
    """Red takes 4 s alone, green begins beside it and takes 1.5 times 2 s; 1 s is slowdown.

    The first result, green's at 3, tells the time up to it; what follows is waiting for red's.
    """
    device = Device(memory=1, slots=2, interference=(1.0, 1.5))
    on = [("red", 0, 1), ("green", 0, 1)]
    setup = allotted(on, sizes=[[4], [2]], arrivals=[0], devices=[device])

    assert parts_of(engine, setup) == [{"service": 2, "slowdown": 1, "waiting": 1}]


@both_engines
def test_sums_are_over_measured_jobs(engine):
    """A job of warm-up is left out with both its segments; above the median is the longer one."""
    setup = allotted(
        [("red", 0, 1)],
        sizes=[[9, 9, 1, 2, 3, 4]],
        arrivals=[0, 20, 30],
        job=TWO,
        warm_up=1,
    )
    found = attributed(*run(engine, setup), TWO, level=0.5)

    assert found.requests.tolist() == [1, 2]
    assert found.seconds.sum(axis=1).tolist() == [7, 10]
    assert found.seconds[:, PARTS.index("queue")].tolist() == [3, 4]


@pytest.mark.parametrize("in_order", [False, True])
@pytest.mark.parametrize("seed", range(3))
@both_engines
def test_parts_of_jobs_add_up(engine, seed, in_order):
    """Whatever policy, on devices and on workers: parts are not negative and sum to responses."""
    changes = {"seed": seed, "arrivals__rate": 60, "job__in_order": in_order, "decode": 0.001}
    document = devices(**changes, network={"to_worker": 0.001, "from_worker": 0.002})
    document["policies"] += [{"kind": "mds", "inputs": 2, "tasks": 3}, {"kind": "hedge"}]
    document["policies"][-1]["delay"] = "5 ms"
    for setup in load(document).setups():
        drawn, outcome = run(engine, setup)
        parts, whole = attribute(drawn, outcome, setup.job), by_request(outcome, setup.job)

        assert parts.shape == (50, len(PARTS))
        assert (parts >= 0).all()
        assert parts.sum(axis=1) == pytest.approx(whole.completion - whole.arrival)


FAULTS = {
    "the time of the first segment": (
        "last_segments",
        lambda completion, job: np.arange(0, completion.size, job.segments),
        test_the_time_of_a_job_is_that_of_its_last_segment,
    ),
    "answers that do not wait": (
        "by_request",
        lambda outcome, job: by_request(outcome, replace(job, in_order=False)),
        test_answers_in_order_wait,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_its_case(fault, monkeypatch):
    """A case passes, and with one rule broken it fails."""
    name, broken, case = FAULTS[fault]

    case("compiled")
    monkeypatch.setattr(attribution, name, broken)
    with pytest.raises(AssertionError):
        case("compiled")

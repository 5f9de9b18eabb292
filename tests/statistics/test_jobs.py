"""Requests of several segments, worked by hand: what a client sees of them, and what is counted."""

from collections import Counter
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from allotted import allotted
from ensemble_scenarios import devices
from worked import both_engines

import strag_sim
from strag_sim import engines, plan
from strag_sim.accuracies import read_accuracy
from strag_sim.arrivals import Closed
from strag_sim.errors import ScenarioError
from strag_sim.scenario import load
from strag_sim.setup import Job
from strag_sim.statistics import facts, jobs, measure, runs
from strag_sim.tables import Outcome

TWO = Job(segments=2)
ONE_INSTANCE = [("red", 0, 1)]
TWO_INSTANCES = [("red", 0, 1), ("red", 1, 1)]
MEMBERS = ("one", "two", "three", "four", "five")
TABLE = "digits-ensemble-5-average"


def measured(engine, setup):
    """Return what is kept of a run, its requests recorded."""
    drawn = plan.draw(setup, 0)
    return measure(engines.run(engine, drawn), setup, facts(drawn).paths, "requests")


def outcome(arrival, completion, path, returned):
    """Return an outcome of segments, of which only these columns matter."""
    count = len(arrival)
    return Outcome(
        code=0,
        arrival=np.array(arrival, float),
        completion=np.array(completion, float),
        path=np.array(path, np.int16),
        group=np.arange(count, dtype=np.int32),
        totals=np.zeros(3),
        window=np.zeros(2),
        measured=count,
        log=None,
        returned=np.array(returned),
    )


def test_a_request_is_its_last_segment():
    """Of three segments each the second and, of two that are equally late, the first."""
    found = jobs.by_request(
        outcome([0, 0, 0, 1, 1, 1], [2, 5, 4, 6, 3, 6], [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]),
        Job(segments=3),
    )

    assert found.arrival.tolist() == [0, 1]
    assert found.completion.tolist() == [5, 6]
    assert (found.path.tolist(), found.returned.tolist()) == ([1, 3], [2, 4])
    assert found.group.tolist() == [0, 3]
    assert jobs.mean_by_request(np.array([0.5, 1, 1, 0]), TWO).tolist() == [0.75, 0.5]


def test_answers_in_order_leave_when_all_before_have():
    """The second and the third are ready at 3 and 7; they leave at 5, with the first, and at 7."""
    late = outcome([0, 0, 1, 1, 2, 2], [5, 1, 2, 3, 7, 4], [0, 1, 2, 3, 4, 5], [0] * 6)

    free, kept = (jobs.by_request(late, replace(TWO, in_order=order)) for order in (False, True))
    assert free.completion.tolist() == [5, 3, 7]
    assert kept.completion.tolist() == [5, 5, 7]
    assert free.path.tolist() == kept.path.tolist() == [0, 3, 4]
    single = outcome([0, 1, 2], [5, 3, 7], [0, 0, 0], [0, 0, 0])
    assert jobs.by_request(single, Job(in_order=True)).completion.tolist() == [5, 5, 7]


@both_engines
def test_jobs_on_one_instance(engine):
    """At 0 segments of 2 and 1 s, till 2 and 3; at 1 of 3 and 1 s, till 6 and 7: 3.5 s a request.

    Both arrive within 1 s, of which the instance is busy.
    """
    found = measured(engine, allotted(ONE_INSTANCE, sizes=[[2, 1, 3, 1]], arrivals=[0, 1], job=TWO))

    assert found.response.tolist() == [3, 6]
    assert (found.mean, found.count, found.measured) == (4.5, 2, 2)
    assert found.answers.tolist()[0] == 4
    assert found.totals.tolist() == [1, 7, 7]
    assert found.requests.arrival.tolist() == [0, 1]
    assert found.requests.completion.tolist() == [3, 7]
    assert found.requests.group.tolist() == [0, 2]


@both_engines
def test_jobs_on_two_instances_in_order(engine):
    """The first job's segments take 5 and 1 s; the second's are done at 2 and 3 on the other."""
    setup = allotted(TWO_INSTANCES, sizes=[[5, 1, 1, 1]], arrivals=[0, 1], job=TWO)

    assert measured(engine, setup).response.tolist() == [5, 2]
    kept = replace(setup, job=replace(TWO, in_order=True))
    assert measured(engine, kept).response.tolist() == [5, 4]


@both_engines
def test_the_warm_up_counts_jobs(engine):
    """The first of three is left out, both its segments: 1 s and 2 s of work on each of two."""
    setup = allotted(
        ONE_INSTANCE, sizes=[[9, 9, 1, 2, 1, 2]], arrivals=[0, 20, 30], job=TWO, warm_up=1
    )
    found = measured(engine, setup)

    assert found.response.tolist() == [3, 3]
    assert (found.count, found.measured) == (2, 2)
    assert found.answers.sum() == 4
    assert found.totals.tolist() == [3, 6, 6]  # within the window, from 20 to 30, one job
    assert found.window == 10


@both_engines
def test_the_accuracy_of_a_job_is_that_of_all_its_segments(engine):
    """Till 2.5 the first two members are in of segment 0, of segment 1 only the first.

    Each instance serves segment 0 and then 1: the first member till 1 and 2, the second till 1
    and 10, the others till 9. Both segments are answered at 2.5, so that the first tells which
    tasks had returned.
    """
    on = [(name, d, 1) for d, name in enumerate(MEMBERS)]
    sizes = [[1, 1], [1, 9], *[[9, 9]] * 3]
    setup = allotted(on, sizes=sizes, arrivals=[0], deadline=2.5, accuracy=TABLE, job=TWO)
    known = {each.returned: each.value for each in read_accuracy(TABLE).sets}
    found = measured(engine, setup)

    assert found.response.tolist() == [2.5]
    mean = (known[0, 1] + known[0,]) / 2
    assert found.requests.accuracy.tolist() == pytest.approx([mean])
    assert found.right / found.answers.sum() == pytest.approx(mean)
    assert found.requests.returned.tolist() == [0b11]


@both_engines
def test_a_client_sends_whole_jobs(engine):
    """The next job, both its segments, comes when the last segment is answered, at 3."""
    setup = allotted(ONE_INSTANCE, sizes=[[2, 1, 3, 1]], arrivals=[0, 0], job=TWO)

    alone = measured(engine, replace(setup, arrivals=Closed(clients=1)))
    assert alone.requests.arrival.tolist() == [0, 3]
    assert alone.response.tolist() == [3, 4]
    # A round of two jobs is sent at once.
    together = measured(engine, replace(setup, arrivals=Closed(clients=1, barrier=2)))
    assert together.requests.arrival.tolist() == [0, 0]
    assert together.response.tolist() == [3, 7]


def test_a_job_of_one_client_fills_a_group():
    """Four segments are a group of four; a client of single segments would wait for ever."""
    scenario = {
        "name": "x",
        "requests": 20,
        "runs": 1,
        "arrivals": {"kind": "closed", "clients": 1},
        "service": {"kind": "exponential", "mean": 1},
        "workers": {"count": 5},
        "policies": [{"kind": "mds", "inputs": 4, "tasks": 5}],
    }
    with pytest.raises(ScenarioError, match="needs 4 requests at once"):
        load(scenario)

    row = strag_sim.simulate(load({**scenario, "job": {"samples": 4, "segment": 1}})).summary()
    assert row.iloc[0]["requests"] == 20


def test_the_offered_load_counts_all_segments():
    """Two workers do two segments of a mean second each in a second: half a job at load 0.5."""
    scenario = load(
        {
            "name": "x",
            "requests": 20,
            "runs": 1,
            "arrivals": {"kind": "poisson", "offered_load": 0.5},
            "service": {"kind": "exponential", "mean": 1},
            "workers": {"count": 2},
            "job": {"samples": 4, "segment": 2},
            "policies": [{"kind": "none"}],
        }
    )
    (setup,) = scenario.setups()
    row = strag_sim.simulate(scenario).summary().iloc[0]

    assert setup.arrivals.mean_rate == 0.5
    assert (row["arrival_rate"], row["offered_load"]) == (0.5, 0.5)


@pytest.mark.parametrize("cancel", ["never", "queued", "running", "on-start"])
@pytest.mark.parametrize("deadline", ["20 ms", None])
def test_every_segment_is_combined_once(cancel, deadline):
    """Whatever is stopped: as many answers as segments, and each is sent to all its members."""
    result = strag_sim.simulate(
        load(devices(cancel=cancel, policies__1__deadline=deadline, arrivals__rate=60)),
        record="tasks",
    )
    requests, tasks = result.requests(), result.tasks()

    for sample in result.samples:
        label = sample.setup.label
        assert [run.answers.sum() for run in sample.runs] == [2 * run.count for run in sample.runs]
        for run in range(len(sample.runs)):
            of = requests[(requests["label"] == label) & (requests["run"] == run)]
            sent = tasks[(tasks["label"] == label) & (tasks["run"] == run)]
            assert len(of) == 50
            assert (of["completion"] >= of["arrival"]).all()
            assert of["completion"].is_monotonic_increasing  # answers leave in order
            assert sorted(sent["group"].unique()) == list(range(100))
            assert of["group"].tolist() == list(range(0, 100, 2))
            firsts = Counter(sent.loc[sent["role"].isin(["member", "own"]), "group"])
            members = len(getattr(sample.setup.policy, "members", "x"))
            assert set(firsts.values()) == {members}


@pytest.mark.parametrize("in_order", [False, True])
def test_no_job_is_earlier_than_an_oracles(in_order):
    """The bound of segments is one of jobs, also of answers in order; its work is of nobody."""
    result = strag_sim.simulate(
        load(
            {
                "name": "x",
                "requests": 300,
                "runs": 2,
                "arrivals": {"kind": "poisson", "rate": 1},
                "service": {"kind": "exponential", "mean": 1},
                "workers": {"count": 6},
                "decode": 0.02,
                "job": {"samples": 4, "segment": 1, "in_order": in_order},
                "policies": [
                    {"kind": "none"},
                    {"kind": "mds", "inputs": 2, "tasks": 3},
                    {"kind": "oracle"},
                ],
            }
        ),
        attribution=True,
        record="requests",
    )

    bound = result.responses("oracle")
    for label in ("none", "mds 2/3"):
        assert (result.responses(label) >= bound).all()
    assert bound.size == 600
    assert set(result.attribution()["label"]) == {"none", "mds 2/3"}


def first_of(completion, job):
    """Take the first segment that is answered for the last."""
    return np.arange(0, completion.size, job.segments)


RIGHT_RUN, RIGHT_JOBS = runs.Run, jobs.by_request


def job_of(**changes):
    """Return a fault: requests are read as if a job were another."""
    return runs, "by_request", lambda found, job: RIGHT_JOBS(found, replace(job, **changes))


FAULTS = {
    "the path of the first segment": (
        (jobs, "last_segments", first_of),
        test_a_request_is_its_last_segment,
    ),
    "answers that do not wait": (job_of(in_order=False), test_jobs_on_two_instances_in_order),
    "a warm-up of segments": (job_of(segments=1), test_the_warm_up_counts_jobs),
    "costs of segments": (
        (runs, "Run", lambda **kept: RIGHT_RUN(**{**kept, "measured": 2 * kept["measured"]})),
        test_jobs_on_one_instance,
    ),
    "the accuracy of the first segment": (
        (runs, "mean_by_request", lambda values, job: values[:: job.segments]),
        test_the_accuracy_of_a_job_is_that_of_all_its_segments,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_its_case(fault, monkeypatch):
    """A case passes, and with one rule broken it fails."""
    broken, case = FAULTS[fault]
    case_of = case if case is test_a_request_is_its_last_segment else partial(case, "compiled")

    case_of()
    monkeypatch.setattr(*broken)
    with pytest.raises(AssertionError):
        case_of()

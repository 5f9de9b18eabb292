"""Results of ensembles on devices whose requests are jobs: each table counts what it says."""

import json
from dataclasses import replace

import numpy as np
import pytest
from ensemble_scenarios import devices

import strag_sim
from strag_sim.capacity.points import Policy, at, full_rate
from strag_sim.scenario import load
from strag_sim.simulate import runs
from strag_sim.statistics.attribution import attributed
from strag_sim.tables import STATES


def simulated():
    """Return a result with all that can be recorded: 50 jobs of two segments, two runs."""
    return strag_sim.simulate(
        load(devices(arrivals__rate=40, warm_up=10)), attribution=True, record="tasks"
    )


@pytest.fixture(scope="module")
def result():
    """Return one of them for all tests that only read it."""
    return simulated()


def test_parts_sum_to_the_mean_response(result):
    """The parts of all requests of a policy, together, are its mean response."""
    found = result.attribution().query("of == 'all'").groupby("label")["seconds"].sum()

    for _, row in result.summary().iterrows():
        assert found[row["label"]] == pytest.approx(row["mean"])


def test_requests_are_jobs_and_groups_are_segments(result):
    """Requests are counted from 10 on, each with the first of its two groups."""
    for _, rows in result.requests().groupby(["label", "run"], observed=True):
        assert rows["request"].tolist() == list(range(10, 60))
        assert rows["group"].tolist() == list(range(20, 120, 2))
    assert result.tasks()["group"].max() == 119


def test_the_cost_of_a_request_is_that_of_all_its_segments(result):
    """The time of all served tasks of measured groups, each its part of a batch, over 100 jobs."""
    tasks = result.tasks().query("group >= 20")
    for _, row in result.summary().iterrows():
        mine = tasks[tasks["label"] == row["label"]]
        alive = mine[mine["started"].notna()]
        together = alive.groupby(["run", "worker", "started"])
        ends = together["finished"].transform("max")
        spent = ((ends - alive["started"]) / alive["batch"]).sum()
        assert row["cost"] == pytest.approx(spent / 100)


RIGHT_MEASURE = runs.measure
FAULTS = {
    "the time of segments": (
        ("attributed", lambda plan, outcome, job: attributed(plan, outcome)),
        test_parts_sum_to_the_mean_response,
    ),
    "a warm-up of segments": (
        (
            "measure",
            lambda outcome, setup, *others: RIGHT_MEASURE(
                outcome, replace(setup, job=replace(setup.job, segments=1)), *others
            ),
        ),
        test_requests_are_jobs_and_groups_are_segments,
    ),
    "the cost of a segment": (
        (
            "measure",
            lambda outcome, *others: RIGHT_MEASURE(
                outcome._replace(measured=2 * outcome.measured), *others
            ),
        ),
        test_the_cost_of_a_request_is_that_of_all_its_segments,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_its_case(fault, monkeypatch):
    """What the case finds right in the result is wrong in one that was made with a rule broken."""
    broken, case = FAULTS[fault]
    monkeypatch.setattr(runs, *broken)

    with pytest.raises(AssertionError):
        case(simulated())


def test_pairs_are_of_jobs(result):
    """A run has 50 of them under each policy; shares add up to one."""
    pairs = result.pairs(str(result.summary()["label"].iloc[0]))

    assert set(pairs["requests"]) == {50}
    assert pairs[["faster", "equal", "slower"]].sum(axis=1).to_numpy() == pytest.approx(1)


def test_a_warm_up_that_is_found_counts_jobs():
    """What is dropped are requests, of which a run then keeps as many as asked for."""
    found = strag_sim.simulate(
        load(devices(warm_up="auto", requests=200, arrivals__rate=20)), record="requests"
    )

    (cut,) = {sample.setup.warm_up for sample in found.samples}
    assert {run.count for sample in found.samples for run in sample.runs} == {200}
    for _, rows in found.requests().groupby(["label", "run"], observed=True):
        assert rows["request"].tolist() == list(range(cut, cut + 200))


def test_no_two_tasks_share_a_thread_of_the_timeline(result, tmp_path):
    """An instance has a thread for each task that it serves at a time."""
    result.save(tmp_path / "result")
    events = json.loads((tmp_path / "result/timeline.json").read_text("utf-8"))["traceEvents"]
    served = [event for event in events if event["ph"] == "X"]
    run = result.tasks().query("run == 0")

    assert len(served) == run["started"].notna().sum()
    assert {event["args"]["state"] for event in served} <= set(STATES)
    named = {(event["pid"], event["tid"]) for event in events if event["name"] == "thread_name"}
    for thread in {(event["pid"], event["tid"]) for event in served}:
        assert thread in named
        mine = sorted(
            (event["ts"], event["ts"] + event["dur"])
            for event in served
            if (event["pid"], event["tid"]) == thread
        )
        begins, ends = np.array(mine).T
        assert (begins[1:] >= ends[:-1] - 1e-3).all()


def test_the_capacity_of_jobs_is_in_requests_a_second():
    """A device, segments of 10 ms each, four a request: 25 requests a second are a load of 1."""
    document = devices(
        devices=[{"memory": "8 GB"}],
        job={"samples": 4, "segment": 1},
        models={"red": {"service": {"kind": "exponential", "mean": "10 ms"}, "memory": "1 GB"}},
        policies=[{"kind": "ensemble", "members": ["red"]}],
    )
    (setup,) = load({**document, "requests": 10_000}).setups()
    policy = Policy(setup, runs=2, confidence=0.95, threads=1, stop=np.zeros(1, np.uint8))

    assert full_rate(setup) == pytest.approx(25)
    below, above = at(policy, 22.5), at(policy, 27.5)
    assert (below.stable, above.stable) == (True, False)
    assert below.utilisation == pytest.approx(0.9, abs=0.02)
    assert below.cost == pytest.approx(0.04, rel=0.02)
    assert above.answered.pooled == pytest.approx(25, rel=0.02)

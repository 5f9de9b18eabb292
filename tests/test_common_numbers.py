"""Common random numbers: policies of a scenario are compared on the same requests and workers."""

import pytest

import strag_sim
from strag_sim import plan

POLICIES = [
    {"kind": "none"},
    {"kind": "replication", "copies": 2},
    {"kind": "hedge", "delay": 1.5},
    {"kind": "relaunch", "timeout": 4, "attempts": 3},
    {"kind": "collage", "grid": 2, "redundant_workers": "shared"},
    {"kind": "parity", "inputs": 2, "redundant_workers": "shared"},
]
CODED = [
    {"kind": "mds", "inputs": 2, "tasks": 3},
    {"kind": "lagrange", "inputs": 2, "tasks": 4, "threshold": 3},
]
SINGLE = ["none", "replication", "hedge", "relaunch"]


def scenario(policies, **keys):
    """Return a scenario of 6 workers with exponential sizes."""
    return strag_sim.load(
        {
            "name": "common",
            "seed": 11,
            "runs": 3,
            "requests": 200,
            "arrivals": {"kind": "poisson", "rate": 2.0},
            "service": {"kind": "exponential", "mean": 1.0},
            "workers": {"count": 6},
            "policies": [{"label": policy["kind"], **policy} for policy in policies],
            **keys,
        }
    )


def own_tasks(result, label):
    """Return the own tasks of a label, one row a request, in order."""
    tasks = result.tasks()
    requests = result.requests()
    own = tasks[(tasks.label == label) & (tasks.role == "own")].sort_values(["run", "task"])
    assert len(own) == (requests.label == label).sum()
    return own.reset_index(drop=True)


@pytest.fixture(scope="module")
def recorded():
    """Return all policies simulated, with their tasks."""
    return strag_sim.simulate(scenario(POLICIES + CODED, cancel="never"), record="tasks")


@pytest.mark.parametrize("label", [policy["kind"] for policy in POLICIES[1:] + CODED])
def test_every_policy_sees_the_same_arrivals(recorded, label):
    """Not only in law: to the last bit, in every run."""
    requests = recorded.requests()
    arrivals = {
        name: requests[requests.label == name].sort_values(["run", "request"]).arrival.to_list()
        for name in ("none", label)
    }

    assert arrivals[label] == arrivals["none"]


@pytest.mark.parametrize("label", [policy["kind"] for policy in POLICIES[1:]])
def test_every_policy_sees_the_same_own_sizes(recorded, label):
    """Request i is as large under every policy."""
    assert (
        own_tasks(recorded, label).service.to_list()
        == own_tasks(recorded, "none").service.to_list()
    )


@pytest.mark.parametrize("label", SINGLE[1:])
def test_every_policy_places_own_tasks_alike(recorded, label):
    """The luck that chooses a worker at random is the request's, not the policy's."""
    assert (
        own_tasks(recorded, label).worker.to_list() == own_tasks(recorded, "none").worker.to_list()
    )


def test_the_numbers_differ_between_runs_and_requests(recorded):
    """A negative control: the equalities above are not those of constants."""
    own = own_tasks(recorded, "none")

    assert own.service.nunique() == len(own)
    assert own.worker.nunique() == 6


def test_the_jth_redundant_task_is_as_large_under_every_policy(recorded):
    """The second copy of a request and the first hedge share their draws, request by request."""
    tasks = recorded.tasks()
    copies = tasks[(tasks.label == "replication") & (tasks.role == "copy")]
    hedges = tasks[(tasks.label == "hedge") & (tasks.role == "hedge")]
    both = hedges.merge(copies, on=["run", "group"], suffixes=("_hedge", "_copy"))

    assert len(both) == len(hedges) > 50
    assert (both.service_hedge == both.service_copy).all()


def test_slow_machines_are_the_same_under_every_policy():
    """A profile bound to workers makes the same workers slow, whatever the policy."""
    profile = {"kind": "profile", "profile": "collage-vm", "per_worker": True}
    rate = {"kind": "poisson", "rate": 10.0}
    result = strag_sim.simulate(
        scenario(POLICIES[:4], service=profile, arrivals=rate, cancel="never"), record="tasks"
    )

    for label in SINGLE[1:3]:
        one, other = own_tasks(result, "none"), own_tasks(result, label)
        assert one.worker.to_list() == other.worker.to_list()
        assert one.service.to_list() == other.service.to_list()


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_adding_a_policy_changes_no_number_of_the_others(engine):
    """A policy's responses are the same alone, before and after others."""
    alone = strag_sim.simulate(scenario(POLICIES[1:2]), engine=engine)
    among = strag_sim.simulate(scenario(POLICIES + CODED), engine=engine)
    turned = strag_sim.simulate(scenario((POLICIES + CODED)[::-1]), engine=engine)

    expected = alone.responses("replication").tolist()
    assert among.responses("replication").tolist() == expected
    assert turned.responses("replication").tolist() == expected
    row = alone.summary().iloc[0]
    for other in (among, turned):
        summary = other.summary().set_index("label", drop=False)
        again = summary.loc["replication"]
        assert again.dropna().to_dict() == row.dropna().to_dict()


def test_shared_size_gives_a_copy_the_size_of_its_request():
    """With `shared_size: true` the copies of a request share one size."""
    result = strag_sim.simulate(
        scenario(POLICIES[1:2], shared_size=True, cancel="never"), record="tasks"
    )
    tasks = result.tasks()
    sizes = tasks.groupby(["run", "group"]).service

    assert (sizes.nunique() == 1).all()
    assert (sizes.size() == 2).all()


def test_own_sizes_are_apart_without_shared_size(recorded):
    """A negative control: otherwise each copy draws its own."""
    tasks = recorded.tasks()
    copies = tasks[tasks.label == "replication"].groupby(["run", "group"]).service

    assert (copies.nunique() == 2).all()


def test_another_seed_gives_other_numbers():
    """The seed decides; the same seed gives the same bytes."""
    one, again, other = (
        strag_sim.simulate(scenario(POLICIES[:1], seed=seed)).responses("none").tolist()
        for seed in (1, 1, 2)
    )

    assert one == again
    assert one != other


@pytest.mark.parametrize(
    "part",
    [
        {"kind": "fixed", "factor": {"kind": "lognormal", "mean": 1.0, "cv": 0.5}},
        {"kind": "states", "factor": 3, "dwell": 5, "share": 0.2},
        {"kind": "states", "factor": 3, "dwell": 5, "share": 0.2, "shared_by": 2},
        {"kind": "shock", "rate": 0.1, "share": 0.3, "factor": 3, "length": 5},
    ],
    ids=["fixed", "states", "shared", "shock"],
)
def test_every_policy_sees_the_same_slow_workers(part):
    """Also one with more workers: those that others have too are as slow at every time."""
    policies = [{"kind": "none"}, {"kind": "none", "label": "more", "workers": {"count": 24}}]
    loaded = scenario(policies, slowdown=[part])
    few, many = (plan.draw(setup, 1).slowness for setup in loaded.setups())

    for worker in range(6):
        timelines = []
        for slow in (few, many):
            k = slow.track[0, worker]
            here = slice(slow.first[k], slow.first[k + 1])
            timelines.append((slow.at[here].tolist(), slow.value[here].tolist()))
        assert timelines[0] == timelines[1]


def test_a_part_that_is_switched_off_changes_nothing_of_the_others():
    """Each part has streams of its own, by its place in the list."""
    states = {"kind": "states", "factor": 3, "dwell": 5, "share": 0.2}
    shock = {"kind": "shock", "rate": 0.1, "share": 0.3, "factor": 3, "length": 5}
    both = scenario([{"kind": "none"}], slowdown=[states, shock])
    one = scenario([{"kind": "none"}], slowdown=[{**states, "enabled": False}, shock])
    slow, alone = (plan.draw(loaded.setups()[0], 0).slowness for loaded in (both, one))

    assert slow.value[slow.first[slow.track[1, 0]] :].tolist() == alone.value.tolist()

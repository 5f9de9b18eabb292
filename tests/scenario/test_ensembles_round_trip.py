"""Scenarios of ensembles: what they are written as they are read as, and editors allow them."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from strag_sim.scenario import dump, load, schema

VALIDATOR = Draft7Validator(schema())
times = st.floats(1e-6, 1e3) | st.sampled_from(["20 ms", "250us", "1.5s"])
shares = st.floats(0.01, 0.99)
laws = st.one_of(
    st.fixed_dictionaries({"kind": st.just("exponential"), "mean": times}),
    st.fixed_dictionaries({"kind": st.just("lognormal"), "mean": times, "cv": shares}),
)
sizes = st.integers(1, 10**9) | st.floats(0, 1e9) | st.sampled_from(["1.5 GB", "200 MiB", "9 B"])
names = ["red", "no", "1e3", "on", "ünlike models", "a.b"]
models = st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True).flatmap(
    lambda chosen: st.fixed_dictionaries(
        {
            name: st.fixed_dictionaries(
                {"service": laws, "memory": sizes},
                optional={"accuracy": shares, "memory_per_sample": st.integers(0, 10**6)},
            )
            for name in chosen
        }
    )
)
groups = st.one_of(
    st.fixed_dictionaries(
        {"memory": st.sampled_from(["80 GB", "96 GiB", 1e12])},
        optional={
            "count": st.integers(1, 3),
            "kind": st.sampled_from(["gpu", "cpu"]),
            "speed": st.floats(0.1, 9),
            "slots": st.integers(1, 5),
        },
    ),
    st.fixed_dictionaries(
        {"memory": st.just("80 GB"), "interference": st.just([1, 1.3, 2])},
        optional={"slots": st.just(3)},
    ),
)
jobs = st.tuples(st.integers(1, 9), st.integers(1, 9), st.booleans()).map(
    lambda job: {"samples": job[0] * job[1], "segment": job[1], "in_order": job[2]}
)


@st.composite
def ensembles(draw: st.DrawFn, known: list[str], devices: int) -> dict[str, Any]:
    """Return an entry of an ensemble of some of these models, on so many devices."""
    members = draw(st.lists(st.sampled_from(known), min_size=1, unique=True))
    some = st.lists(st.sampled_from(members), max_size=2, unique=True)
    cell = st.integers(1, 64)
    rows = [[draw(cell) for _ in members] for _ in range(devices)]
    given = {
        "quorum": st.integers(1, len(members)),
        "deadline": times,
        "combiner": st.sampled_from(["average", "majority", "weighted"]),
        "allocation": st.sampled_from(["worst-fit", rows]),
        "copies": some.map(lambda names: dict.fromkeys(names, 3)),
        "hedges": st.tuples(some, times | st.just("p95")).map(lambda p: dict.fromkeys(*p)),
        "label": st.sampled_from(["a", "no", "1e3"]),
        "queue": st.sampled_from(["shared", "per-worker"]),
        "batch": st.fixed_dictionaries({}, optional={"wait": times, "growth": shares}),
    }
    return {
        "kind": "ensemble",
        "members": members,
        **draw(st.fixed_dictionaries({}, optional=given)),
    }


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """Return a scenario of an ensemble and another policy, on devices."""
    known = draw(models)
    devices = draw(st.lists(groups, min_size=1, max_size=3))
    count = sum(group.get("count", 1) for group in devices)
    return {
        "arrivals": {"kind": "poisson", "rate": draw(st.floats(0.1, 9))},
        "models": known,
        "devices": devices,
        "policies": [draw(ensembles(list(known), count)), {"kind": "none", "label": "b"}],
        **draw(st.fixed_dictionaries({}, optional={"job": jobs, "service": laws})),
    }


@settings(max_examples=100, deadline=None)
@given(scenarios())
def test_a_dump_of_an_ensemble_loads_as_the_same_scenario(document: dict[str, Any]) -> None:
    """load(dump(s)) == s with the same hash; editors allow what was given."""
    scenario = load(document)

    again = load(dump(scenario))

    assert again == scenario
    assert hash(again) == hash(scenario)
    assert dump(again) == dump(scenario)
    assert again.setups() == scenario.setups()
    assert list(VALIDATOR.iter_errors(document)) == []


def test_so_does_one_with_a_service_on_another_kind_of_device() -> None:
    """Its figures, which its profile has, are written out."""
    service, on_cpu = (
        {"kind": "profile", "profile": f"timm-vgg19-{device}"} for device in ("rtx3090", "i9")
    )
    document = {
        "arrivals": {"kind": "poisson", "rate": 1},
        "models": {"vgg": {"service": service, "service_on": {"cpu": on_cpu}}},
        "devices": [{"memory": "8 GB"}, {"memory": "8 GB", "kind": "cpu"}],
        "policies": [{"kind": "ensemble", "members": ["vgg"], "allocation": [[8], [1]]}],
    }
    scenario = load(document)

    again = load(dump(scenario))

    assert again == scenario
    assert hash(again) == hash(scenario)
    assert dump(again) == dump(scenario)
    assert list(VALIDATOR.iter_errors(document)) == []

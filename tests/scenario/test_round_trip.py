"""What a scenario is written as, it is read as: over generated scenarios."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from strag_sim.scenario import dump, load

times = st.floats(1e-9, 1e6) | st.sampled_from(["20 ms", "250us", "2 min", "1.5s"])
shares = st.floats(0.01, 0.99)
texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12) | (
    st.sampled_from(
        ["no", "1e3", "010", "12:30", "null", "2026-01-01", "~", "- a", "a: b", "#", "é"]
    )
)
names = texts.filter(lambda name: not set(name) & set("/\\") and not name.startswith("."))
simple = st.one_of(
    st.fixed_dictionaries({"kind": st.just("exponential"), "mean": times}),
    st.fixed_dictionaries({"kind": st.just("deterministic"), "value": times}),
    st.fixed_dictionaries({"kind": st.just("lognormal"), "mean": times, "cv": shares}),
    st.fixed_dictionaries({"kind": st.just("profile"), "profile": st.just("collage-vm"),
                           "per_worker": st.booleans()}),
    st.fixed_dictionaries({"kind": st.just("empirical"),
                           "values": st.lists(st.floats(1e-6, 9), min_size=1, max_size=4)}),
)  # fmt: skip
drawable = simple.filter(lambda law: not law.get("per_worker"))
laws = simple | st.one_of(
    st.fixed_dictionaries({"kind": st.just("shifted"), "shift": times, "of": drawable}),
    st.fixed_dictionaries({"kind": st.just("truncated"), "of": drawable, "high": shares}),
    st.fixed_dictionaries({"kind": st.just("generalised-pareto"), "scale": times,
                           "shape": st.floats(-1, 0.9)}),
    drawable.map(lambda law: {"kind": "mixture", "parts": [{"weight": 0.25, "of": law},
                                                           {"weight": 0.75, "of": law}]}),
)  # fmt: skip
time_laws = times | st.just(0) | drawable
rates = st.floats(1e6, 1e15)
bandwidths = rates.map(lambda bits: f"{bits!r} bit/s") | st.sampled_from(["1 Gbit/s", "33.3 kB/s"])
inputs = st.fixed_dictionaries(
    {"numbers": st.integers(1, 10**9)},
    optional={
        "bytes": st.integers(1, 10**9),
        "answers": st.integers(1, 10**6),
        "precision": st.sampled_from(["float32", "float16"]),
    },
)
handling = st.fixed_dictionaries(
    {},
    optional={
        "cancel": st.sampled_from(["never", "queued", "running"]),
        "cancel_delay": times,
        "encode": time_laws,
        "decode": time_laws,
        "network": st.fixed_dictionaries(
            {}, optional={"to_worker": time_laws, "bandwidth": bandwidths}
        ),
        "master": st.fixed_dictionaries({"cores": st.integers(1, 9)}, optional={"rate": rates}),
        "fill_timeout": times,
        "shared_size": st.booleans(),
    },
)


def carrying(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without keys that need an input, where it has none."""
    for holder in (document, *document["policies"]) if "input" not in document else ():
        for key, inner in (("network", "bandwidth"), ("master", "rate")):
            holder.get(key, {}).pop(inner, None)
    return document


group = st.fixed_dictionaries({"count": st.integers(10, 20), "speed": shares})
machines = st.one_of(
    st.fixed_dictionaries({"count": st.integers(10, 99)}),
    st.fixed_dictionaries({"groups": st.lists(group, min_size=1, max_size=3)}),
)
how = st.fixed_dictionaries(
    {},
    optional={
        "queue": st.sampled_from(["shared", "per-worker"]),
        "placement": st.sampled_from(["fixed", "two-choices", "random"]),
        "distinct": st.booleans(),
        "batch": st.fixed_dictionaries(
            {"max": st.integers(1, 99), "growth": shares}, optional={"wait": times}
        ),
    },
)
kinds: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({"kind": "none"}),
    st.fixed_dictionaries({"kind": st.just("replication"), "copies": st.integers(1, 10)}),
    st.fixed_dictionaries({"kind": st.just("hedge"), "delay": times | st.just("p99.9")}),
    st.fixed_dictionaries({"kind": st.just("relaunch"), "timeout": times}),
    st.fixed_dictionaries(
        {"kind": st.just("collage"), "grid": st.integers(1, 4)},
        optional={"model": st.just("small"), "redundant_workers": st.sampled_from([1, "shared"])},
    ),
    st.fixed_dictionaries({"kind": st.just("parity"), "inputs": st.integers(1, 4)}),
    st.just({"kind": "lagrange", "inputs": 8, "tasks": 10, "threshold": 9, "encode_at": "workers"}),
    st.just({"kind": "berrut", "inputs": 3, "stragglers": 1, "errors": 1}),
)
labelled = st.fixed_dictionaries({}, optional={"label": texts})
entries = st.tuples(kinds, handling, how, labelled).map(
    lambda parts: {key: value for part in parts for key, value in part.items()}
)
arrivals = st.one_of(
    st.fixed_dictionaries({"kind": st.just("poisson"), "rate": times}).filter(
        lambda made: not isinstance(made["rate"], str)
    ),
    st.fixed_dictionaries({"kind": st.just("poisson"), "offered_load": shares}),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["gamma", "weibull"]), "cv": st.floats(0.1, 9), "rate": shares},
        optional={"batch": st.integers(1, 9)},
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("mmpp"),
            "states": st.just([{"rate": 1, "dwell": "90 s"}, {"rate": 0.5, "dwell": 100}]),
        },
        optional={"rate": st.floats(1, 99)},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("varying"), "envelope": st.just("azure-code")},
        optional={"cv": st.floats(0.1, 9), "offered_load": shares, "random_start": st.booleans()},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("closed"), "clients": st.integers(16, 99), "think": times}
    ),
)
factors = st.floats(1, 50) | drawable
slow = st.one_of(
    st.fixed_dictionaries({"kind": st.just("fixed"), "factor": factors}),
    st.fixed_dictionaries(
        {"kind": st.just("states"), "factor": factors, "dwell": times | drawable, "share": shares},
        optional={"shared_by": st.integers(1, 9), "enabled": st.booleans()},
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("shock"),
            "rate": st.floats(1e-6, 1e-4),
            "share": shares,
            "factor": factors,
            "length": st.floats(1e-3, 10.0),
        }
    ),
)
scenarios = st.tuples(
    st.fixed_dictionaries(
        {
            "arrivals": arrivals,
            "service": laws,
            "models": st.just({"small": {"service": {"kind": "exponential", "mean": 1}}}),
            "workers": st.tuples(machines, how).map(lambda parts: parts[0] | parts[1]),
            "policies": st.lists(
                entries, min_size=1, max_size=4, unique_by=lambda e: e.get("label", id(e))
            ),
        },
        optional={
            "name": names,
            "seed": st.integers(0, 2**64 - 1),
            "requests": st.integers(1, 10**9 - 5),
            "warm_up": st.integers(0, 5) | st.just("auto"),
            "precision": st.fixed_dictionaries(
                {"within": shares | st.sampled_from(["1%", "0.5 %"])},
                optional={"of": st.sampled_from(["p99", "mean", "var"]), "max_runs": st.just(99)},
            ),
            "slo": times,
            "slowdown": st.lists(slow, max_size=3),
            "combine": st.sampled_from(["product", "sum", "max"]),
            "accuracy": shares,
            "input": inputs,
        },
    ),
    handling,
).map(lambda parts: carrying(parts[0] | parts[1]))


@settings(max_examples=150, deadline=None)
@given(scenarios)
def test_a_dump_loads_as_the_same_scenario(document: dict[str, Any]) -> None:
    """load(dump(s)) == s, and a dump of it is the same text."""
    scenario = load(document)

    again = load(dump(scenario))

    assert again == scenario
    assert hash(again) == hash(scenario)
    assert dump(again) == dump(scenario)
    assert [setup.label for setup in again.setups()] == [entry.label for entry in scenario.policies]

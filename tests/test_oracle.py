"""The clairvoyant bound among the policies of a simulation."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import strag_sim
from strag_sim.results import Result

POLICIES: list[dict[str, Any]] = [
    {"kind": "none"},
    {"kind": "replication", "copies": 2, "cancel": "on-start"},
    {"kind": "hedge", "delay": "p90", "hedges": 2, "budget": 0.3},
    {"kind": "relaunch", "timeout": "300 ms", "attempts": 3},
    {"kind": "collage", "grid": 2},
    {"kind": "collage", "grid": 2, "use": "timeout", "timeout": "300 ms"},
    {"kind": "mds", "inputs": 3, "tasks": 4, "queue": "shared"},
    {"kind": "lagrange", "inputs": 4, "tasks": 6, "threshold": 5, "encode_at": "workers"},
    {"kind": "berrut", "inputs": 3, "stragglers": 1, "workers": {"count": 12}},
    {"kind": "parity", "inputs": 3, "placement": "two-choices"},
]
BUSY: dict[str, Any] = {
    "runs": 3,
    "requests": 800,
    "warm_up": 50,
    "arrivals": {"kind": "poisson", "offered_load": 0.5},
    "service": {"kind": "profile", "profile": "collage-vm"},
    "accuracy": 0.8,
    "workers": {"groups": [{"count": 4}, {"count": 4, "speed": 1.5, "slots": 2}]},
    "slowdown": [{"kind": "states", "factor": 5, "dwell": "2 s", "share": 0.1}],
    "encode": "2 ms",
    "decode": {"kind": "exponential", "mean": "3 ms"},
    "network": {"to_worker": "1 ms"},
    "policies": [*POLICIES, {"kind": "oracle"}],
}


@pytest.fixture(scope="module")
def result() -> Result:
    """Simulate all kinds of policies and their oracle, with all that is recorded."""
    return strag_sim.simulate(strag_sim.load(BUSY), record="tasks")


def test_no_request_is_answered_before_its_bound(result: Result) -> None:
    """By no policy, in no run; and some request is answered late under each."""
    bound = result.responses("oracle")

    labels = [label for label in result.summary()["label"] if label != "oracle"]
    assert len(labels) == len(POLICIES)
    for label in labels:
        assert (bound <= result.responses(label) * (1 + 1e-12)).all()
        assert (bound < result.responses(label)).any()


def test_a_row_of_the_summary(result: Result) -> None:
    """A bound costs nothing that is known, always keeps up, and is never its own task."""
    rows = result.summary().set_index("label")
    oracle = rows.loc["oracle"]

    quantiles = ["mean", "p50", "p90", "p99", "p999", "max"]
    assert (rows.loc[:, quantiles].min() == oracle[quantiles]).all()
    unknown = ["utilisation", "cost", "wasted", "straggled"]
    columns = [f"{name}{end}" for name in unknown for end in ("", "_low", "_high")]
    assert oracle[columns].isna().all()
    assert bool(oracle["stable"])
    assert oracle["policy"] == "oracle"
    assert np.isfinite(oracle["p99_high"])


def test_requests_say_which_policy_would_have_been_best(result: Result) -> None:
    """A path is a label and that policy's own path, and the accuracy is that of the path."""
    rows = result.requests()
    mine = rows[rows["label"] == "oracle"]

    assert len(mine) == 3 * 800
    paths = mine["path"].astype(str)
    assert paths.str.contains(": ").all()
    assert {"replication 2: copy", "none: own"} <= set(paths)
    own = paths.str.endswith(": own")
    assert (mine["accuracy"][own] == 0.8).all()
    assert mine["accuracy"][paths == "parity 3+1: parity"].isna().all()


def test_the_tasks_of_the_others_are_recorded(result: Result, tmp_path: Path) -> None:
    """A bound has no tasks, and takes nobody's away; all is written and read again."""
    alone = strag_sim.load(BUSY | {"policies": POLICIES})
    others = strag_sim.simulate(alone, record="tasks").tasks().astype({"label": str})
    tasks = result.tasks().astype({"label": str})

    pd.testing.assert_frame_equal(tasks, others)
    saved = Result.open(result.save(tmp_path / "x"))
    assert len(saved.tasks()) == len(tasks)
    assert (saved.responses("oracle") == result.responses("oracle")).all()


def test_neither_engine_nor_place_matters() -> None:
    """The same bound wherever it stands, on either engine and any number of cores."""
    some = BUSY | {"runs": 2, "requests": 60, "warm_up": 0}
    last = strag_sim.simulate(strag_sim.load(some), jobs=1)
    first = strag_sim.load(some | {"policies": [{"kind": "oracle"}, *POLICIES]})
    other = strag_sim.simulate(first, engine="reference", jobs=2)

    assert (last.responses("oracle") == other.responses("oracle")).all()


def test_an_oracle_of_one_policy_whose_workers_are_idle() -> None:
    """At a vanishing load the bound of equal workers is what happens, to the last bit."""
    calm = BUSY | {"workers": {"count": 8}, "slowdown": [], "policies": BUSY["policies"][::10]}
    found = strag_sim.simulate(
        strag_sim.load(calm | {"arrivals": {"kind": "poisson", "offered_load": 1e-9}})
    )

    assert list(found.summary()["label"]) == ["none", "oracle"]
    assert (found.responses("none") == found.responses("oracle")).all()

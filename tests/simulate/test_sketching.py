"""Too many responses to keep: sketches take their place, and tell the same within 0.1 %."""

import importlib

import numpy as np
import pytest

import strag_sim
from strag_sim.errors import ResultError
from strag_sim.statistics import Sketch

RUNS = importlib.import_module("strag_sim.simulate.runs")
BASIC = {
    "name": "many",
    "seed": 3,
    "runs": 6,
    "requests": 4000,
    "slo": "3 s",
    "arrivals": {"kind": "poisson", "offered_load": 0.6},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 2},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
}
QUANTILES = ["p50", "p90", "p95", "p99", "p999"]


@pytest.fixture
def few(monkeypatch):
    """Keep no more than 20,000 responses of a policy as they are."""
    monkeypatch.setattr(RUNS, "MOST_KEPT", 20_000)


def test_quantiles_of_sketches(few):
    """Within 0.1 % of the exact ones, overall and of each run; moments and max are exact."""
    exact = strag_sim.simulate(strag_sim.load({**BASIC, "runs": 5}))
    sketched = strag_sim.simulate(strag_sim.load(BASIC))
    assert exact.summary()["quantile_method"].tolist() == ["exact"] * 2
    assert sketched.summary()["quantile_method"].tolist() == ["sketch"] * 2
    assert any("within 0.1 %" in note for note in sketched.notes)
    assert not any("within 0.1 %" in note for note in exact.notes)
    assert all(isinstance(r.response, Sketch) for s in sketched.samples for r in s.runs)

    alone = sketched.runs().query("run < 5")
    np.testing.assert_allclose(alone[QUANTILES], exact.runs()[QUANTILES], rtol=1.001e-3)
    same = ["mean", "var", "max", "cost", "wasted", "utilisation", "straggled"]
    np.testing.assert_array_equal(alone[same], exact.runs()[same])
    np.testing.assert_allclose(alone["slo_met"], exact.runs()["slo_met"], atol=2e-3)


def test_overall_quantiles_of_sketches(few, monkeypatch):
    """All runs together: within 0.1 %, and p999 exact, for it is among the largest 1000."""
    sketched = strag_sim.simulate(strag_sim.load(BASIC)).summary()
    monkeypatch.setattr(RUNS, "MOST_KEPT", 24_000)
    exact = strag_sim.simulate(strag_sim.load(BASIC)).summary()

    np.testing.assert_allclose(sketched[QUANTILES], exact[QUANTILES], rtol=1.001e-3)
    assert sketched["p999"].tolist() == exact["p999"].tolist()
    ends = [f"p99_{end}" for end in ("low", "high")]
    np.testing.assert_allclose(sketched[ends], exact[ends], rtol=5e-3)


def test_number_of_jobs_changes_no_sketch(few):
    """One thread or three: the same numbers."""
    tables = [strag_sim.simulate(strag_sim.load(BASIC), jobs=jobs).summary() for jobs in (1, 3)]

    assert tables[0].equals(tables[1])


def test_responses_are_kept_on_request(few):
    """Recorded requests bring them back; without, it is said how to have them."""
    with pytest.raises(ResultError, match='record="requests"'):
        strag_sim.simulate(strag_sim.load(BASIC)).responses("none")

    recorded = strag_sim.simulate(strag_sim.load(BASIC), record="requests")
    assert recorded.summary()["quantile_method"].tolist() == ["sketch"] * 2
    assert recorded.responses("none").shape == (24_000,)
    assert recorded.responses("none").mean() == pytest.approx(recorded.summary()["mean"][0])


def test_a_precision_that_needs_very_many_turns_to_sketches(few):
    """The first looks keep responses, later ones do not; the numbers are those of all sketches."""
    asked = {"precision": {"of": "p99", "within": "1%", "max_runs": 20}}
    grown = strag_sim.simulate(strag_sim.load({**BASIC, "runs": 4, **asked})).summary()
    once = strag_sim.simulate(strag_sim.load({**BASIC, "runs": 20})).summary()

    assert grown["runs"].tolist() == [20, 20]
    assert grown.equals(once)

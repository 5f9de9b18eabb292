"""Runs until an estimate is precise enough: what is promised, and what is told."""

import re

import pytest

import strag_sim
from strag_sim.scenario import load

BASIC = {
    "name": "precise",
    "seed": 5,
    "runs": 4,
    "requests": 2000,
    "arrivals": {"kind": "poisson", "offered_load": 0.5},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 4},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
}


def simulated(**keys):
    """Simulate with a precision."""
    return strag_sim.simulate(load({**BASIC, **keys}))


def width(row, of="p99"):
    """Return half the interval as a share."""
    return (row[f"{of}_high"] - row[f"{of}_low"]) / 2 / row[of]


def test_runs_are_added_until_it_is_precise():
    """Every policy's interval is as narrow as asked, and half as many runs would not do."""
    result = simulated(precision={"of": "mean", "within": "1 %"})
    summary = result.summary()
    runs = int(summary["runs"][0])

    assert all(width(row, "mean") <= 0.01 for _, row in summary.iterrows())
    assert runs in (10, 15, 23, 35, 53, 80, 120, 180, 270)
    fewer = simulated(runs=-(-runs * 2 // 3) - 1).summary()
    assert any(width(row, "mean") > 0.01 for _, row in fewer.iterrows())
    told = result.provenance["precision"]
    assert max(told["reached"].values()) <= told["within"] == 0.01


def test_it_is_the_result_of_so_many_runs():
    """Adding runs in batches changes no number."""
    grown = simulated(precision={"of": "p95", "within": 0.02}).summary()
    runs = int(grown["runs"][0])

    assert runs > 10
    assert grown.equals(simulated(runs=runs).summary())


def test_a_ratio_needs_fewer_runs_than_its_parts():
    """Policies share their random numbers, so their ratio is sure before they are."""
    pair = [{"kind": "none"}, {"kind": "hedge", "delay": "p95"}]
    alone = simulated(policies=pair, precision={"of": "mean", "within": "1%"})
    asked = {"of": "mean", "within": "1%", "baseline": "none"}
    ratio = simulated(policies=pair, precision=asked)

    assert list(ratio.provenance["precision"]["reached"]) == ["hedge p95"]
    assert ratio.provenance["runs"] < alone.provenance["runs"]


def test_what_cannot_be_reached_is_said():
    """With how many runs would do, and the policy that is least precise."""
    result = simulated(precision={"of": "p99", "within": "0.1%", "max_runs": 12})
    note = next(note for note in result.notes if note.startswith("precision"))

    worst = max((width(row), row["label"]) for _, row in result.summary().iterrows())
    assert f"p99 of {worst[1]} is within" in note
    assert "not 0.1 %, after 12 runs" in note
    needed = int(re.search(r"about ([0-9,]+) would do", note)[1].replace(",", ""))
    assert needed == pytest.approx(12 * (worst[0] / 0.001) ** 2, rel=0.02)
    assert result.summary()["runs"].tolist() == [12, 12]


def test_a_tail_needs_responses_in_it():
    """A narrow interval of a p999 with few responses above it is not enough."""
    few = {"requests": 200, "precision": {"of": "p999", "within": "90%", "max_runs": 12}}
    result = simulated(**few)

    assert result.provenance["runs"] == 12
    assert any("too few responses lie above p999" in note for note in result.notes)


def test_progress_tells_of_more_runs():
    """The total grows with each look."""
    calls = []
    scenario = load({**BASIC, "precision": {"of": "mean", "within": "2%"}})
    strag_sim.simulate(scenario, progress=lambda done, total: calls.append((done, total)))

    totals = [total for _, total in calls]
    assert totals[0] == 20
    assert totals == sorted(totals)
    assert calls[-1][0] == calls[-1][1]


def test_nothing_stable_to_be_precise_about():
    """An overload has no p99; it is told instead of running to the last run."""
    overload = {"arrivals": {"kind": "poisson", "rate": 6}, "requests": 10_000}
    asked = {"precision": {"of": "p99", "within": "1%", "max_runs": 40}, "cancel": "never"}
    result = simulated(**overload, **asked)

    assert result.provenance["runs"] == 10
    assert any("no policy" in note for note in result.notes)

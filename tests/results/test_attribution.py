"""The table of where time went: its numbers, its files, and what a result without it says."""

import numpy as np
import pandas as pd
import pytest

import strag_sim
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics.attribution import PARTS

SCENARIO = {
    "runs": 4,
    "requests": 1500,
    "warm_up": 100,
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 4},
    "policies": [{"kind": "none"}, {"kind": "mds", "inputs": 2, "tasks": 3}],
}


def simulated(**keys):
    """Simulate a scenario of two policies, and attribute."""
    return strag_sim.simulate(strag_sim.load({**SCENARIO, **keys}), attribution=True)


@pytest.fixture(scope="module")
def result():
    """Return the result of two policies."""
    return simulated()


def test_two_requests_by_hand():
    """Requests at 0 and 1, sizes 3 and 2, one worker: responses 3 and 2 + 2, in all 7 s.

    Nobody is above p99, which is the larger of the two, and with one run there is no interval.
    """
    result = simulated(
        runs=1,
        requests=2,
        warm_up=0,
        arrivals={"kind": "trace", "times": [0, 1]},
        service={"kind": "scripted", "own": [3, 2]},
        workers={"count": 1},
        policies=[{"kind": "none"}],
    )
    table = result.attribution().set_index(["of", "part"])

    assert table.loc[("all", "queue"), ["seconds", "share"]].tolist() == [1.0, 2 / 7]
    assert table.loc[("all", "service"), ["seconds", "share"]].tolist() == [2.5, 5 / 7]
    assert table.loc["all", "seconds"].sum() == 3.5
    assert table.loc["above p99"][["seconds", "share"]].isna().all(axis=None)
    assert table[["share_low", "share_high"]].isna().all(axis=None)


def test_a_row_a_policy_set_and_part(result):
    """In this order; the parts make up the mean response, of all and above each run's p99."""
    table, summary = result.attribution(), result.summary().set_index("label")
    totals = table.groupby(["label", "of"])["seconds"].sum()

    assert table["label"].unique().tolist() == ["none", "mds 2/3"]
    assert table["of"][:18].tolist() == ["above p99"] * 9 + ["all"] * 9
    assert table["part"][:9].tolist() == list(PARTS)
    assert table.groupby(["label", "of"])["share"].sum().to_numpy() == pytest.approx(np.ones(4))
    for label in summary.index:
        runs = result.responses(label).reshape(4, -1)
        above = np.quantile(runs, 0.99, axis=1, method="inverted_cdf", keepdims=True)
        assert totals[label, "all"] == pytest.approx(summary["mean"][label])
        assert totals[label, "above p99"] == pytest.approx(runs[runs > above].mean())


def test_the_interval_is_over_runs(result):
    """The shares of single runs spread about the share of all: sectioning, t of 3 degrees."""
    row = result.attribution().query("label == 'none' and of == 'all' and part == 'queue'").iloc[0]
    seconds = np.array([run.attribution.seconds[1] for run in result.samples[0].runs])
    shares = seconds[:, PARTS.index("queue")] / seconds.sum(axis=1)
    half = 3.182446 * np.sqrt(((shares - row["share"]) ** 2).sum() / (4 * 3))

    assert row["share"] == pytest.approx(seconds.sum(axis=0)[PARTS.index("queue")] / seconds.sum())
    assert row["share_low"] == pytest.approx(row["share"] - half)
    assert row["share_high"] == pytest.approx(row["share"] + half)


def test_nothing_else_changes(result):
    """Neither the other tables, nor what is kept of a run: no requests and no tasks."""
    plain = strag_sim.simulate(strag_sim.load(SCENARIO))
    runs = [run for sample in result.samples for run in sample.runs]

    pd.testing.assert_frame_equal(plain.summary(), result.summary())
    assert all(run.log is None and run.requests is None for run in runs)


def test_both_engines_and_recorded_tasks(result):
    """The same table, whichever engine it is from, and whether or not tasks are recorded too."""
    keys = {"runs": 2, "requests": 100}
    scenario = strag_sim.load({**SCENARIO, **keys})
    recorded = strag_sim.simulate(scenario, engine="reference", record="tasks", attribution=True)

    pd.testing.assert_frame_equal(simulated(**keys).attribution(), recorded.attribution())
    assert len(recorded.tasks())


def test_runs_that_are_taken_up(tmp_path):
    """Those that were kept with it have it; those that were kept without it are not taken up."""
    scenario = strag_sim.load({**SCENARIO, "runs": 2, "requests": 100})
    strag_sim.simulate(scenario, resume=tmp_path)
    for _ in range(2):
        taken = strag_sim.simulate(scenario, resume=tmp_path, attribution=True)

    fresh = strag_sim.simulate(scenario, attribution=True)
    pd.testing.assert_frame_equal(taken.attribution(), fresh.attribution())
    assert len(list(tmp_path.rglob("*.pickle"))) == 2 * 4


def test_a_folder_and_back(result, tmp_path):
    """As parquet and CSV; a result without it that takes its place leaves none of it behind."""
    folder = result.save(tmp_path / "result")

    pd.testing.assert_frame_equal(Result.open(folder).attribution(), result.attribution())
    csv = pd.read_csv(folder / "attribution.csv")
    pd.testing.assert_frame_equal(csv, result.attribution())
    strag_sim.simulate(strag_sim.load({**SCENARIO, "runs": 1, "requests": 50})).save(folder)
    assert not list(folder.glob("attribution*"))
    with pytest.raises(ResultError, match=r"result: .* run again with --attribution"):
        Result.open(folder).attribution()


def test_a_result_without_it_says_how_to_get_it():
    """In memory too."""
    result = strag_sim.simulate(strag_sim.load({**SCENARIO, "runs": 1, "requests": 50}))

    with pytest.raises(ResultError, match=r"this result: .*simulate\(\.\.\., attribution=True\)"):
        result.attribution()


def test_an_oracle_has_no_rows():
    """It runs on nothing, and the others have theirs."""
    oracle = {"kind": "oracle"}
    table = simulated(runs=2, requests=100, policies=[{"kind": "none"}, oracle]).attribution()

    assert table["label"].unique().tolist() == ["none"]


def test_an_unstable_policy_has_no_rows():
    """Where its time goes depends on how long one looks."""
    busy = {"arrivals": {"kind": "poisson", "rate": 8}, "requests": 20_000, "runs": 2}
    enough = {"kind": "none", "workers": {"count": 20}, "label": "enough"}

    table = simulated(**busy, policies=[{"kind": "none"}, enough]).attribution()
    alone = simulated(**busy, policies=[{"kind": "none"}]).attribution()

    assert table["label"].unique().tolist() == ["enough"]
    assert alone.empty
    assert list(alone) == list(table)

"""A result's tables and its folder: all or nothing, the same bytes, and back again."""

import json
import os

import numpy as np
import pandas as pd
import pytest
from measured import simulated

import strag_sim
from strag_sim.errors import ResultError
from strag_sim.results import Result, check_target
from strag_sim.results import files as result_files
from strag_sim.statistics import estimate

ORDER = [
    *["policy", "label", "runs", "requests", "mean", "std", "var", "p50", "p90", "p95", "p99"],
    *["p999", "max", "utilisation", "arrival_rate", "offered_load", "cost", "wasted"],
    *["accuracy", "straggled", "slo_met", "saturation", "stable", "warm_up", "quantile_method"],
]
EXACT = {
    *["policy", "label", "runs", "requests", "arrival_rate", "offered_load", "stable", "warm_up"],
    "quantile_method",
}


def result_of(*samples):
    """Return the result of some samples."""
    estimates = [estimate(sample) for sample in samples]
    known = {"name": "by-hand", "interrupted": False}
    return Result.of(samples, estimates, "name: by-hand\n", known, confidence=0.95)


@pytest.fixture
def result():
    """Return the result of two policies of which requests were recorded."""
    return result_of(
        simulated("none", record="requests", runs=3),
        simulated("copies", load=0.4, record="requests", runs=3),
    )


def test_columns_of_the_summary(result):
    """The columns in their order, then two more for each estimate."""
    ends = [f"{name}_{end}" for name in ORDER if name not in EXACT for end in ("low", "high")]
    summary = result.summary()

    assert list(summary) == ORDER + ends
    assert summary["policy"].tolist() == ["none", "replication"]
    assert summary["label"].tolist() == ["none", "copies"]
    assert (summary["p99_low"] < summary["p99"]).all()


def test_runs_are_the_estimates_of_each_run(result):
    """A run's row is about that run's responses alone."""
    runs = result.runs()
    row = runs[(runs["label"] == "none") & (runs["run"] == 1)].iloc[0]
    responses = result.responses("none").reshape(3, -1)[1]

    assert len(runs) == 6
    assert row["p99"] == np.quantile(responses, 0.99, method="inverted_cdf")
    assert row["var"] == pytest.approx(np.var(responses, ddof=1))


def test_an_opened_result_is_the_saved_one(result, tmp_path):
    """Tables, scenario and recorded responses come back as they were."""
    opened = Result.open(result.save(tmp_path / "a" / "b"))

    pd.testing.assert_frame_equal(opened.summary(), result.summary())
    pd.testing.assert_frame_equal(opened.runs(), result.runs())
    pd.testing.assert_frame_equal(opened.tail(), result.tail())
    pd.testing.assert_frame_equal(opened.requests(), result.requests())
    np.testing.assert_array_equal(opened.responses("copies"), result.responses("copies"))
    assert opened.scenario == result.scenario
    csv = pd.read_csv(tmp_path / "a" / "b" / "summary.csv")
    assert csv["p99"].tolist() == pytest.approx(result.summary()["p99"].tolist(), rel=1e-14)


def test_recorded_requests(result):
    """One row a measured request, with the path and the accuracy of its answer."""
    rows = result.requests()
    ninth = rows[(rows["label"] == "none") & (rows["run"] == 2) & (rows["request"] == 9)].iloc[0]

    assert list(rows) == [
        *["label", "run", "request", "group", "arrival", "completion", "response", "path"],
        *["accuracy", "returned"],
    ]
    assert (ninth["path"], ninth["accuracy"]) == ("copy", 0.8)
    assert ninth["response"] == ninth["completion"] - ninth["arrival"]


def test_what_was_not_recorded_is_refused(tmp_path):
    """The error says how to have it."""
    plain = result_of(simulated())

    with pytest.raises(ResultError, match="--record tasks"):
        plain.tasks()
    opened = Result.open(plain.save(tmp_path / "plain"))
    with pytest.raises(ResultError, match="--record requests"):
        opened.responses("none")
    with pytest.raises(ResultError, match="there are none"):
        opened.responses("hedge")


def test_same_tables_same_bytes(result, tmp_path):
    """Every file of two equal results is equal."""
    first, second = result.save(tmp_path / "first"), result.save(tmp_path / "second")

    names = sorted(os.listdir(first))
    assert names == sorted(os.listdir(second))
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_a_folder_with_other_files_is_refused(result, tmp_path):
    """Nobody's files are overwritten."""
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(ResultError, match="other files"):
        result.save(tmp_path)
    assert os.listdir(tmp_path) == ["notes.txt"]
    with pytest.raises(ResultError, match="is a file"):
        check_target(tmp_path / "notes.txt")


def test_an_older_result_is_replaced(result, tmp_path):
    """Its tables and figures go, the user's own files stay, nothing else is left behind."""
    folder = result.save(tmp_path / "result")
    (folder / "ccdf.pdf").write_text("old figure")
    (folder / "notes.txt").write_text("mine")
    (folder / "mine").mkdir()
    (folder / "mine" / "more.txt").write_text("mine too")

    result_of(simulated("other")).save(folder)
    assert Result.open(folder).summary()["label"].tolist() == ["other"]
    assert not (folder / "ccdf.pdf").exists()
    assert not (folder / "requests.parquet").exists()
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "mine" / "more.txt").read_text() == "mine too"
    assert os.listdir(tmp_path) == ["result"]


@pytest.mark.parametrize("fault", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failed_save_leaves_the_old_result(result, tmp_path, monkeypatch, fault):
    """A full disk or Ctrl-C in the last moment changes nothing."""
    folder = result.save(tmp_path / "result")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_):
        raise fault

    monkeypatch.setattr(result_files, "write_texts", fail)
    with pytest.raises((ResultError, KeyboardInterrupt)):
        result_of(simulated("other")).save(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert os.listdir(tmp_path) == ["result"]


def test_a_broken_result_is_refused(result, tmp_path):
    """A folder without a result, and one with half of it."""
    folder = result.save(tmp_path / "result")
    (folder / "runs.parquet").write_bytes(b"not parquet")

    with pytest.raises(ResultError, match="broken"):
        Result.open(folder)
    with pytest.raises(ResultError, match="no result here"):
        Result.open(tmp_path)
    (tmp_path / "sweep.json").touch()
    with pytest.raises(ResultError, match="holds a sweep and no result"):
        Result.open(tmp_path)


def test_an_unstable_policy_in_a_file(tmp_path):
    """Its p99 is blank in the CSV, its cost is not."""
    folder = result_of(simulated(load=1.3, requests=10_000, runs=2)).save(tmp_path / "result")

    row = pd.read_csv(folder / "summary.csv").iloc[0]
    assert np.isnan(row["p99"])
    assert np.isnan(row["p99_low"])
    assert row["cost"] > 0
    assert not row["stable"]
    assert not json.loads((folder / "provenance.json").read_text())["interrupted"]


def test_recorded_rows_of_one_policy_and_run(tmp_path):
    """The same rows from memory and from the folder; a policy that is not there is told."""
    keys = {
        "runs": 2,
        "requests": 50,
        "arrivals": {"kind": "poisson", "rate": 1},
        "service": {"kind": "exponential", "mean": 1},
        "workers": {"count": 2},
        "policies": [{"kind": "none", "label": label} for label in ("one", "two")],
    }
    result = strag_sim.simulate(strag_sim.load(keys), record="tasks", jobs=1)
    saved = Result.open(result.save(tmp_path / "r"))

    for each in (result, saved):
        for rows in (each.tasks("two", run=1), each.requests("two", run=1)):
            assert set(rows["label"]) == {"two"}
            assert set(rows["run"]) == {1}
        whole = each.tasks().query("label == 'two' and run == 1")
        assert list(each.tasks("two", run=1)["started"]) == list(whole["started"])
        with pytest.raises(ResultError, match="'tow': no such policy"):
            each.tasks("tow")

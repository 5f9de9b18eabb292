"""Killed and taken up again: the same result as without, to the last bit."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import strag_sim
from strag_sim.codes import costs
from strag_sim.codes.costs import Rates
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.scenario import load
from strag_sim.simulate import Store

BASIC = {
    "name": "resumed",
    "seed": 4,
    "runs": 6,
    "requests": 1500,
    "arrivals": {"kind": "poisson", "offered_load": 0.5},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 4},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
}
TABLES = ("summary.csv", "summary.parquet", "runs.parquet", "tail.parquet", "course.parquet")


def files_of(folder, names=TABLES):
    """Return the bytes of the tables of a result."""
    return {name: (folder / name).read_bytes() for name in names}


def test_interrupted_and_resumed_is_uninterrupted(tmp_path):
    """Stopped after seven of twelve; then the others are done, and those seven are not."""
    scenario, kept = load(BASIC), tmp_path / "kept"

    def interrupt(done, _):
        if done == 7:
            signal.raise_signal(signal.SIGINT)

    first = strag_sim.simulate(scenario, jobs=1, progress=interrupt, resume=kept)
    assert first.interrupted
    written = {path: path.stat().st_mtime_ns for path in kept.rglob("*.pickle")}
    assert 7 <= len(written) < 12

    second = strag_sim.simulate(scenario, resume=kept, record="summary")
    assert {path: path.stat().st_mtime_ns for path in written} == written
    plain = strag_sim.simulate(scenario)
    assert files_of(second.save(tmp_path / "a")) == files_of(plain.save(tmp_path / "b"))


def test_a_killed_command_is_taken_up(tmp_path):
    """SIGKILL in the middle leaves whole files only; the next command ends with the same bytes."""
    scenario = tmp_path / "killed.yaml"
    policies = "[{kind: none}, {kind: replication, copies: 2}]"
    scenario.write_text(
        "runs: 150\nrequests: 10_000\narrivals: {kind: poisson, offered_load: 0.5}\n"
        "service: {kind: exponential, mean: 1}\nworkers: {count: 4}\n"
        f"precision: {{of: p99, within: 30%}}\npolicies: {policies}\n"
    )
    command = [sys.executable, "-m", "strag_sim", "run", str(scenario), "--resume", "-o"]
    kept = tmp_path / ".out.runs"
    with subprocess.Popen([*command, str(tmp_path / "out")], stdout=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 60
        while sum(1 for _ in kept.rglob("*.pickle")) < 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(running.pid, signal.SIGKILL)
    assert 20 <= sum(1 for _ in kept.rglob("*.pickle")) < 300
    assert not (tmp_path / "out").exists()

    subprocess.run([*command, str(tmp_path / "out")], check=True, capture_output=True)
    assert not kept.exists()
    plain = strag_sim.simulate(load(scenario)).save(tmp_path / "plain")
    assert files_of(tmp_path / "out") == files_of(plain)
    assert Result.open(tmp_path / "out").provenance["runs"] == 150


def test_runs_of_another_scenario_are_not_taken(tmp_path):
    """Another seed has a place of its own; so has another detail of recording."""
    kept = tmp_path / "kept"
    strag_sim.simulate(load(BASIC), resume=kept)
    other = strag_sim.simulate(load({**BASIC, "seed": 5}), resume=kept)
    strag_sim.simulate(load(BASIC), resume=kept, record="requests").requests()

    assert other.summary().equals(strag_sim.simulate(load({**BASIC, "seed": 5})).summary())
    assert len(list(kept.iterdir())) == 3


def test_a_file_that_is_cut_off_is_done_again(tmp_path):
    """Whatever befell it, the result is right."""
    kept = tmp_path / "kept"
    plain = strag_sim.simulate(load(BASIC), resume=kept).summary()
    broken = sorted(kept.rglob("*.pickle"))
    broken[0].write_bytes(broken[0].read_bytes()[:100])
    broken[1].write_bytes(b"")

    assert strag_sim.simulate(load(BASIC), resume=kept).summary().equals(plain)


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    """A file where the folder should be."""
    (tmp_path / "kept").write_text("mine")

    with pytest.raises(ResultError, match="cannot keep runs here"):
        strag_sim.simulate(load(BASIC), resume=tmp_path / "kept")


def test_a_bit_that_flipped_is_found(tmp_path):
    """A damaged file is as good as none, wherever the damage is."""
    kept = tmp_path / "kept"
    plain = strag_sim.simulate(load(BASIC), resume=kept).summary()
    path = min(kept.rglob("*.pickle"))
    content = path.read_bytes()
    for place in range(0, len(content), max(1, len(content) // 20)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        assert strag_sim.simulate(load(BASIC), resume=kept).summary().equals(plain)


def test_the_end_of_one_scenario_leaves_the_runs_of_another(tmp_path):
    """Both are kept beside the same folder; what remains at last is nothing."""
    kept = tmp_path / "kept"
    first = strag_sim.simulate(load(BASIC), resume=kept)
    second = strag_sim.simulate(load({**BASIC, "seed": 5}), resume=kept)

    Store(Path(second.provenance["kept"])).remove()
    assert len(list(Path(first.provenance["kept"]).iterdir())) == 12
    Store(Path(first.provenance["kept"])).remove()
    assert not kept.exists()


def test_runs_at_other_rates_of_coding_are_others(tmp_path, monkeypatch):
    """Rates that were measured anew change what codes cost, so nothing kept is taken; else all."""
    carried = load(BASIC | {"requests": 50, "runs": 2, "input": {"numbers": 8}})

    for rates, folders in ((Rates(1, 1, 0), 1), (Rates(2, 1, 0), 2), (Rates(1, 1, 0), 2)):
        monkeypatch.setattr(costs, "shipped", lambda rates=rates: rates)
        result = strag_sim.simulate(carried, resume=tmp_path)
        assert len(list(tmp_path.iterdir())) == folders
        assert result.provenance["rates"]["flops"] == rates.flops
    assert strag_sim.simulate(load(BASIC | {"requests": 50})).provenance["rates"] is None

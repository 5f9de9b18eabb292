"""Spreading runs over threads: the same result for any number, kept when interrupted."""

import contextlib
import hashlib
import importlib
import json
import os
import signal
import threading
import time

import numpy as np
import pytest

from strag_sim import engines, plan
from strag_sim.errors import EngineError, ScenarioError
from strag_sim.scenario import load
from strag_sim.simulate import cores, simulate
from strag_sim.tables import EVENT_LIMIT, INTERRUPTED, STUCK


def scenario_of(**keys):
    """Return a scenario of two policies and four short runs."""
    return load(
        {
            "name": "short",
            "runs": 4,
            "requests": 500,
            "warm_up": 50,
            "arrivals": {"kind": "poisson", "offered_load": 0.5},
            "service": {"kind": "exponential", "mean": 1},
            "workers": {"count": 3},
            "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
            "slo": 4,
            **keys,
        }
    )


def by_hand(**keys):
    """Return two requests, at 0 s and 1 s, of 3 s and 2 s, on one worker."""
    scenario = load(
        {
            "name": "by-hand",
            "runs": 1,
            "arrivals": {"kind": "trace", "times": [0, 1]},
            "service": {"kind": "scripted", "own": [3, 2]},
            "workers": {"count": 1},
            "policies": [{"kind": "none"}],
            "slo": 3,
        }
    )
    return simulate(scenario, **keys)


def test_a_case_by_hand():
    """The second waits for the first: 3 s and 4 s; the worker is busy in all of the window."""
    result = by_hand()
    row = result.summary().iloc[0]

    assert result.responses("none").tolist() == [3, 4]
    assert (row["mean"], row["var"], row["p50"], row["max"]) == (3.5, 0.5, 3, 4)
    assert (row["cost"], row["wasted"], row["utilisation"], row["slo_met"]) == (2.5, 0, 1, 0.5)
    assert row[["p99_low", "p99_high"]].isna().all()


def test_tasks_and_timeline_by_hand(tmp_path):
    """The second task waits 2 s; in the timeline each is a bar on its worker."""
    result = by_hand(record="tasks")
    folder = result.save(tmp_path / "result")

    assert list(result.tasks()) == [
        *["label", "run", "task", "group", "role", "index", "worker", "released", "started"],
        *["finished", "service", "unslowed", "batch", "state"],
    ]
    second = result.tasks().iloc[1]
    assert second[["role", "worker", "state"]].tolist() == ["own", 0, "finished"]
    assert second[["released", "started", "finished", "service"]].tolist() == [1, 3, 5, 2]
    events = json.loads((folder / "timeline.json").read_text())["traceEvents"]
    bars = [(event["ts"], event["dur"], event["tid"]) for event in events if event["ph"] == "X"]
    assert bars == [(0, 3e6, 0), (3e6, 2e6, 0)]


def test_number_of_jobs_changes_nothing(tmp_path):
    """Every file is the same, byte for byte, provenance apart."""
    folders = [
        simulate(scenario_of(), jobs=jobs, record="tasks").save(tmp_path / str(jobs))
        for jobs in (1, 3)
    ]

    names = {path.name for path in folders[0].iterdir()} - {"provenance.json"}
    assert len(names) == 10
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_warm_up_and_runs():
    """Measured requests alone are kept, numbered from the first of the run."""
    result = simulate(scenario_of(), record="requests")

    assert result.responses("none").shape == (4 * 500,)
    assert result.requests()["request"].min() == 50
    assert result.summary()["requests"].tolist() == [500, 500]
    assert result.summary()["runs"].tolist() == [4, 4]


def test_progress_counts_runs():
    """One call after each run of each policy."""
    calls = []

    simulate(scenario_of(), progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, 8) for done in range(1, 9)]


def test_ctrl_c_keeps_the_runs_that_all_policies_finished():
    """After five of eight (policy, run) pairs, in order, two runs of both are finished."""

    def interrupt(done, _):
        if done == 5:
            signal.raise_signal(signal.SIGINT)

    result = simulate(scenario_of(runs=40), jobs=1, progress=interrupt)
    runs = int(result.summary()["runs"][0])
    whole = simulate(scenario_of(runs=runs))
    assert result.interrupted
    assert result.provenance["runs"] == runs
    assert 2 <= runs < 40
    np.testing.assert_array_equal(result.responses("none"), whole.responses("none"))
    assert not whole.interrupted


def test_runs_are_handed_out_one_by_one(monkeypatch):
    """While three threads are busy three runs have been drawn, however many there are."""
    drawn, begun, go_on = [], threading.Semaphore(0), threading.Event()

    def counted(setup, run):
        drawn.append(run)
        begun.release()
        go_on.wait(10)
        return original(setup, run)

    original = plan.draw
    monkeypatch.setattr(importlib.import_module("strag_sim.simulate.runs"), "draw", counted)

    def watch():
        for _ in range(3):
            begun.acquire(timeout=10)
        seen.extend(drawn)
        os.kill(os.getpid(), signal.SIGINT)
        go_on.set()

    seen = []
    watcher = threading.Thread(target=watch)
    watcher.start()
    with contextlib.suppress(KeyboardInterrupt):  # if no run was finished by then
        simulate(scenario_of(runs=100_000), jobs=3)
    watcher.join()
    assert seen == [0, 0, 1]
    assert len(drawn) < 200  # of 200,000


def test_ctrl_c_before_anything_is_finished(monkeypatch):
    """The first Ctrl-C, in the middle of all runs, ends them; the engine sees the flag."""
    stopped = threading.Event()

    def endless(name, plan, record, stop):
        os.kill(os.getpid(), signal.SIGINT)
        while not stop[0]:
            time.sleep(0.001)
        stopped.set()
        return original(name, plan, record, None)._replace(code=INTERRUPTED)

    original = engines.run
    monkeypatch.setattr(engines, "run", endless)
    with pytest.raises(KeyboardInterrupt):
        simulate(scenario_of(), jobs=1)
    assert stopped.is_set()


def test_second_ctrl_c_waits_for_no_run(monkeypatch):
    """A run that does not stop is left alone."""
    over = threading.Event()

    def deaf(name, plan, record, stop):
        os.kill(os.getpid(), signal.SIGINT)
        while not stop[0]:
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGINT)
        over.wait(60)
        return original(name, plan, record, None)

    original = engines.run
    monkeypatch.setattr(engines, "run", deaf)
    with pytest.raises(KeyboardInterrupt):
        simulate(scenario_of(), jobs=1)
    assert not over.is_set()
    over.set()


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda *_: None])
def test_the_handler_of_ctrl_c_is_as_before(handler):
    """Python's own is put back; another, such as that of a program in the background, stays."""
    during = []
    before = signal.getsignal(signal.SIGINT)
    simulate(scenario_of(), progress=lambda *_: during.append(signal.getsignal(signal.SIGINT)))
    assert before is signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert before not in during

    during.clear()
    signal.signal(signal.SIGINT, handler)
    try:
        simulate(scenario_of(), progress=lambda *_: during.append(signal.getsignal(signal.SIGINT)))
    finally:
        signal.signal(signal.SIGINT, before)
    assert set(during) == {handler}


def test_simulating_in_a_thread():
    """Only the main thread may handle Ctrl-C; others simulate all the same."""
    results = []
    thread = threading.Thread(target=lambda: results.append(simulate(scenario_of())))
    thread.start()
    thread.join()

    np.testing.assert_array_equal(
        results[0].responses("none"), simulate(scenario_of()).responses("none")
    )


@pytest.mark.parametrize(("code", "why"), [(STUCK, "nothing is left"), (EVENT_LIMIT, "events")])
def test_a_run_that_cannot_end_is_an_error(monkeypatch, code, why):
    """The error names the policy and says why."""
    original = engines.run

    def failing(*arguments):
        return original(*arguments)._replace(code=code)

    monkeypatch.setattr(engines, "run", failing)
    with pytest.raises(EngineError, match=f"policy 'none', run 0: .*{why}"):
        simulate(scenario_of(policies=[{"kind": "none"}], runs=1))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"engine": "fast"}, "compiled"),
        ({"jobs": 0}, "at least 1"),
        ({"record": "all"}, "summary, requests, tasks"),
    ],
)
def test_wrong_arguments(keys, message):
    """Each says what is allowed."""
    with pytest.raises(ScenarioError, match=message):
        simulate(scenario_of(), **keys)


def test_cores_are_those_granted(monkeypatch):
    """A scheduler that grants one core gets one thread."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)

    assert cores() == 1


def test_provenance_says_where_it_comes_from():
    """Seed, engine, versions, machine, and the checksum of every profile, however deep."""
    part = {"weight": 1, "of": {"kind": "profile", "profile": "collage-vm"}}
    scenario = scenario_of(runs=1, seed=9, service={"kind": "mixture", "parts": [part]})

    known = simulate(scenario).provenance
    assert (known["seed"], known["engine"], known["name"]) == (9, "compiled", "short")
    assert len(known["profiles"]["collage-vm"]) == 64
    assert {"strag-sim", "python", "numpy", "numba"} <= set(known["versions"])


def test_provenance_names_the_files_that_went_in(tmp_path):
    """A matrix that is replayed, a trace and measured sizes, each with its checksum."""
    texts = {"slow.csv": "a,b\n1,2\n", "trace.csv": "t\n0\n1\n", "sizes.csv": "s\n1\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    scenario = scenario_of(
        arrivals={"kind": "trace", "path": str(tmp_path / "trace.csv")},
        service={"kind": "empirical", "path": str(tmp_path / "sizes.csv")},
        slowdown=[{"kind": "replay", "path": str(tmp_path / "slow.csv")}],
        requests=2,
        warm_up=0,
        runs=1,
    )

    files = simulate(scenario).provenance["files"]

    assert files == {
        str(tmp_path / name): hashlib.sha256(text.encode()).hexdigest()
        for name, text in texts.items()
    }


def test_factors_taken_for_times_are_told():
    """A profile of factors needs a scale to be times: without one, a note says what was done."""
    law = {"kind": "profile", "profile": "azure-fresh-vm-memset"}
    plain = simulate(scenario_of(service=law, runs=1, requests=50, warm_up=0))
    scaled = simulate(scenario_of(service={**law, "scale": 0.02}, runs=1, requests=50, warm_up=0))

    (note,) = plain.notes
    assert note.startswith("Profile azure-fresh-vm-memset holds factors, not times")
    assert scaled.notes == []


def test_overload_is_reported(tmp_path):
    """Requests that arrive 1.5 times as fast as they are served: no quantiles, but a cost."""
    arrivals = {"kind": "poisson", "rate": 4.5}
    scenario = scenario_of(arrivals=arrivals, requests=10_000, runs=2, policies=[{"kind": "none"}])

    row = simulate(scenario).summary().iloc[0]
    assert not row["stable"]
    assert np.isnan(row["p99"])
    assert row["cost"] == pytest.approx(1, rel=0.1)
    assert row["offered_load"] == 1.5

"""The command capacity: the table, the files, the exit codes."""

import importlib
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from strag_sim.cli import main

SCENARIO = """\
runs: 3
requests: 10_000
arrivals: {kind: poisson, offered_load: 0.5}
service: {kind: exponential, mean: 20 ms}
workers: {count: 2}
policies:
  - {kind: none}
  - {kind: replication, copies: 2, cancel: running, label: two copies}
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command beside a scenario file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(SCENARIO)
    return lambda *words: CliRunner().invoke(main, ["capacity", "tiny.yaml", *words])


def test_table(run: Run) -> None:
    """A line a policy with the largest stable rate, and what the numbers are of."""
    done = run()

    assert done.exit_code == 0
    assert done.stderr == ""
    head, none, two, _, below = done.stdout.splitlines()
    assert head.split() == ["policy", "stable", "up", "to", "load"]
    assert none.split() == ["none", "100", "1.000"]  # certain: 2 / 20 ms
    assert two.startswith("two copies ")
    assert " ± " in two
    assert below == (
        "Requests a second; 3 runs x 10,000 requests at each rate; "
        "± is the 95 % confidence interval over runs"
    )


def test_slo_and_file(run: Run, tmp_path: Path) -> None:
    """With an SLO, the rates that meet it; the file holds all numbers."""
    done = run("--slo", "200ms", "-o", "found.csv", "--within", "5%", "--jobs", "1")

    head, none, *_ = done.stdout.splitlines()
    columns = head.split("load")
    assert columns[1].strip() == "p99 within 200 ms"
    assert columns[2].split() == ["utilisation", "cost"]
    table = pd.read_csv(tmp_path / "found.csv")
    assert table["label"].tolist() == ["none", "two copies"]
    assert f"{table['slo_load'][0]:.3f}" in none
    # one queue of two: ln(100) / 200 ms below its capacity of 50; so two copies, 23 below 100
    assert table["slo_rate"].tolist() == pytest.approx([54, 77], rel=0.1)


def test_json(run: Run) -> None:
    """All that was found; null where there is no number."""
    found = json.loads(run("--json", "--set", "slo=10 ms").stdout)

    assert [policy["label"] for policy in found["policies"]] == ["none", "two copies"]
    assert found["slo"] == 0.01
    assert found["policies"][0]["slo_rate"] is None
    assert found["policies"][0]["stable_rate"] == pytest.approx(100)
    assert found["interrupted"] is False


def test_notes_are_told(run: Run) -> None:
    """Below the table stands what is to be known of the numbers."""
    done = run("--slo", "10 ms", "--set", "runs=2")

    assert "none: no rate meets the SLO of 10 ms: p99 is " in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--slo", "fast"], "slo: 'fast' is not allowed"),
        (["--within", "narrow"], "'narrow' is not allowed"),
        (["--within", "90%"], "within: 0.9 is not allowed"),
        (["--set", "requests=100"], "100 are too few"),
        (["--set", "arrivals={kind: closed, clients: 3}"], "a closed loop has no rate"),
        (["--set", "requets=5"], "requets"),
        (
            ["-o", "missing/found.csv"],
            "missing/found.csv: cannot write the table: there is no such folder",
        ),
    ],
)
def test_wrong_input(run: Run, words: list[str], message: str) -> None:
    """Exit code 2, a message, no traceback."""
    done = run(*words)

    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert isinstance(done.exception, SystemExit)


def test_interrupted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C keeps the policies that are done: they are printed and written; exit code 130."""
    module = importlib.import_module("strag_sim.capacity.finding")
    find = module.largest_stable

    def until_the_second(policy: object, within: float) -> object:
        if policy.setup.label == "two copies":  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return find(policy, within)

    monkeypatch.setattr(module, "largest_stable", until_the_second)

    done = run("-o", "found.csv")
    assert done.exit_code == 130
    assert done.stdout.splitlines()[1].startswith("none")
    assert "two copies" not in done.stdout
    assert done.stderr == "interrupted: these are the policies that are done\n"
    assert len(pd.read_csv(tmp_path / "found.csv")) == 1


def test_a_file_that_is_no_csv_is_refused(run: Run) -> None:
    """Before anything is simulated."""
    done = run("-o", "table.tex")

    assert done.exit_code == 2
    assert done.stderr == "table.tex: is not allowed; the name of the table must end in .csv\n"


def test_a_precision_is_said_to_play_no_part(run: Run, tmp_path: Path) -> None:
    """Every rate has the runs of the scenario."""
    path = tmp_path / "tiny.yaml"
    path.write_text(path.read_text().replace("runs: 3", "runs: 3\nprecision: {within: 1%}"))

    assert run().stdout.splitlines()[-1].startswith("precision is not looked at")

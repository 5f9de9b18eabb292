"""``strag-sim sweep``, ``best`` and figures of sweeps: what people see, and exit codes."""

import json
import re

import pytest
from click.testing import CliRunner
from swept import YAML

from strag_sim.cli import main


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    """Return a function that runs a command in a folder with the tiny scenario."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(YAML)

    def run(*arguments):
        return CliRunner().invoke(main, list(arguments))

    return run


def test_a_sweep_and_its_status(invoke, tmp_path):
    """What was done, where it lies; plain lines on standard error; then nothing is missing."""
    done = invoke("sweep", "tiny.yaml", "--jobs", "1")

    assert done.exit_code == 0
    assert done.stdout == "6 of 6 cells are done, 6 of them now\nSweep: results/tiny-sweep\n"
    assert re.fullmatch(r"6 of 6 cells, [\d.]+ cells/s\n", done.stderr)
    again = invoke("sweep", "tiny.yaml", "--jobs", "1", "--json")
    assert json.loads(again.stdout)["before"] == 6
    told = invoke("sweep", "--status", "results/tiny-sweep").stdout
    assert re.fullmatch(r"tiny: 6 of 6 cells are done\nfinished at \S+\n", told)
    log = (tmp_path / "results/tiny-sweep/sweep.log").read_text()
    assert log.count("began: 6 cells") == log.count("finished: 6 cells are done") == 2


def test_a_dry_run_lists_cells_and_writes_nothing(invoke, tmp_path):
    """With values, what is done, the count, and a time from a timed sample."""
    told = invoke("sweep", "tiny.yaml", "--dry-run", "--jobs", "1").stdout

    assert told.splitlines()[:3] == [
        "cell  arrivals.offered_load  workers.count",
        "0                       0.2              4",
        "1                       0.2              8",
    ]
    assert re.search(
        r"^6 cells\nThat takes about [\d.]+ \w+ with 1 worker \(from 3 cells, timed\)$", told, re.M
    )
    assert not (tmp_path / "results").exists()
    invoke("sweep", "tiny.yaml", "--jobs", "1", "--set", "workers.count=4,8")
    told = invoke("sweep", "tiny.yaml", "--dry-run", "--jobs", "1").stdout
    assert "6 cells: 4 done, 2 to be simulated" in told
    assert told.splitlines()[1].endswith("4  done")


def test_an_impossible_cell(invoke):
    """Exit code 2 and nothing run; with --keep-going 1, the others done, and listed at the end."""
    wrong = ("sweep", "tiny.yaml", "--jobs", "1", "--set", "workers.count=4,0")
    stopped = invoke(*wrong)
    assert stopped.exit_code == 2
    assert "cell 1 (arrivals.offered_load=0.2, workers.count=0): --set" in stopped.stderr
    assert invoke(*wrong, "--dry-run").exit_code == 2
    kept = invoke(*wrong, "--keep-going")

    assert kept.exit_code == 1
    assert kept.stdout.startswith("2 of 4 cells are done, 2 of them now\n2 cells failed:\n  cell 1")
    assert "2 cells failed" in invoke("sweep", "--status", "results/tiny-sweep").stdout


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "Name the SCENARIO, or --status DIR"),
        (["none.yaml"], "none.yaml: there is no such file; did you mean 'tiny.yaml'"),
        (["--status", "."], "no sweep here (no sweep.json)"),
        (["tiny.yaml", "--partition", "x"], "--partition is for --on slurm and --on pbs"),
        (["tiny.yaml", "--on", "slurm", "--memory", "5"], "--memory 5: memory: '5' is not allowed"),
        (["tiny.yaml", "--set", "zip=1,2"], "zip: [1, 2] is not allowed; zip must be a mapping"),
        (["tiny.yaml", "--set", "workers.count={from: 1}"], "workers.count.to: missing"),
    ],
)
def test_what_is_wrong_is_told(invoke, arguments, text):
    """Exit code 2, and a hint."""
    done = invoke("sweep", *arguments)

    assert done.exit_code == 2
    assert text in done.stderr


def test_run_says_to_use_sweep(invoke):
    """A scenario with a sweep is no single simulation; it can be checked and shown."""
    done = invoke("run", "tiny.yaml")
    assert done.exit_code == 2
    assert "tiny sweeps over 6 cells: use `strag-sim sweep`" in done.stderr
    assert invoke("validate", "tiny.yaml").exit_code == 0
    assert "workers.count: [4, 8, 16]" in invoke("show", "tiny.yaml").stdout


def test_the_best_and_the_figures(invoke, tmp_path):
    """A table, JSON, and a file for each figure."""
    invoke("sweep", "tiny.yaml", "--jobs", "1")
    folder = "results/tiny-sweep"
    told = invoke("best", folder, "--subject-to", "arrivals.offered_load=0.4").stdout

    assert told.splitlines()[0].split() == [
        "policy",
        "arrivals.offered_load",
        "workers.count",
        "p99",
    ]
    assert "replication 2" in told
    rows = json.loads(invoke("best", folder, "--minimise", "cost", "--json").stdout)
    assert rows[0]["label"] == "none"
    assert invoke("best", folder, "--minimise", "p98").exit_code == 2
    for kind, where in (("p99-load", []), ("heatmap", []), ("pareto", ["workers.count=8"])):
        options = [each for value in where for each in ("--where", value)]
        drawn = invoke("plot", folder, kind, *options)
        assert drawn.exit_code == 0, drawn.stderr
        assert (tmp_path / folder / f"{kind}.png").stat().st_size > 5000
    assert (
        "--where is for figures of sweeps" in invoke("plot", ".", "ccdf", "--where", "a=1").stderr
    )
    assert "no sweep here" in invoke("plot", ".", "heatmap").stderr

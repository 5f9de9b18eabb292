"""The command codes: its table, its JSON, its file, and what it refuses."""

import json

import pytest
from click.testing import CliRunner

from strag_sim.cli import main
from strag_sim.codes import timing


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Measure little, for a moment."""
    whole = timing.trials
    monkeypatch.setattr(timing, "trials", lambda: whole((8,), ((4, 5), (4, 6))))
    monkeypatch.setattr(timing, "ROUNDS", 1)
    monkeypatch.setattr(timing, "ROUND_TIME", 0.0)


def run(*arguments):
    """Run the command."""
    return CliRunner().invoke(main, ["codes", *map(str, arguments)])


def test_the_table():
    """A row for each size, K and N, and what the rates are."""
    done = run()

    assert done.exit_code == 0, done.output
    table, rates = done.stdout.split("\n\n")
    head, *rows = table.splitlines()
    assert head.split()[:6] == ["image", "K", "N", "lagrange", "berrut", "mds"]
    assert [row.split()[:4] for row in rows] == [["8", "px", "4", "5"], ["8", "px", "4", "6"]]
    assert rows[1].count(" -") == 3  # parities and collages have one spare task
    assert rates.startswith("Encoding runs at ")


def test_json():
    """All that was measured, and where."""
    found = json.loads(run("--json").stdout)

    assert len(found["times"]) == 9
    assert {"processor", "cores", "threads", "load"} < set(found["machine"])
    assert found["rates"]["flops"] > 0
    assert min(each["encode"] for each in found["times"]) > 0


def test_a_file(tmp_path):
    """Holds the same; its name is told beside the table."""
    done = run("-o", tmp_path / "mine.json")

    assert done.exit_code == 0, done.output
    assert done.stderr == f"wrote {tmp_path / 'mine.json'}\n"
    assert len(json.loads((tmp_path / "mine.json").read_text("utf-8"))["times"]) == 9


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("costs.csv", "is not allowed; it must be a file FILE.json"),
        ("no/costs.json", "cannot be written: there is no folder"),
    ],
)
def test_files_that_cannot_be(tmp_path, monkeypatch, name, message):
    """Are refused before anything is measured."""
    monkeypatch.setattr(timing, "measure", None)
    done = run("-o", tmp_path / name)

    assert done.exit_code == 2
    assert message in done.stderr

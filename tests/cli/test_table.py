"""The command table: what it prints and writes, and what it says to wrong input."""

import pytest
from click.testing import CliRunner
from swept import TINY

import strag_sim
from strag_sim import typeset
from strag_sim.cli import main

KEYS = {
    "runs": 3,
    "requests": 200,
    "arrivals": {"kind": "poisson", "offered_load": 0.5},
    "service": {"kind": "exponential", "mean": "10 ms"},
    "workers": {"count": 4},
    "policies": [{"kind": "none"}, {"kind": "hedge", "delay": "p95", "label": "hedged"}],
}


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a result."""
    return strag_sim.simulate(strag_sim.load(KEYS)).save(tmp_path / "result")


def called(*arguments):
    """Return what the command does with these arguments."""
    return CliRunner().invoke(main, ["table", *map(str, arguments)])


def test_standard_output(folder):
    """Markdown, or what is asked for, and nothing else; nothing is written."""
    before = sorted(folder.iterdir())
    result = strag_sim.Result.open(folder)

    assert called(folder).stdout == typeset.table(result)
    for form in typeset.FORMATS:
        done = called(folder, "--format", form, "--columns", "p99, cost")
        assert done.exit_code == 0
        assert done.stdout == typeset.table(result, columns=["p99", "cost"], format=form)
    done = called(folder, "--of", "comparison", "--baseline", "hedged")
    assert done.stdout == typeset.table(result, "comparison", baseline="hedged")
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(("form", "ending"), typeset.FORMATS.items())
def test_files(folder, tmp_path, form, ending):
    """The ending of a file's name says what it is; it is written whole, and named."""
    path = tmp_path / f"t{ending}"
    done = called(folder, "-o", path)

    assert done.stdout == f"{path}\n"
    text = typeset.table(strag_sim.Result.open(folder), format=form)
    assert path.read_text(encoding="utf-8") == text
    assert sorted(each.name for each in tmp_path.iterdir()) == ["result", path.name]


def test_sweeps(tmp_path):
    """A sweep has a table too."""
    strag_sim.sweep(TINY, output=tmp_path / "sweep")
    done = called(tmp_path / "sweep", "--columns", "p99")

    assert done.exit_code == 0
    assert done.stdout.startswith("| offered\\_load | count | policy | p99 (ms) |")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "t.pdf"], "t.pdf: a table file must end in .md, .tex, .csv."),
        (["-o", "t.md", "--format", "latex"], "t.md: a latex file must end in .tex."),
        (["--columns", "p98"], "'p98': no such column; there are"),
        (["--columns", ","], "columns: none is named; there are policy, runs"),
        (["--columns", "", "--of", "comparison"], "columns: none is named; there are mean, std"),
        (["--of", "comparison", "--baseline", "nobody"], "'nobody': no such policy"),
        (["-o", "nowhere/t.md"], "nowhere/t.md: cannot write the table: No such file"),
    ],
)
def test_wrong_input(folder, arguments, message):
    """A message, exit code 2, and no traceback."""
    done = called(folder, *arguments)

    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_no_result(tmp_path):
    """A folder without one is told."""
    done = called(tmp_path)

    assert done.exit_code == 2
    assert "no result here" in done.stderr

"""The figure of tables of accuracies: points, intervals, and the spread over sets of results."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer

from strag_sim import plots
from strag_sim.accuracies import AccuracyTable, table_of, write_accuracy
from strag_sim.cli import main

LAGRANGE = {"kind": "lagrange", "inputs": 2, "tasks": 3}
SETS = [
    {"returned": [0, 1], "value": 0.7},
    {"returned": [0, 2], "value": 0.9},
    {"returned": [1, 2], "value": 0.83},
]


def made(name: str, **keys: Any) -> AccuracyTable:
    """Return a table that charges all answers, with these keys."""
    content = {
        "format": 1,
        "name": name,
        "title": "Made up.",
        "source": "This test.",
        "code": LAGRANGE,
        "charges": "all",
        "uncoded": {"value": 0.99},
        "sets": SETS,
        "numbers": [{"returned": 3, "value": 0.95, "low": 0.93, "high": 0.96}],
    }
    return table_of({**content, **keys})


def drawn(*tables: AccuracyTable) -> Axes:
    """Return the axes on which these tables are drawn."""
    (ax,) = plots.figure_of(lambda ax: plots.accuracy(tables, ax)).axes
    return ax


def bars(ax: Axes) -> list[ErrorbarContainer]:
    """Return what is drawn of each table."""
    return [each for each in ax.containers if isinstance(each, ErrorbarContainer)]


def points(ax: Axes) -> dict[str, tuple[list[float], list[float]]]:
    """Return the x and y of each table's points, by its name."""
    found = {str(each.get_label()): each[0].get_data() for each in bars(ax)}
    return {
        name: tuple(np.array(row, float).round(6).tolist() for row in data)
        for name, data in found.items()
    }


def test_points_are_by_number() -> None:
    """Three returned is none missing; two have the mean over their sets."""
    ax = drawn(made("one"))

    where, values = points(ax)["one"]
    assert (where, values) == ([0, 1], [95, 81])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("results missing", "accuracy (%)")


def test_bars_are_the_intervals_of_the_table() -> None:
    """There is one where the table has one, and none is made up."""
    (bars,) = [
        each for each in drawn(made("one")).containers if isinstance(each, ErrorbarContainer)
    ]

    first, second = bars[2][0].get_segments()
    assert np.array(first)[:, 1] == pytest.approx([93, 96])
    assert np.isnan(second).any() or len(second) == 0


def test_bands_are_the_spread_over_sets() -> None:
    """From the least to the largest; in the colour of the table, and solid."""
    ax = drawn(made("one"))

    bands = [line for line in ax.get_lines() if line.get_linewidth() == 5]
    assert [list(band.get_ydata()) for band in bands] == [[70, 90]]
    assert bands[0].get_linestyle() == "-"
    assert bands[0].get_color() == ax.containers[0][0].get_color()


def test_what_is_reconstructed_alone_starts_with_the_bare_model() -> None:
    """With nothing missing, answers of parity are those of own tasks."""
    parity = {"kind": "parity", "inputs": 2, "tasks": 3, "parities": 1}
    table = made("parity", code=parity, charges="missing", sets=SETS[1:])

    where, values = points(drawn(table))["parity"]
    assert (where, values) == ([0, 1], [99, 86.5])


def test_a_collage_answers_whatever_is_missing() -> None:
    """As far as the other tables go; alone, for all its requests."""
    code = {"kind": "collage", "inputs": 4, "tasks": 1, "grid": 2}
    keys = {"code": code, "charges": "missing", "numbers": []}
    collage = made("collage", sets=[{"returned": [0], "value": 0.97}], **keys)

    assert points(drawn(collage))["collage"][1] == [99, 97, 97, 97, 97]
    beside = points(drawn(made("one"), collage))
    assert beside["collage"][1] == [99, 97]
    assert not set(beside["collage"][0]) & set(beside["one"][0])  # they hide no others


def test_the_bare_model_is_a_dotted_line() -> None:
    """Where all answers are coded; unknown, there is none."""

    def dotted(table: AccuracyTable) -> list[float]:
        lines = [line for line in drawn(table).get_lines() if line.get_linestyle() == ":"]
        return [float(line.get_ydata()[0]) for line in lines]

    assert dotted(made("one")) == [99]
    assert dotted(made("one", uncoded=None)) == []


def test_the_caption_says_what_the_marks_are() -> None:
    """And where the numbers are from, if that is one source."""
    one, other = made("one"), made("other", source="Another test.")

    assert "Bars: the tables' intervals." in drawn(one).texts[-1].get_text()
    assert "This test." in drawn(one).texts[-1].get_text()
    assert "This test." not in drawn(one, other).texts[-1].get_text()


def test_an_ensemble_misses_members() -> None:
    """Alone its axis and caption speak of members; beside a code, of results, and of both lines."""
    code = {"kind": "ensemble", "inputs": 1, "tasks": 3, "combiner": "average"}
    ensemble = made("ensemble", code=code)

    alone, beside = drawn(ensemble), drawn(made("one"), ensemble)

    assert points(alone)["ensemble"] == ([0, 1], [95, 81])
    assert (alone.get_xlabel(), beside.get_xlabel()) == ("members missing", "results missing")
    caption = " ".join(alone.texts[-1].get_text().split())
    assert "from set to set of members. Dotted: the best member alone." in caption
    both = " ".join(beside.texts[-1].get_text().split())
    assert "Dotted: without a code. Dotted: the best member alone." in both


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One table gives the figure its name; shipped ones and paths may stand side by side."""
    monkeypatch.chdir(tmp_path)
    write_accuracy(made("one"), tmp_path / "one.json")

    one = CliRunner().invoke(main, ["plot", "one.json", "accuracy"])
    both = CliRunner().invoke(main, ["plot", "./one.json", "parm-cifar-10-2", "accuracy"])
    none = CliRunner().invoke(main, ["plot", "parm-cifar", "accuracy"])

    assert one.stdout.split()[:2] == ["one.pdf", "one.png"]
    assert both.stdout.split()[:2] == ["accuracy.pdf", "accuracy.png"]
    assert (tmp_path / "accuracy.png").read_bytes().startswith(b"\x89PNG")
    assert none.exit_code == 2
    assert "did you mean" in none.stderr

"""The page, the tables and the figure of a reproduction."""

import math
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.axes import Axes

from strag_sim.errors import ResultError
from strag_sim.reproduce import Claim, Finding, Reproduction, page, write


def found(**changes: object) -> Reproduction:
    """Return a small reproduction."""
    claim = Claim(what="p99, one over other", paper="1.2 to 2 (abstract)", low=1.2, high=2)

    def draw(ax: Axes) -> Axes:
        ax.plot([1, 2], [1, 2], label="one")
        return ax

    known = {
        "name": "small",
        "title": "A small system",
        "about": "What was done.",
        "findings": (
            Finding(claim=claim, setting="3x3", value=1.5, low=1.45, high=1.55),
            Finding(claim=claim, setting="5x5", value=2.5, low=2.4, high=2.6),
            Finding(claim=claim, setting="7x7", value=math.nan),
        ),
        "conditions": ("It would have to be faster.",),
        "draw": draw,
        "caption": "One over other.",
        "tables": {"search": pd.DataFrame({"time": [0.1], "ratio": [2.5]})},
    }
    return Reproduction(**{**known, **changes})  # type: ignore[arg-type]


def test_a_page_says_what_holds_and_what_does_not() -> None:
    """A line a finding; what would have to be true; where the numbers are."""
    text = page(found(), "strag-sim reproduce small")

    assert text.startswith("# A small system\n\nWhat was done.\n")
    assert "```\nstrag-sim reproduce small\n```" in text
    assert "| claim | the paper says | 3x3 | 5x5 | 7x7 |\n|---|---|---|---|---|\n" in text
    cells = "1.500 (1.450 to 1.550) **inside** | 2.50 (2.40 to 2.60) above | - unknown"
    assert f"| p99, one over other | 1.2 to 2 (abstract) | {cells} |\n" in text
    assert "## What would have to be true\n\nIt would have to be faster.\n" in text
    assert text.endswith("The numbers: `claims.csv`, `search.csv`.\n")


def test_many_settings_have_a_line_each() -> None:
    """A page has no room for so many columns."""
    claim = Claim(what="p99", paper="over 1", low=1, high=2)
    many = tuple(Finding(claim=claim, setting=f"load {i}", value=1.5) for i in range(7))

    text = page(found(findings=many), "")

    assert "| claim | the paper says | simulated here | setting | inside? |" in text
    assert text.count("| p99 | over 1 | 1.50 | load") == 7


def test_nothing_would_have_to_be_true_where_all_holds() -> None:
    """No heading without a paragraph."""
    assert "would have to be" not in page(found(conditions=()), "")


def test_what_is_written(tmp_path: Path) -> None:
    """A page, a CSV for each table, and the figure, in a folder that is made."""
    home = tmp_path / "results/small"

    written = write(found(), home, "strag-sim reproduce small")

    names = ["README.md", "claims.csv", "search.csv", "figure.pdf", "figure.png"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in home.iterdir()) == sorted(names)
    assert list(pd.read_csv(home / "claims.csv")["verdict"]) == ["inside", "above", "unknown"]
    assert pd.read_csv(home / "search.csv")["ratio"].tolist() == [2.5]


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    """No traceback, and the file stays."""
    (tmp_path / "taken").write_text("mine")

    with pytest.raises(ResultError, match="taken: cannot write the page"):
        write(found(), tmp_path / "taken", "")

    assert (tmp_path / "taken").read_text() == "mine"

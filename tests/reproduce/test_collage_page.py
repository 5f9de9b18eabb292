"""The search, the tables, the texts and the figure of collage inference, on made-up numbers."""

import math

import pandas as pd
import pytest
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

from strag_sim.reproduce.collage_figure import BASELINES, RULE, draw
from strag_sim.reproduce.collage_search import by_grid, inside_at_all, near_both, with_building
from strag_sim.reproduce.collage_tables import grids_table, machines_table, number


def candidates(**changes: list[float]) -> pd.DataFrame:
    """Return two candidates at two grids."""
    known = {
        "unit": ["group"] * 4,
        "baseline": ["resend at p95"] * 4,
        "collage": ["200 ms at 1", "200 ms at 1", "early at 1", "early at 1"],
        "grid": [2, 3, 2, 3],
        "p99": [1.3, 1.9, 1.5, 2.1],
        "var": [2.0, 9.0, 9.1, 3.0],
        "mean": [0.9, 1.0, 1.05, 0.8],
        "build": [math.nan, 0.04, 0.01, 0.2],
        "built": [math.nan, 1.05, 1.2, 1.0],
    }
    return pd.DataFrame(known | changes)


def row(baseline: str, grid: int, p99: float, collage: str = RULE) -> dict[str, object]:
    """Return a row of the matrix, with intervals of a tenth each way."""
    around = {"": 1.0, "_low": 0.9, "_high": 1.1}
    numbers = {f"p99{end}": p99 * by for end, by in around.items()}
    numbers |= {f"var{end}": 4 * p99 * by for end, by in around.items()}
    return {"baseline": baseline, "collage": collage, "grid": grid, **numbers}


def test_inside_at_all_grids() -> None:
    """A pair counts where p99 and variation are inside at each grid; a deviation is less."""
    rows = candidates()

    assert inside_at_all(rows, (2, 3))["collage"].tolist() == ["200 ms at 1"]
    assert inside_at_all(rows, (2, 3), 0.5).empty


def test_near_both_of_the_workshop() -> None:
    """Within 5 % of 1.47 and of 9."""
    assert near_both(candidates())[["collage", "grid"]].values.tolist() == [["early at 1", 2]]
    assert near_both(candidates(p99=[1.55] * 4)).empty


def test_building_lets_all_three_hold() -> None:
    """The variance is as it was; the mean is that with building; p99 has to fall to 1.47."""
    met = with_building(candidates())

    assert met[["collage", "grid", "build"]].values.tolist() == [["200 ms at 1", 3, 0.04]]


def test_a_wide_table_by_grid() -> None:
    """A column a grid becomes a row a grid."""
    names = ["p99", "var", "mean", "build", "built"]
    wide = {f"{name}_{grid}": [float(grid)] for name in names for grid in (2, 3)}
    who = {"unit": ["group"], "baseline": ["none"], "collage": ["early at 1"]}

    rows = by_grid(pd.DataFrame(who | wide), (2, 3))

    assert rows[["grid", "p99", "built"]].values.tolist() == [[2, 2.0, 2.0], [3, 3.0, 3.0]]


def test_bold_is_inside_with_all_of_its_interval() -> None:
    """1.5 is, 1.9 with an interval to 2.09 is not, nor is what has no number."""
    rows = pd.DataFrame([row("a", 2, 1.5), row("a", 3, 1.9), row("b", 2, math.nan), row("b", 3, 9)])

    lines = grids_table(rows, {"baseline": "baseline"}).splitlines()

    assert lines[0] == "| baseline | p99 2x2 | p99 3x3 | variance 2x2 | variance 3x3 |"
    assert lines[2] == "| a | **1.50** | 1.90 | **6.00** | **7.60** |"
    assert lines[3] == "| b | - | 9.00 | - | 36.0 |"


def test_machines_have_a_share_inside() -> None:
    """Median, spread and share, a column a grid."""
    known = {"p10": [1.1], "p50": [1.5], "p90": [2.2], "inside": [0.53]}
    rows = pd.DataFrame({"baseline": ["none"], "grid": [3], **known})

    lines = machines_table(rows, {"baseline": "baseline"}).splitlines()

    assert lines[2] == "| none | 1.50 (1.10 to 2.20), 53 % |"


@pytest.mark.parametrize(("value", "text"), [(1.234, "1.23"), (12.34, "12.3"), (math.nan, "-")])
def test_numbers(value: float, text: str) -> None:
    """Three digits, or a dash."""
    assert number(value) == text


def test_the_figure_shows_both_measures_of_each_baseline() -> None:
    """A point a grid, measure and baseline, and nothing of other rules."""
    rows = [row(label, grid, 1.5) for label in BASELINES for grid in (2, 3, 4, 5)]
    other = [row("none", 2, 80.0, collage="collage early")]
    ax = Figure().add_subplot()

    assert draw(pd.DataFrame(rows + other), ax) is ax

    drawn = [bars.lines[0] for bars in ax.containers if isinstance(bars, ErrorbarContainer)]
    assert [len(line.get_ydata()) for line in drawn] == [4] * 2 * len(BASELINES)
    assert ax.get_ylim()[1] < 80
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(BASELINES.values())
    assert [text.get_text() for text in ax.texts] == ["p99", "variance"]

"""How accurate answers are by how many results are missing: tables of accuracies side by side."""

from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from strag_sim.accuracies import AccuracyTable, Entry
from strag_sim.errors import ResultError
from strag_sim.plots.gain import side_by_side
from strag_sim.plots.legend import MARKERS, caption_below, legend_above, lines
from strag_sim.plots.marks import keep

# The line from the least to the largest set: broad and pale.
BAND: dict[str, Any] = {
    "linewidth": 5.0,
    "linestyle": "-",
    "alpha": 0.25,
    "solid_capstyle": "butt",
    "zorder": 2,
}


class Point(NamedTuple):
    """The accuracy where so many results are missing, and the least and largest over their sets."""

    missing: int
    entry: Entry
    spread: tuple[float, float] | None = None


def accuracy(tables: Sequence[AccuracyTable], ax: Axes) -> Axes:
    """Draw the accuracy of each table against the number of results missing; return the axes.

    Bars are the tables' intervals, bands go from the least to the largest set of results. Where a
    table is about what is reconstructed alone, an answer with nothing missing is that of the bare
    model; of a collage, which is one result, as many single answers are missing as you like.
    Dotted lines are the bare models, of an ensemble the best of its members.
    """
    most = _most(tables)
    drawn = {table: points_of(table, most) for table in tables}
    blank = [table.name for table, points in drawn.items() if not points]
    if blank:
        raise ResultError(f"{blank[0]}: has no accuracy by number or set of results to be drawn")
    shifts = side_by_side(len(tables))
    looks = zip(shifts, lines(), cycle(MARKERS), strict=False)
    for (table, points), (shift, line, marker) in zip(drawn.items(), looks, strict=False):
        if table.uncoded and table.charges == "all":
            bare = {"color": line["color"], "linewidth": 0.6, "linestyle": ":", "zorder": 1}
            ax.axhline(100 * table.uncoded.value, **bare)
        where = np.array([point.missing for point in points]) + shift
        for x, point in zip(where, points, strict=True):
            if point.spread:
                ax.plot([x, x], [100 * end for end in point.spread], color=line["color"], **BAND)
        values = [100 * point.entry.value for point in points]
        look = {**line, "marker": marker, "markersize": 4, "label": table.name}
        ax.errorbar(where, values, _bars(points), capsize=1.5, **look)
    keep(ax, pd.DataFrame([_data(table, point) for table in drawn for point in drawn[table]]))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlim(-0.4, most + 0.4)
    ax.set_xlabel(f"{_returned(tables)} missing")
    ax.set_ylabel("accuracy (%)")
    legend_above(ax)
    caption_below(_caption(tables, drawn.values()), ax)
    return ax


def _data(table: AccuracyTable, point: Point) -> dict[str, object]:
    """Return what a point says; the least and largest over sets where there are several."""
    least, largest = point.spread or (None, None)
    of = {"table": table.name, "missing": point.missing, "accuracy": point.entry.value}
    ends = {"low": point.entry.low, "high": point.entry.high}
    return {**of, **ends, "least_set": least, "largest_set": largest}


def points_of(table: AccuracyTable, most: int) -> list[Point]:
    """Return the points of a table from none to ``most`` results missing, as far as it knows."""
    charged = table.charges == "all"
    none = [Point(0, table.uncoded)] if table.uncoded and not charged else []
    if table.tasks == 1 and not charged:
        entry = table.number(1)
        return none + ([Point(count, entry) for count in range(1, most + 1)] if entry else [])
    counts = range(0 if charged else 1, table.tasks)
    known = ((count, table.number(table.tasks - count)) for count in counts)
    spread = {count: table.spread(table.tasks - count) for count in counts}
    return none + [Point(count, entry, spread[count]) for count, entry in known if entry]


def _returned(tables: Sequence[AccuracyTable]) -> str:
    """Return what may be missing: results, or members where all tables are of ensembles."""
    return "members" if all(table.kind == "ensemble" for table in tables) else "results"


def _most(tables: Sequence[AccuracyTable]) -> int:
    """Return the most results missing of any table; of collages alone, all of their answers."""
    several = [table.tasks - table.least for table in tables if table.tasks > 1]
    return max(several or [table.inputs for table in tables])


def _bars(points: Sequence[Point]) -> NDArray[np.float64]:
    """Return by how much intervals go below and above the values, shape (2, points); NaN: none."""
    ends = [(point.entry.low, point.entry.value, point.entry.high) for point in points]
    low, value, high = 100 * np.array(ends, dtype=np.float64).T
    return np.array([value - low, high - value])


def _caption(tables: Sequence[AccuracyTable], drawn: Iterable[Sequence[Point]]) -> str:
    """Return what the marks are, and the source where all tables have the same."""
    points = [point for each in drawn for point in each]
    dotted = [table for table in tables if table.uncoded and table.charges == "all"]
    texts = [
        (any(point.entry.low is not None for point in points), "Bars: the tables' intervals."),
        (any(point.spread for point in points), f"Bands: from set to set of {_returned(tables)}."),
        (any(table.kind != "ensemble" for table in dotted), "Dotted: without a code."),
        (any(table.kind == "ensemble" for table in dotted), "Dotted: the best member alone."),
        (len({table.source for table in tables}) == 1, _sentence(tables[0].source)),
    ]
    return " ".join(text for there, text in texts if there)


def _sentence(text: str) -> str:
    """Return a source as a sentence."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."

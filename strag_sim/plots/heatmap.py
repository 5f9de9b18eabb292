"""Which policy has the lowest p99, over two values that are swept over, and how much it gains."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from strag_sim.errors import ResultError
from strag_sim.plots.legend import MARKERS, caption_below, legend_above, literal
from strag_sim.plots.marks import background, faint, ink, keep
from strag_sim.plots.rows import shortened
from strag_sim.plots.swept import rows_of, short, value_text
from strag_sim.sweep import Swept

COLOURS = "YlGnBu"
LEAST = 1.05  # of the largest gain, for a scale that has some length
SIZE = 5.0


def heatmap(swept: Swept, ax: Axes, where: Sequence[str] = ()) -> Axes:
    """Draw which policy has the lowest p99 in each cell, and return the axes.

    The mark is that policy; it is empty where the interval of another overlaps, so that they
    cannot be told apart. The colour is the gain: p99 of the scenario's first policy over the
    lowest; grey where the first policy is unstable, and blank where all are.
    """
    rows, paths = rows_of(swept, where)
    if len(paths) != 2:
        swept_over = ", ".join(paths) or "nothing"
        raise ResultError(
            f"{swept.folder}: a heatmap is drawn over two values that change; here "
            f"{len(paths)} do: {swept_over}; hold others with --where PATH=VALUE"
        )
    across, up = (list(dict.fromkeys(rows.sort_values("cell")[path])) for path in paths)
    first = str(rows["label"].iloc[0])
    gains = np.full((len(up), len(across)), np.nan)
    marks: list[dict[str, Any]] = []
    for _, cell in rows.groupby("cell"):
        best = _lowest(cell, first)
        if best is not None:
            x, y = across.index(cell[paths[0]].iloc[0]), up.index(cell[paths[1]].iloc[0])
            gains[y, x] = best["gain"]
            marks.append({**best, "x": x, "y": y})
    if not marks:
        raise ResultError(f"{swept.folder}: no policy is stable in any cell")
    _colours(gains, first, ax)
    keep(ax, pd.DataFrame([_data(mark, paths, across, up) for mark in marks]))
    labels = [str(label) for label in rows["label"].unique()]
    _marks(marks, labels, ax)
    _axes(ax, paths, across, up)
    legend_above(ax)
    if not all(mark["sure"] for mark in marks):
        caption_below("Empty: the interval of another policy overlaps.", ax)
    return ax


def _lowest(cell: pd.DataFrame, first: str) -> dict[str, Any] | None:
    """Return the policy of the lowest p99 of a cell, its gain, and whether that is sure."""
    known = cell[cell["p99"].notna()].sort_values("p99", kind="stable")
    if known.empty:
        return None
    best, others = known.iloc[0], known.iloc[1:]
    base = cell.loc[cell["label"] == first, "p99"]
    gain = float(base.iloc[0] / best["p99"]) if len(base) else np.nan
    sure = bool((others["p99_low"] > best["p99_high"]).all())
    return {"label": str(best["label"]), "gain": gain, "sure": sure}


def _data(
    mark: Mapping[str, Any], paths: Sequence[str], across: Sequence[Any], up: Sequence[Any]
) -> dict[str, Any]:
    """Return what a mark says: the values of its cell, the policy, its gain, and if it is sure."""
    where = {paths[0]: across[mark["x"]], paths[1]: up[mark["y"]]}
    return {**where, **{name: mark[name] for name in ("label", "gain", "sure")}}


def _colours(gains: Any, first: str, ax: Axes) -> None:
    """Fill the cells, and say beside them what the colours are."""
    ax.grid(False)
    ax.set_facecolor(faint(0.15))
    most = max(float(np.nanmax(gains, initial=1.0)), LEAST)
    filled = ax.pcolormesh(gains, norm=LogNorm(1.0, most), cmap=COLOURS, edgecolors=background())
    figure = ax.get_figure(root=True)
    if figure is not None:
        bar = figure.colorbar(filled, ax=ax)
        bar.set_label(f"gain: p99 of {literal(shortened(first))} / lowest p99")
        bar.ax.yaxis.set_major_locator(LogLocator(10, subs=(1, 1.5, 2, 3, 5, 7)))
        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        bar.ax.yaxis.set_minor_formatter(NullFormatter())


def _marks(marks: Sequence[Mapping[str, Any]], labels: Sequence[str], ax: Axes) -> None:
    """Mark each cell with its policy; only policies that have one are in the legend."""
    colours = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    looks = zip(labels, cycle(MARKERS), cycle([colours[1], "black", colours[3]]), strict=False)
    for label, marker, colour in looks:
        mine = [mark for mark in marks if mark["label"] == label]
        if not mine:
            continue
        style: dict[str, Any] = {"linestyle": "none", "marker": marker, "markersize": SIZE}
        style |= {"markeredgecolor": colour, "markeredgewidth": 0.8}
        key = style | ({"markeredgecolor": ink()} if colour == "black" else {})  # on a dark figure
        ax.plot([], [], markerfacecolor=colour, label=label, **key)
        for sure, fill in ((True, colour), (False, "white")):
            some = [mark for mark in mine if mark["sure"] == sure]
            xs, ys = [m["x"] + 0.5 for m in some], [m["y"] + 0.5 for m in some]
            ax.plot(xs, ys, markerfacecolor=fill, **style)


def _axes(ax: Axes, paths: Sequence[str], across: Sequence[Any], up: Sequence[Any]) -> None:
    """Name the axes, and their values."""
    texts = [[literal(value_text(value)) for value in values] for values in (across, up)]
    ax.set_xticks(np.arange(len(across)) + 0.5, texts[0])
    ax.set_yticks(np.arange(len(up)) + 0.5, texts[1])
    ax.tick_params(length=0)
    if sum(map(len, texts[0])) > 30:
        ax.tick_params("x", labelrotation=45)
    ax.set(xlabel=literal(short(paths[0])), ylabel=literal(short(paths[1])))

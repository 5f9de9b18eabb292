"""What a low tail costs over all cells of a sweep: a point a cell and policy, and their front."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from strag_sim.errors import ResultError
from strag_sim.plots.legend import MARKERS, caption_below, legend_above, lines
from strag_sim.plots.marks import faint, keep
from strag_sim.plots.pareto import FAR, PALE_EDGE
from strag_sim.plots.swept import lines_of, rows_of
from strag_sim.plots.tails import unit_for
from strag_sim.sweep import Swept
from strag_sim.sweep.best import beaten


def swept_pareto(swept: Swept, ax: Axes, where: Sequence[str] = ()) -> Axes:
    """Draw p99 against cost, a point a cell and policy, and return the axes.

    Bars are the intervals over runs. Points than which another is surely better (as in `best`:
    in p99, cost and, where it is known of all, accuracy) are pale; the step joins those that no
    other beats.
    """
    rows, paths = rows_of(swept, where)
    known = rows[rows[["p99", "cost"]].notna().all(axis=1)].reset_index(drop=True)
    if known.empty:
        raise ResultError(f"{swept.folder}: no policy has both a p99 and a cost to be drawn")
    merits = {"p99": 1.0, "cost": 1.0}
    if known["accuracy"].notna().all():
        merits["accuracy"] = -1.0
    known = known.assign(pale=beaten(known, merits))
    ends = [f"{name}{end}" for name in ("p99", "cost", "accuracy") for end in ("", "_low", "_high")]
    keep(ax, known[[*paths, "label", *ends, "pale"]])
    unit, up = unit_for(float(known["p99"].max()))
    cost_unit, across = unit_for(float(known["cost"].max()))
    groups = zip(lines_of(known, [], swept.folder), lines(), cycle(MARKERS), strict=False)
    for (name, group), look, marker in groups:
        shown = {"marker": marker, "linestyle": "none", "markersize": 3, "elinewidth": 0.5}
        for pale in (True, False):
            shown |= {
                "color": faint(PALE_EDGE) if pale else look["color"],
                "zorder": 2 if pale else 3,
            }
            _points(group[group["pale"] == pale], up, across, shown, ax)
        ax.plot([], [], linestyle="none", marker=marker, color=look["color"], label=name)
    _front(known, up, across, ax)
    ax.set(xlabel=f"cost (worker-{cost_unit} a request)", ylabel=f"p99 ({unit})")
    for column, scale, axis in (("cost", across, "x"), ("p99", up, "y")):
        least, most = known[column].min() * scale, known[column].max() * scale
        if most > FAR * least:  # an interval may well go down to nothing
            ax.set(**{f"{axis}scale": "log", f"{axis}lim": (least / 1.4, most * 1.4)})
            getattr(ax, f"{axis}axis").set_major_formatter(lambda value, _: f"{value:g}")
        elif getattr(ax, f"get_{axis}lim")()[0] < 0:  # nor further
            ax.set(**{f"{axis}lim": (0, None)})
    legend_above(ax)
    caption_below(_caption(known, rows, merits), ax)
    return ax


def _points(
    rows: pd.DataFrame, up: float, across: float, shown: Mapping[str, Any], ax: Axes
) -> None:
    """Draw points and their bars."""
    if rows.empty:
        return
    bars = [
        np.array([rows[name] - rows[f"{name}_low"], rows[f"{name}_high"] - rows[name]]) * scale
        for name, scale in (("p99", up), ("cost", across))
    ]
    ends = np.nan_to_num(np.maximum(bars, 0))
    ax.errorbar(rows["cost"] * across, rows["p99"] * up, *ends, **shown)


def _front(rows: pd.DataFrame, up: float, across: float, ax: Axes) -> None:
    """Join the points that no other is as good as in p99 and cost."""
    rounded = rows["cost"].map(lambda cost: float(f"{cost:.12g}"))  # equal but for rounding: equal
    ordered = rows.assign(cost=rounded).sort_values(["cost", "p99"])
    front = ordered[ordered["p99"] < ordered["p99"].cummin().shift(fill_value=np.inf)]
    xs, ys = front["cost"] * across, front["p99"] * up
    ax.step(xs, ys, where="post", color=faint(), linewidth=0.7, zorder=1)


def _caption(known: pd.DataFrame, rows: pd.DataFrame, merits: dict[str, float]) -> str:
    """Return what the marks are, and what is left out."""
    texts = [f"Pale: another point is surely better ({', '.join(merits)})."]
    left = len(rows) - len(known)
    if left:
        texts.append(f"{left} points without a p99 or a cost are left out.")
    return " ".join(texts)

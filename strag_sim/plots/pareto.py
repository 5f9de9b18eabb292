"""What a low tail costs, in work and in accuracy: one point a policy."""

import math
from collections.abc import Hashable, Mapping
from itertools import cycle
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from strag_sim.errors import ResultError
from strag_sim.plots.legend import MARKERS, caption_below, legend_above
from strag_sim.plots.marks import background, faint, ink, keep, of_policy
from strag_sim.plots.tails import unit_for
from strag_sim.results import Result

Row = Mapping[Hashable, Any]
Units = Mapping[str, tuple[str, float]]
# The colour map goes from dark, the most accurate, to here, which stands out from white.
COLOURS, LIGHTEST = "viridis", 0.9
# Shares of ink: of the edge of a point, and of the inside and the edge of a grey one.
EDGE, PALE, PALE_EDGE = 0.8, 0.12, 0.4
# Largest over smallest of what is drawn, above which an axis is logarithmic.
FAR = 10
_ENDS = ("_low", "_high")
LEAST_HALF = 0.05  # of an interval that one digit shows; per cent


def pareto(result: Result, ax: Axes) -> Axes:
    """Draw p99 against cost, a point a policy, and return the axes.

    Its colour and the legend say how accurate its answers are; where that is not known, the point
    is empty. Bars are the intervals over runs. A policy than which another is as good or better in
    all three, and better in one of them by more than their intervals, is grey. An unstable policy,
    and an oracle, which has no cost, is named below the figure.
    """
    summary = result.summary()
    drawn = summary[summary[["p99", "cost"]].notna().all(axis=1)]
    if drawn.empty:
        raise ResultError(
            f"{result.folder or 'this result'}: no policy has both a p99 and a cost to be drawn"
        )
    numbers = {label: number for number, label in enumerate(summary["label"])}
    grey = dominated(drawn)
    units = {name: unit_for(float(drawn[name].max())) for name in ("p99", "cost")}
    fill, accurate = _fills(drawn, grey), bool(drawn["accuracy"].notna().any())
    for row, marker in zip(drawn.to_dict("records"), cycle(MARKERS), strict=False):
        pale = row["label"] in grey
        look = {
            "marker": marker,
            "color": faint(PALE_EDGE if pale else EDGE),
            "markerfacecolor": fill[row["label"]],
            "zorder": 2 if pale else 3,
        }
        with of_policy(ax, numbers[row["label"]]):
            _draw(row, units, {**look, "label": _name(row, accurate=accurate)}, ax)
    ends = [f"{name}{end}" for name in ("p99", "cost", "accuracy") for end in ("", *_ENDS)]
    keep(ax, drawn[["label", *ends]].assign(grey=drawn["label"].isin(grey)))
    _axes(ax, drawn, units)
    legend_above(ax)
    legend = ax.get_legend()
    for text, label in zip(legend.get_texts() if legend else [], drawn["label"], strict=True):
        text.set_color(faint(PALE_EDGE) if label in grey else ink())
    caption_below(_caption(drawn, grey, summary), ax)
    return ax


def dominated(rows: pd.DataFrame) -> set[str]:
    """Return the labels of policies than which another is as good or better in all, see `pareto`.

    All are p99, cost and accuracy. A policy whose accuracy is not known is held against those of
    which it is not known either, for nothing says which of two others is more accurate.
    """
    each = rows.to_dict("records")
    return {str(row["label"]) for row in each if any(_beats(other, row) for other in each)}


def known(row: Row) -> bool:
    """Tell whether the accuracy of a policy is known."""
    return not math.isnan(row["accuracy"])


def _beats(one: Row, other: Row) -> bool:
    """Tell whether a policy is no worse in all, and better in one by more than their intervals."""
    if known(one) != known(other):
        return False
    names = ["p99", "cost", "accuracy"] if known(one) else ["p99", "cost"]
    pairs = [(_bounds(one, name), _bounds(other, name)) for name in names]
    no_worse = all(mine[1] <= its[1] for mine, its in pairs)
    return no_worse and any(mine[2] < its[0] for mine, its in pairs)


def _bounds(row: Row, name: str) -> tuple[float, float, float]:
    """Return the interval of an estimate around it, the better the lower; without one, the same."""
    value = row[name]
    ends = [value if math.isnan(row[f"{name}{end}"]) else row[f"{name}{end}"] for end in _ENDS]
    low, high = ends if name != "accuracy" else (-ends[1], -ends[0])
    return low, (-value if name == "accuracy" else value), high


def _fills(rows: pd.DataFrame, grey: set[str]) -> dict[str, Any]:
    """Return the colour of each policy, by its accuracy; white where that is not known."""
    least, most = rows["accuracy"].min(), rows["accuracy"].max()
    colours = mpl.colormaps[COLOURS]
    fills: dict[str, Any] = {}
    for row in rows.to_dict("records"):
        share = (row["accuracy"] - least) / (most - least) if most > least else 1.0
        colour = faint(PALE) if row["label"] in grey else colours(LIGHTEST * (1 - share))
        fills[row["label"]] = colour if known(row) else background()
    return fills


def _draw(row: Row, units: Units, look: Mapping[str, Any], ax: Axes) -> None:
    """Draw the point of a policy, and its bars."""
    (_, across), (_, up) = units["cost"], units["p99"]
    x, y = row["cost"] * across, row["p99"] * up
    bars = {"ecolor": look["color"], "zorder": look["zorder"], "elinewidth": 0.7, "capsize": 1.5}
    ax.errorbar(x, y, _bar(row, "p99", up), _bar(row, "cost", across), fmt="none", **bars)
    point: dict[str, Any] = {"linestyle": "none", "markersize": 5, "markeredgewidth": 0.7}
    ax.plot(x, y, **point, **look)


def _bar(row: Row, name: str, scale: float) -> list[list[float]]:
    """Return by how much an interval goes below and above the estimate; NaN where there is none."""
    return [[(row[name] - row[f"{name}_low"]) * scale], [(row[f"{name}_high"] - row[name]) * scale]]


def _name(row: Row, *, accurate: bool) -> str:
    """Return what the legend says: also how accurate a policy is, if that is known of any."""
    return f"{row['label']}: {_accuracy(row)}" if accurate else str(row["label"])


def _accuracy(row: Row) -> str:
    """Return the accuracy as the legend has it, with half its interval where it has one."""
    if not known(row):
        return "accuracy not known"
    half = 50 * (row["accuracy_high"] - row["accuracy_low"])
    spread = f" ± {half:.1f}" if half >= LEAST_HALF else ""
    return f"{100 * row['accuracy']:.1f}{spread} %"


def _axes(ax: Axes, rows: pd.DataFrame, units: Units) -> None:
    """Name the axes, and make them logarithmic where policies are far apart."""
    names = {"cost": "cost (worker-{} a request)", "p99": "p99 ({})"}
    for name, axis in (("cost", "x"), ("p99", "y")):
        ax.set(**{f"{axis}label": names[name].format(units[name][0])})
        if rows[name].max() > FAR * rows[name].min():
            ax.set(**{f"{axis}scale": "log"})


def _caption(drawn: pd.DataFrame, grey: set[str], summary: pd.DataFrame) -> str:
    """Return what the marks are, and which policies are not there."""
    accurate = drawn["accuracy"].notna()
    apart = drawn["accuracy"].nunique() > 1
    left = [str(label) for label in summary["label"] if label not in set(drawn["label"])]
    texts = [
        (apart, "The darker the more accurate."),
        (not accurate.all(), "Empty: accuracy not known."),
        (bool(grey), "Grey: another policy is as good or better in all that is known."),
        (bool(left), f"Without a p99 or a cost: {', '.join(left)}."),
    ]
    return " ".join(text for there, text in texts if there)

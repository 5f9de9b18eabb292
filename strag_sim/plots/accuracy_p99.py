"""What accuracy costs in p99: one point a policy, those of a kind joined in their order."""

import math
from itertools import cycle
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from strag_sim.errors import ResultError
from strag_sim.plots.legend import MARKERS, caption_below, legend_above, lines, literal
from strag_sim.plots.tails import unit_for
from strag_sim.results import Result

NAMES = ("accuracy", "p99")


def accuracy_p99(result: Result, ax: Axes) -> Axes:
    """Draw p99 against accuracy, a point a policy, and return the axes.

    Policies of the same kind are joined in the order of the scenario: that is what a knob does, as
    the threshold of a code does. Bars are the intervals over runs. Policies without a p99, or whose
    accuracy is not known, are named below the figure.
    """
    summary = result.summary()
    there = summary[list(NAMES)].notna().all(axis=1)
    drawn, left = summary[there], summary.loc[~there, "label"]
    if drawn.empty:
        raise ResultError(
            f"{result.folder or 'this result'}: no policy has both a p99 and a known accuracy; "
            "give the scenario the accuracy of own answers, and policies a table (strag-sim list "
            "accuracies)"
        )
    unit, scale = unit_for(float(drawn["p99"].max()))
    for (_, rows), line, marker in zip(
        drawn.groupby("policy", sort=False), lines(), cycle(MARKERS), strict=False
    ):
        _draw(rows, scale, {**line, "marker": marker}, ax)
        if len(rows) > 1:
            _name(rows, scale, float(drawn["accuracy"].mean()), line["color"], ax)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=_digits(drawn), symbol=" %"))
    ax.set(xlabel="accuracy", ylabel=f"p99 ({unit})")
    legend_above(ax)
    if len(left):
        caption_below(f"Without a p99 or a known accuracy: {', '.join(map(str, left))}.", ax)
    return ax


def _draw(rows: pd.DataFrame, scale: float, look: dict[str, Any], ax: Axes) -> None:
    """Draw the policies of a kind: points with their bars, and a line through them."""
    across, up = rows["accuracy"], rows["p99"] * scale
    bars = [[rows[name] - rows[f"{name}_low"], rows[f"{name}_high"] - rows[name]] for name in NAMES]
    label = str(rows["label"].iloc[0]) if len(rows) == 1 else str(rows["policy"].iloc[0])
    high = [each * scale for each in bars[1]]
    ax.errorbar(
        across,
        up,
        high,
        bars[0],
        label=label,
        markersize=4,
        linewidth=0.8,
        elinewidth=0.7,
        capsize=1.5,
        **look,
    )


def _name(rows: pd.DataFrame, scale: float, middle: float, color: str, ax: Axes) -> None:
    """Write the policies' labels beside their points: towards the middle, and off the line."""
    for x, y, label in zip(rows["accuracy"], rows["p99"] * scale, rows["label"], strict=True):
        right = x < middle
        ax.annotate(
            literal(str(label)),
            (x, y),
            xytext=(4, -8) if right else (-5, 3),
            ha="left" if right else "right",
            textcoords="offset points",
            fontsize=5.5,
            color=color,
        )


def _digits(drawn: pd.DataFrame) -> int:
    """Return the digits that tell the accuracies of an axis apart, in per cent."""
    width = 100 * (drawn["accuracy"].max() - drawn["accuracy"].min())
    return 0 if width > 5 or width == 0 else max(0, 1 - math.floor(math.log10(width)))

"""What accuracy costs in p99: one point a policy, those of a kind in one colour and joined."""

import math
from collections.abc import Hashable, Mapping
from itertools import cycle
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from strag_sim.errors import ResultError
from strag_sim.plots.legend import MARKERS, caption_below, legend_above, lines
from strag_sim.plots.marks import keep, of_policy
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
    numbers = {label: number for number, label in enumerate(summary["label"])}
    unit, scale = unit_for(float(drawn["p99"].max()))
    colours = dict(zip(drawn["policy"].unique(), lines(), strict=False))
    for kind, rows in drawn.groupby("policy", sort=False):
        ax.plot(rows["accuracy"], rows["p99"] * scale, linewidth=0.8, **colours[kind])
    for row, marker in zip(drawn.to_dict("records"), cycle(MARKERS), strict=False):
        look = {"color": colours[row["policy"]]["color"], "marker": marker}
        with of_policy(ax, numbers[row["label"]]):
            _draw(row, scale, look, ax)
    ends = [f"{name}{end}" for name in NAMES for end in ("", "_low", "_high")]
    keep(ax, drawn[["policy", "label", *ends]])
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=_digits(drawn), symbol=""))
    ax.set(xlabel="accuracy (%)", ylabel=f"p99 ({unit})")
    legend_above(ax)
    if len(left):
        caption_below(f"Without a p99 or a known accuracy: {', '.join(map(str, left))}.", ax)
    return ax


def _draw(row: Mapping[Hashable, Any], scale: float, look: dict[str, Any], ax: Axes) -> None:
    """Draw the point of a policy, with its bars."""
    scales = {"accuracy": 1.0, "p99": scale}
    x, y = (row[name] * by for name, by in scales.items())
    across, up = (
        [
            [(row[name] - row[f"{name}_low"]) * by],
            [(row[f"{name}_high"] - row[name]) * by],
        ]
        for name, by in scales.items()
    )
    style: dict[str, Any] = {
        "linestyle": "none",
        "markersize": 4.5,
        "elinewidth": 0.7,
        "capsize": 1.5,
    }
    ax.errorbar(x, y, up, across, label=str(row["label"]), **style, **look)


def _digits(drawn: pd.DataFrame) -> int:
    """Return the digits that tell the accuracies of an axis apart, in per cent."""
    width = 100 * (drawn["accuracy"].max() - drawn["accuracy"].min())
    return 0 if width > 5 or width == 0 else max(0, 1 - math.floor(math.log10(width)))

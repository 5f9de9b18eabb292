"""The share of responses that take longer than a time: the figure for tails."""

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from strag_sim.plots.legend import legend_above, lines
from strag_sim.plots.marks import keep, of_policy
from strag_sim.plots.tails import LONG, share_axis, tail_of, time_ticks, unit_for
from strag_sim.results import Result

# Fewer responses than this above a point and the curve there is noise.
FEWEST_ABOVE = 10
# The share still waiting where a logarithmic axis starts.
START = 0.99


def ccdf(result: Result, ax: Axes) -> Axes:
    """Draw P(response > t) of every policy on a logarithmic scale, and return the axes.

    The bands are the intervals over runs at each single time. A curve ends where fewer than
    ``FEWEST_ABOVE`` responses lie above it. An unstable policy is named and not drawn.
    """
    tail, summary = tail_of(result), result.summary()
    floor = FEWEST_ABOVE / float((summary["runs"] * summary["requests"]).max())
    drawn = tail[tail["ccdf"] >= floor]
    if drawn.empty:
        drawn = tail
    longest = float(drawn["response"].max())
    unit, scale = unit_for(longest)
    for number, (label, line) in enumerate(zip(summary["label"], lines(), strict=False)):
        with of_policy(ax, number):
            _curve(label, drawn[drawn["label"] == label], scale, floor, line, ax)
    keep(ax, drawn)
    share_axis(ax, floor, "P(response > t)")
    ax.set_xlabel(f"response time t ({unit})")
    if _is_long(drawn):
        start = float(drawn[drawn["ccdf"] <= START]["response"].min())
        ax.set_xscale("log")
        ax.set_xlim(left=scale * start)
        time_ticks(ax, decades=math.log10(longest / start))
    else:
        ax.set_xlim(left=0)
    legend_above(ax)
    return ax


def _curve(
    label: str, curve: pd.DataFrame, scale: float, floor: float, line: dict[str, Any], ax: Axes
) -> None:
    """Draw the curve of a policy, and the band of its intervals."""
    if curve.empty:
        ax.plot([], [], label=f"{label} (unstable)", **line)
        return
    # From the origin: until the fastest response, every response takes longer.
    time = [0.0, *curve["response"] * scale]
    ax.step(time, [1.0, *curve["ccdf"]], where="post", label=label, **line)
    low = curve["low"].clip(lower=floor / 10)
    band: dict[str, Any] = {"step": "post", "alpha": 0.2, "linewidth": 0, "color": line["color"]}
    ax.fill_between(time[1:], low, curve["high"], **band)


def _is_long(drawn: pd.DataFrame) -> bool:
    """Return whether the longest response drawn is very long beside the fastest median."""
    medians = drawn[drawn["ccdf"] <= 0.5].groupby("label")["response"].min()
    return bool(len(medians) and drawn["response"].max() > LONG * medians.min())

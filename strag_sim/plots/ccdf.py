"""The share of responses that take longer than a time: the figure for tails."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator

from strag_sim.results import Result

# Fewer responses than this above a point and the curve there is noise.
FEWEST_ABOVE = 10
# A tail so much longer than the fastest policy's median is drawn on a logarithmic axis.
LONG = 100
# The share still waiting where a logarithmic axis starts.
START = 0.99
# Inches that an entry of the legend takes beside its text, and a letter of it.
HANDLE, LETTER = 0.36, 0.058
UNITS = ((10, "s", 1.0), (0.01, "ms", 1e3), (0, "µs", 1e6))


def ccdf(result: Result, ax: Axes) -> Axes:
    """Draw P(response > t) of every policy on a logarithmic scale, and return the axes.

    The bands are the intervals over runs at each single time. A curve ends where fewer than
    ``FEWEST_ABOVE`` responses lie above it. An unstable policy is named and not drawn.
    """
    tail, summary = result.tail(), result.summary()
    floor = FEWEST_ABOVE / float((summary["runs"] * summary["requests"]).max())
    drawn = tail[tail["ccdf"] >= floor]
    if drawn.empty:
        drawn = tail
    longest = float(drawn["response"].max()) if len(drawn) else 1.0
    unit, scale = next((unit, scale) for least, unit, scale in UNITS if longest >= least)
    for label, line in zip(summary["label"], lines(), strict=False):
        curve = drawn[drawn["label"] == label]
        if curve.empty:
            ax.plot([], [], label=f"{label} (unstable)", **line)
            continue
        # From the origin: until the fastest response, every response takes longer.
        time = [0.0, *curve["response"] * scale]
        ax.step(time, [1.0, *curve["ccdf"]], where="post", label=label, **line)
        low = curve["low"].clip(lower=floor / 10)
        ax.fill_between(
            time[1:], low, curve["high"], step="post", alpha=0.2, linewidth=0, color=line["color"]
        )
    _axes(ax, floor)
    ax.set_xlabel(f"response time t ({unit})")
    if _is_long(drawn):
        ax.set_xscale("log")
        ax.set_xlim(left=scale * float(drawn[drawn["ccdf"] <= START]["response"].min()))
    else:
        ax.set_xlim(left=0)
    legend_above(ax)
    return ax


def lines() -> Iterator[dict[str, Any]]:
    """Yield colours and dashes without end; no two alike in the first forty."""
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    colours, dashes = cycle["color"], cycle.get("linestyle", ["-"])
    for i in count():
        shift = i + i // len(colours)
        yield {"color": colours[i % len(colours)], "linestyle": dashes[shift % len(dashes)]}


def _is_long(drawn: pd.DataFrame) -> bool:
    """Return whether the longest response drawn is very long beside the fastest median."""
    medians = drawn[drawn["ccdf"] <= 0.5].groupby("label")["response"].min()
    return bool(len(medians) and drawn["response"].max() > LONG * medians.min())


def _axes(ax: Axes, floor: float) -> None:
    """Set the logarithmic scale of the share, and draw the line at p99."""
    ax.set_yscale("log")
    ax.set_ylim(floor, 1.3)
    ax.yaxis.set_major_locator(LogLocator(10, numticks=12))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_ylabel("P(response > t)")
    if floor < 0.01:
        ax.axhline(0.01, color="0.35", linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
        ax.text(0.01, 0.0108, "p99", transform=ax.get_yaxis_transform(), fontsize=6, color="0.35")


def legend_above(ax: Axes) -> None:
    """Put the legend above the axes, where no data is, in as many columns as there is room for."""
    handles, labels = ax.get_legend_handles_labels()
    width = HANDLE + LETTER * max(map(len, labels))
    room = ax.get_position().width * mpl.rcParams["figure.figsize"][0]
    ax.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=max(1, min(3, int(room / width))),
        borderaxespad=0,
        columnspacing=1,
    )

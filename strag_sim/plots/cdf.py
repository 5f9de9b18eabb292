"""The share of responses that are there by a time: the figure for the many, not for the tail."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from strag_sim.plots.legend import caption_below, legend_above, lines
from strag_sim.plots.marks import keep, of_policy
from strag_sim.plots.tails import LONG, tail_of, unit_for
from strag_sim.results import Result
from strag_sim.units import readable


def cdf(result: Result, ax: Axes) -> Axes:
    """Draw P(response <= t) of every policy on straight axes from 0, and return the axes.

    The bands are the intervals over runs at each single time. The axis ends at the largest p99 of
    the policies, but before it is too long for the fastest of them to be read; whose p99 lies
    beyond it is named below. An unstable policy is named in the legend and not drawn.
    """
    shares, summary = shares_by(tail_of(result)), result.summary()
    end = _end(summary)
    unit, scale = unit_for(end)
    for place, (label, line) in enumerate(zip(summary["label"], lines(), strict=False)):
        curve = shares[shares["label"] == label]
        with of_policy(ax, place):
            if curve.empty:
                ax.plot([], [], label=f"{label} (unstable)", **line)
                continue
            # From the origin: before the fastest response there is none.
            time = [0.0, *curve["response"] * scale]
            ax.step(time, [0.0, *curve["share"]], where="post", label=label, **line)
            band = {"step": "post", "alpha": 0.2, "linewidth": 0, "color": line["color"]}
            ax.fill_between(time[1:], curve["low"], curve["high"], **band)
    ax.set(xlim=(0, end * scale), ylim=(0, 1.02))
    ax.set(xlabel=f"response time t ({unit})", ylabel="P(response ≤ t)")
    legend_above(ax)
    beyond = summary[summary["p99"] > end]
    texts = [f"{row['label']}: {readable(row['p99'])}" for row in beyond.to_dict("records")]
    if texts:
        caption_below(f"p99, to the right of the axis, of {'; '.join(texts)}.", ax)
    keep(ax, shares)
    return ax


def shares_by(tail: pd.DataFrame) -> pd.DataFrame:
    """Return the share of responses that are there by each time of a tail, and its interval."""
    shares = {"share": 1 - tail["ccdf"], "low": 1 - tail["high"], "high": 1 - tail["low"]}
    return tail[["label", "response"]].assign(**shares)


def _end(summary: pd.DataFrame) -> float:
    """Return where the axis ends, in seconds."""
    longest, fastest = float(summary["p99"].max()), float(summary["p50"].min())
    if np.isnan(longest):
        return 1.0
    return min(longest, LONG * fastest) or 1.0

"""How responses go along a run, from its empty queues on: is the warm-up long enough?"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter
from numpy.typing import NDArray

from strag_sim.plots.legend import legend_above, lines
from strag_sim.plots.marks import faint, keep, of_policy
from strag_sim.plots.tails import unit_for
from strag_sim.results import Result

# Stretches of the moving average, of all of the run's: a twentieth to either side.
WINDOW = 20


def warm_up(result: Result, ax: Axes) -> Axes:
    """Draw each policy's mean response along a run, and where the warm-up ends; return the axes.

    Welch's plot: the response averaged over runs, smoothed by a moving average that is narrower at
    the beginning and ends where it would have to be at the end. Pale behind it is what is smoothed.
    (Welch, in Lavenberg, ed., Computer Performance Modeling Handbook, 1983.)
    """
    course, summary = result.course(), result.summary()
    unit, scale = unit_for(float(course["response"].max()))
    parts = course.groupby("label", sort=False)
    drawn = []
    for number, ((label, part), line) in enumerate(zip(parts, lines(), strict=False)):
        at = part["request"].to_numpy(dtype=np.float64)
        means = scale * part["response"].to_numpy(dtype=np.float64)
        pale = {**line, "alpha": 0.25, "linewidth": 0.5, "linestyle": "-"}
        reach = means.size // WINDOW
        smoothed = smooth(means, reach)
        with of_policy(ax, number):
            ax.plot(at, means, **pale)
            ax.plot(at[: at.size - reach], smoothed, label=str(label), **line)
        shown = pd.Series(smoothed / scale, part.index[: smoothed.size])
        drawn.append(part[["label", "request", "response"]].assign(smoothed=shown))
    keep(ax, pd.concat(drawn, ignore_index=True))
    cut = int(summary["warm_up"].iloc[0])
    ax.axvline(cut, color=faint(), linewidth=0.6, linestyle=(0, (1, 2)))
    ax.annotate(
        f"warm-up: {cut:,}",
        (cut, 1),
        xycoords=("data", "axes fraction"),
        xytext=(2, -2),
        textcoords="offset points",
        va="top",
        fontsize="x-small",
    )
    ax.set_xlim(0, max(1.0, float(course["request"].max())))
    ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set_xlabel("request of a run")
    ax.set_ylabel(f"mean response ({unit})")
    legend_above(ax)
    return ax


def smooth(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return the mean of each value and those beside it, equally many on both sides.

    They are ``reach``, or as many as come before the value; the last ``reach`` values have no mean.
    """
    sums = np.concatenate(([0.0], np.cumsum(values)))
    place = np.arange(values.size - reach)
    side = np.minimum(reach, place)
    return np.asarray((sums[place + side + 1] - sums[place - side]) / (2 * side + 1))

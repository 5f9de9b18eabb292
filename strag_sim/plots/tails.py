"""What figures of tails share: the axis of the share above a time, and ticks of long times."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from strag_sim.errors import ResultError
from strag_sim.plots.marks import faint
from strag_sim.results import Result

# A tail so many times the median long (of results: the fastest policy's) is drawn on a logarithmic
# axis: on a straight one all curves would stand in the corner, on the label of p99.
LONG = 15
_UNITS = ((10, "s", 1.0), (0.01, "ms", 1e3), (0, "µs", 1e6))


def tail_of(result: Result) -> pd.DataFrame:
    """Return a result's tail; a ResultError where no policy has one."""
    tail = result.tail()
    if tail.empty:
        raise ResultError(
            f"{result.folder or 'this result'}: no responses can be drawn: all policies are "
            "unstable; give a lower load, or more workers"
        )
    return tail


def unit_for(longest: float) -> tuple[str, float]:
    """Return the unit that suits times up to so many seconds, and how many of it make a second."""
    return next((unit, scale) for least, unit, scale in _UNITS if longest >= least)


def share_axis(ax: Axes, floor: float, label: str) -> None:
    """Set the logarithmic scale of the share, down to ``floor``, and draw the line at p99."""
    ax.set_yscale("log")
    ax.set_ylim(floor, 1.3)
    ax.yaxis.set_major_locator(LogLocator(10, numticks=12))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_ylabel(label)
    if floor < 0.01:
        ax.axhline(0.01, color=faint(), linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
        at: dict[str, Any] = {
            "transform": ax.get_yaxis_transform(),
            "fontsize": 6,
            "color": faint(),
        }
        ax.text(0.01, 0.0108, "p99", **at)


def time_ticks(ax: Axes, *, decades: float) -> None:
    """Set ticks that suit a logarithmic scale, the times written out: 200 and 500 between tens."""
    between = (1.0, 2.0, 5.0) if decades < 2.5 else (1.0,)
    narrow = MaxNLocator(5)  # less than a decade has room for few of these
    wide = LogLocator(10, subs=between, numticks=20)
    ax.xaxis.set_major_locator(narrow if decades < 0.7 else wide)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(lambda time, _: f"{time:g}" if decades < 5 else f"{time:.0e}")

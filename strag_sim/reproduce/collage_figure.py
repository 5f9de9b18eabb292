"""The figure of collage inference: ratios of p99 and of variance by grid, on one axis."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from strag_sim.plots.gain import side_by_side
from strag_sim.plots.legend import MARKERS, legend_above, lines
from strag_sim.plots.marks import faint, ink
from strag_sim.reproduce.collage_claims import NINE, RATIOS, VARIANCE, WORKSHOP

RULE = "collage at 2 medians"
BASELINES = {
    "none": "no redundancy",
    "resend at p95": "resend at p95",
    "resend at 2 medians": "resend at 2 medians",
    "two copies": "two copies",
    "two copies on twice the workers": "two copies, twice the workers",
}
# Each measure, its name, what the papers say of it, and where its grids stand.
HALVES = (("p99", "p99", RATIOS, WORKSHOP), ("var", "variance", VARIANCE, NINE))
_APART, _EDGE, _TICKS = 1.0, 0.45, (0.5, 1, 2, 5, 10, 20, 50)
CAPTION = (
    "How many times that of the collage the p99 and the variance of each baseline are: the "
    "authors' closed loop and rule, timeout of two medians, by group, i.i.d.; bars: 95 % paired "
    "intervals. Shaded: what the ICDCS paper says; dashed: the workshop paper's 1.47 and 9."
)


def draw(rows: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the ratios by grid of the baselines over the authors' rule, and return the axes.

    ``rows`` has the columns baseline, collage and grid, and p99 and var with their intervals.
    """
    grids = sorted(rows["grid"].unique())
    step = len(grids) + _APART
    looks = zip(BASELINES, side_by_side(len(BASELINES)), lines(), MARKERS, strict=False)
    for label, aside, line, marker in looks:
        of = rows[rows["baseline"].eq(label) & rows["collage"].eq(RULE)].sort_values("grid")
        for half, (measure, *_) in enumerate(HALVES):
            here = [grids.index(grid) + half * step + aside for grid in of["grid"]]
            bars = [of[measure] - of[f"{measure}_low"], of[f"{measure}_high"] - of[measure]]
            name = BASELINES[label] if half == 0 else None
            ax.errorbar(
                here, of[measure], bars, label=name, capsize=1.5, marker=marker, ms=3, **line
            )
    for half, (_, name, paper, point) in enumerate(HALVES):
        first, last = half * step - _EDGE, half * step + len(grids) - 1 + _EDGE
        ax.fill_between([first, last], paper.low, paper.high, color=faint(0.12), zorder=0, lw=0)
        middle = (point.low + point.high) / 2
        ax.plot([first, last], [middle] * 2, color=ink(), lw=0.8, ls=(0, (4, 2)), zorder=1)
        ax.text((first + last) / 2, 0.99, name, transform=ax.get_xaxis_transform(),
                ha="center", va="top")  # fmt: skip
    _axes(ax, grids, step)
    legend_above(ax)
    return ax


def _axes(ax: Axes, grids: list[int], step: float) -> None:
    """Set the scale, and the grids' names below both halves."""
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    ax.set_ylim(low, high * 1.35)  # room for the names of the halves
    ax.yaxis.set_major_locator(FixedLocator(_TICKS))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    places = [number + half * step for half in range(len(HALVES)) for number in range(len(grids))]
    ax.set_xticks(places, [f"{grid}x{grid}" for grid in grids] * len(HALVES))
    ax.grid(visible=False, axis="x")
    ax.set_ylabel("baseline / collage")

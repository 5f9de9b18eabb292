"""What figures of tails share: the logarithmic share above a time, and a legend above the axes."""

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator

# Inches that an entry of the legend takes beside its text, and a letter of it.
HANDLE, LETTER = 0.36, 0.058


def share_axis(ax: Axes, floor: float, label: str) -> None:
    """Set the logarithmic scale of the share, down to ``floor``, and draw the line at p99."""
    ax.set_yscale("log")
    ax.set_ylim(floor, 1.3)
    ax.yaxis.set_major_locator(LogLocator(10, numticks=12))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_ylabel(label)
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

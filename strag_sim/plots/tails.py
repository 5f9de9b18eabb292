"""What figures of tails share: the logarithmic axis of the share above a time."""

from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator


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

"""Policies as the rows of a figure: their labels, as high as their lines, and texts behind them."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation, blended_transform_factory
from numpy.typing import NDArray

from strag_sim.plots.legend import LETTER, MARGIN, literal, width_of
from strag_sim.plots.marks import faint

# Inches that a row takes at least, and a line of its label; letters of a line.
EACH, LINE, LONGEST = 0.23, 0.125, 20
SMALL = 6  # points, of what is written beside the axes
_HANDLE = 0.32  # inches that an entry of a legend takes beside its text


def label_rows(labels: Sequence[str], ax: Axes, around: float) -> NDArray[np.float64]:
    """Write labels beside the axes, from above, and return where their rows are, shape (rows,).

    A unit of the axis is an inch. The figure becomes as high as the rows, and ``around`` for the
    axis below and what is above.
    """
    texts = [literal(textwrap.fill(label, LONGEST)) for label in labels]
    heights = np.array([max(EACH, LINE * (text.count("\n") + 1) + 0.05) for text in texts])
    places = np.cumsum(heights) - heights / 2
    ax.set_yticks(places, texts)
    ax.set_ylim(float(heights.sum()), 0)
    ax.grid(visible=False, axis="y")
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.set_figheight(around + float(heights.sum()))
    return np.asarray(places)


def shortened(label: str) -> str:
    """Return a label as it fits into a line, for texts that name a policy beside others."""
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 3].rstrip()}..."


def write_behind(text: str, place: float, ax: Axes) -> None:
    """Write a text behind a row, to the right of the axes."""
    ax.annotate(
        text,
        (1, place),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=SMALL,
        annotation_clip=False,
    )


def head_behind(text: str, ax: Axes) -> None:
    """Write above the texts behind the rows what they are."""
    ax.annotate(
        literal(text),
        (1, 1),
        xycoords="axes fraction",
        xytext=(4, 2),
        textcoords="offset points",
        va="bottom",
        fontsize=SMALL,
        color=faint(),
        annotation_clip=False,
    )


def legend_over(handles: Sequence[Artist], ax: Axes, *, above: float = 0.0) -> None:
    """Put a legend above the axes over the whole width of the figure, ``above`` inches higher."""
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    place = blended_transform_factory(figure.transFigure, ax.transAxes)
    widest = max((len(str(each.get_label())) for each in handles), default=1)
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(MARGIN, 1.0),
        bbox_transform=place + ScaledTranslation(0, above, figure.dpi_scale_trans),
        ncols=max(1, min(5, int(width_of(ax) / (_HANDLE + LETTER * widest)))),
        handlelength=1.4,
        columnspacing=1,
        borderaxespad=0.2,
    )

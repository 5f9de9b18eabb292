"""Policies as the rows of a figure: their labels, as high as their lines, and texts behind them."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from strag_sim.plots.legend import literal
from strag_sim.plots.marks import faint

# Inches that a row takes at least, and a line of its label; letters of a line.
EACH, LINE, LETTERS = 0.23, 0.125, 20
SMALL = 6  # points, of what is written beside the axes


def label_rows(labels: Sequence[str], ax: Axes, around: float) -> NDArray[np.float64]:
    """Write labels beside the axes, from above, and return where their rows are, shape (rows,).

    A unit of the axis is an inch. The figure becomes as high as the rows, and ``around`` for the
    axis below and what is above.
    """
    texts = [literal(textwrap.fill(label, LETTERS)) for label in labels]
    heights = np.array([max(EACH, LINE * (text.count("\n") + 1) + 0.05) for text in texts])
    places = np.cumsum(heights) - heights / 2
    ax.set_yticks(places, texts)
    ax.set_ylim(float(heights.sum()), 0)
    ax.grid(visible=False, axis="y")
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.set_figheight(around + float(heights.sum()))
    return np.asarray(places)


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

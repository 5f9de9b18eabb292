"""Lines that can be told apart, a legend above the axes and a caption below them."""

import textwrap
from collections.abc import Iterator
from itertools import count
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from strag_sim.plots.marks import faint

# Inches that an entry of the legend takes beside its text, and a letter of it.
HANDLE, LETTER = 0.36, 0.058
# Of points, told apart in print without colour.
MARKERS = "osD^vPX<>p*h"
# Of lines: dashes beside those of the style, by which nine are told apart in print without colour.
MORE = ((0, (9, 3)), (0, (1, 3)))
# Of a caption: letters an inch, points, inches a line.
LETTERS, LETTER_SIZE, LINE_HEIGHT = 22.8, 5.5, 0.095
MARGIN = 0.01  # share of the figure's width, to the left of a legend or caption over all of it
WIDE = 5.0  # inches of a figure whose legend may have more columns than three


def lines() -> Iterator[dict[str, Any]]:
    """Yield colours and dashes without end; no two alike of sixty, nor of nine without colour."""
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    colours, dashes = cycle["color"], cycle.get("linestyle", ["-"])
    if len(dashes) == len(colours):  # whose pairs would come again with the first of both
        dashes = [*dashes, *MORE]
    for i in count():
        yield {"color": colours[i % len(colours)], "linestyle": dashes[i % len(dashes)]}


def legend_above(ax: Axes) -> None:
    """Put the legend above the axes, where no data is, in as many columns as there is room for."""
    handles, labels = ax.get_legend_handles_labels()
    width = HANDLE + LETTER * max(map(len, labels))
    room = ax.get_position().width * width_of(ax)
    letters = int((room - HANDLE) / LETTER)  # of a line; a longer one would press the axes narrow
    ax.legend(
        handles,
        [literal(textwrap.fill(label, letters)) for label in labels],
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=max(1, min(3 if width_of(ax) < WIDE else 5, int(room / width))),
        borderaxespad=0,
        columnspacing=1,
    )


def caption_below(text: str, ax: Axes, *, from_edge: bool = False) -> None:
    """Write a text in small print beneath the axes; the figure grows by it.

    It begins a little to the left of the axes, or at the left edge of the figure.
    """
    filled = literal(textwrap.fill(text, int(LETTERS * width_of(ax))))
    ax.annotate(
        filled,
        (MARGIN if from_edge else 0, 0),
        xytext=(0 if from_edge else -30, -30),
        xycoords=("figure fraction" if from_edge else "axes fraction", "axes fraction"),
        textcoords="offset points",
        va="top",
        fontsize=LETTER_SIZE,
        color=faint(),
        annotation_clip=False,
    )
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.set_figheight(figure.get_figheight() + LINE_HEIGHT * len(filled.splitlines()))


def width_of(ax: Axes) -> float:
    """Return how many inches the figure of some axes is wide."""
    figure = ax.get_figure(root=True)
    return mpl.rcParams["figure.figsize"][0] if figure is None else float(figure.get_figwidth())


def literal(text: str) -> str:
    """Return a user's text as a figure shows it to the letter: a dollar begins no formula."""
    return text.replace("$", r"\$")

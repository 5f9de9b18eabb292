"""A figure as a file: the style, the kinds, and bytes that do not change."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import matplotlib.style as styles
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from strag_sim.errors import ResultError
from strag_sim.plots.accuracy_p99 import accuracy_p99
from strag_sim.plots.attribution import attribution
from strag_sim.plots.ccdf import ccdf
from strag_sim.plots.cdf import cdf
from strag_sim.plots.pareto import pareto
from strag_sim.plots.variance import variance
from strag_sim.plots.warm_up import warm_up
from strag_sim.results import Result
from strag_sim.whole import whole

# What would make the bytes of two equal figures differ.
_CHANGING: dict[str, dict[str, str | None]] = {
    ".pdf": {"CreationDate": None},
    ".svg": {"Date": None},
    ".png": {},
}

KINDS: dict[str, Callable[[Result, Axes], Axes]] = {
    "ccdf": ccdf,
    "cdf": cdf,
    "accuracy-p99": accuracy_p99,
    "attribution": attribution,
    "pareto": pareto,
    "variance": variance,
    "warm-up": warm_up,
}


def paper_style() -> AbstractContextManager[None]:
    """Return a context in which figures have the style of a paper."""
    return styles.context("strag_sim.plots.paper")


def draw(result: Result, kind: str) -> Figure:
    """Return a new figure of a result, in the style of a paper."""
    return figure_of(partial(KINDS[kind], result))


def figure_of(draw_on: Callable[[Axes], Axes]) -> Figure:
    """Return a new figure in the style of a paper, whose axes this function draws on."""
    with paper_style():
        figure = Figure()
        FigureCanvasAgg(figure)
        legend = draw_on(figure.add_subplot()).get_legend()
        if legend is not None:
            # The legend stands above the axes; make room, or it would press them flat.
            height = legend.get_window_extent().height / figure.dpi
            figure.set_figheight(figure.get_figheight() + height)
    return figure


def write(figure: Figure, path: Path) -> None:
    """Write a figure as PDF, PNG or SVG, by the name's ending; the same figure, the same bytes."""
    ending = path.suffix.lower()
    if ending not in _CHANGING:
        raise ResultError(f"{path}: a figure's name must end in {', '.join(_CHANGING)}")
    content = io.BytesIO()
    with paper_style():
        figure.savefig(content, format=ending[1:], metadata=_CHANGING[ending])
    try:
        with whole(path) as file:
            file.write(content.getvalue())
    except OSError as error:
        reason = error.strerror or error
        raise ResultError(f"{path}: cannot write the figure: {reason}") from error

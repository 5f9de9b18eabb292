"""The kinds of figures of a result, and figures that are drawn whole."""

from collections.abc import Callable
from functools import partial

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from strag_sim.plots.accuracy_p99 import accuracy_p99
from strag_sim.plots.attribution import attribution
from strag_sim.plots.ccdf import ccdf
from strag_sim.plots.cdf import cdf
from strag_sim.plots.pareto import pareto
from strag_sim.plots.paths import paths
from strag_sim.plots.styles import styled
from strag_sim.plots.timeline import timeline
from strag_sim.plots.variance import variance
from strag_sim.plots.warm_up import warm_up
from strag_sim.results import Result

KINDS: dict[str, Callable[[Result, Axes], Axes]] = {
    "ccdf": ccdf,
    "cdf": cdf,
    "accuracy-p99": accuracy_p99,
    "attribution": attribution,
    "pareto": pareto,
    "paths": paths,
    "timeline": timeline,
    "variance": variance,
    "warm-up": warm_up,
}


def draw(result: Result, kind: str, *, style: str = "paper", width: str = "column") -> Figure:
    """Return a new figure of a result, of one of ``KINDS``."""
    return figure_of(partial(KINDS[kind], result), style=style, width=width)


def figure_of(
    draw_on: Callable[[Axes], Axes], *, style: str = "paper", width: str = "column"
) -> Figure:
    """Return a new figure in a style, see `styled`, whose axes this function draws on."""
    with styled(style, width):
        figure = Figure()
        FigureCanvasAgg(figure)
        legend = draw_on(figure.add_subplot()).get_legend()
        if legend is not None:
            # The legend stands above the axes; make room, or it would press them flat.
            height = legend.get_window_extent().height / figure.dpi
            figure.set_figheight(figure.get_figheight() + height)
    return figure

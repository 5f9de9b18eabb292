"""The figures of a page, or why one is not there."""

import functools
import warnings
from dataclasses import dataclass

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.colors import to_hex

from strag_sim import plots
from strag_sim.errors import ResultError
from strag_sim.plots.legend import lines
from strag_sim.report.colours import variables
from strag_sim.report.marks import belong, tell
from strag_sim.report.svg import inline
from strag_sim.results import Result

# In the order of the page: each kind, its title and how it is read.
TOLD = {
    "ccdf": ("Tail", "The share of responses that take longer than a time; bands are intervals."),
    "cdf": ("Distribution", "The share of responses that take at most a time."),
    "variance": ("Variance", "How much responses vary; bars are intervals over runs."),
    "pareto": ("Tail against cost", "Lower is faster, further left is cheaper."),
    "accuracy-p99": ("Tail against accuracy", "Lower is faster, further right is more accurate."),
    "attribution": ("Where the time went", "Of requests above p99, in the order of time."),
    "paths": ("Who answered", "The share of requests that each way to an answer answered."),
    "warm-up": ("Along a run", "Mean response; left of the line it is dropped as warm-up."),
}


@dataclass(frozen=True)
class Shown:
    """A figure as SVG, or the reason that it is not there."""

    kind: str
    title: str
    caption: str
    svg: Markup = Markup()
    reason: str = ""


def shown(result: Result) -> list[Shown]:
    """Return the figures of a result in the order of the page."""
    # Corners stay those of the data, so that they can be read off.
    with warnings.catch_warnings(), mpl.rc_context({"path.simplify": False}):
        # The page has other fonts than matplotlib, which has not every letter.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        return [_drawn(result, kind) for kind in TOLD if kind in plots.KINDS]


def swatches(count: int) -> list[tuple[str, str]]:
    """Return the colour, as a style, and the dashes of each policy's line in the figures."""
    with plots.styled():
        looks = [look for look, _ in zip(lines(), range(count), strict=False)]
    return [
        (variables(f"stroke: {to_hex(look['color'])}"), _dashes(look["linestyle"]))
        for look in looks
    ]


def _drawn(result: Result, kind: str) -> Shown:
    """Return one figure."""
    title, caption = TOLD[kind]
    try:
        figure = plots.figure_of(functools.partial(plots.KINDS[kind], result))
    except ResultError as error:
        return Shown(kind, title, caption, reason=said(error, result))
    belong(figure, result.labels)
    titles = tell(figure, result.labels)
    return Shown(kind, title, caption, svg=Markup(inline(figure, kind, titles)))


def said(error: ResultError, result: Result) -> str:
    """Return what an error says, as a sentence that names no folder."""
    where = (str(result.folder), "this result")
    text = str(error)
    for each in where:
        text = text.removeprefix(f"{each}: ")
    return text[:1].upper() + text[1:] + "."


def _dashes(style: object) -> str:
    """Return the dashes of a line as SVG has them; empty for a whole line."""
    if isinstance(style, tuple):
        return " ".join(f"{3 * length:g}" for length in style[1])
    return {"--": "8 4", "-.": "9 3 2 3", ":": "2 3"}.get(str(style), "")

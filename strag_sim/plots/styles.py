"""The styles and widths of figures: for papers, for slides, and for slides that are dark."""

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
import matplotlib.style as styles

from strag_sim.errors import ResultError

# Each is laid over those before it.
LAYERS = {
    "paper": ("paper",),
    "slides": ("paper", "slides"),
    "dark": ("paper", "slides", "dark"),
}
STYLES = tuple(LAYERS)
WIDTHS = ("column", "page")
# Inches of a figure over a page, by its style: both columns of a paper; a slide at 0.4 of its size.
PAGES = {"paper": (6.9, 2.4), "slides": (5.33, 2.6), "dark": (5.33, 2.6)}


@contextmanager
def styled(style: str = "paper", width: str = "column") -> Iterator[None]:
    """Set the style of figures, for as long as the context lasts.

    Parameters
    ----------
    style : "paper", "slides" or "dark"
    width : "column" or "page"
        Of a paper: one column of it, or both; of slides half of one, or all of it.
    """
    for name, given, known in (("style", style, STYLES), ("width", width, WIDTHS)):
        if given not in known:
            raise ResultError(f"{name}: {given!r} is not allowed; it must be {', '.join(known)}")
    with styles.context([f"strag_sim.plots.{layer}" for layer in LAYERS[style]]):
        if width == "page":
            mpl.rcParams["figure.figsize"] = PAGES[style]
        yield

"""What a figure's marks belong to, the colours of what is no data, and the data that are drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

# How much of the ink is in pale text and lines, and in frames and bands that stand behind the data.
FAINT, FAINTEST = 0.65, 0.2
_DATA: WeakKeyDictionary[Axes, pd.DataFrame] = WeakKeyDictionary()


def ink() -> str:
    """Return the colour of text in the style that is set: black on paper, white on dark slides."""
    return to_hex(mpl.rcParams["text.color"])


def faint(share: float = FAINT) -> str:
    """Return a colour between the background and the ink; ``share`` is how much of it is ink."""
    behind, front = to_rgb(mpl.rcParams["axes.facecolor"]), to_rgb(ink())
    red, green, blue = ((1 - share) * b + share * f for b, f in zip(behind, front, strict=True))
    return to_hex((red, green, blue))


def background() -> str:
    """Return the colour behind the data in the style that is set."""
    return to_hex(mpl.rcParams["axes.facecolor"])


@contextmanager
def of_policy(ax: Axes, number: int) -> Iterator[None]:
    """Mark all that is drawn within as the policy's of this row of the summary.

    In SVG each such artist is a group whose id is ``policy-NUMBER``, by which a page can hide it.
    """
    before = set(ax.get_children())
    yield
    for artist in ax.get_children():
        if artist not in before:
            artist.set_gid(f"policy-{number}")


def keep(ax: Axes, drawn: pd.DataFrame) -> None:
    """Keep the data that axes show, for whoever writes the figure: one row a mark, in SI units."""
    _DATA[ax] = drawn


def kept(ax: Axes) -> pd.DataFrame | None:
    """Return the data that `keep` kept of these axes; None where there are none."""
    return _DATA.get(ax)

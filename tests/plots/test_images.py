"""Each figure of a result looks as it did: small grey pictures of its marks, loosely compared.

Run as a script, it draws the pictures in images/ anew; look at them before they are committed.
"""

import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image
from small_result import small_result

from strag_sim import plots

PICTURES = Path(__file__).parent / "images"
DPI, BYTES = 75, 15_000
# Mean difference of greys, in [0, 1], in the tile of a picture that differs most; each may be
# shifted by a dot. Between matplotlib 3.10.9 and 3.11.2 it is below 0.0001, and without the marks
# of a policy from 0.03 (warm-up) to 0.8 (timeline).
TOLERANCE = 0.02
TILE, SHIFT = 12, 1  # dots


def greys(figure: Figure) -> NDArray[np.float64]:
    """Return the dots of the marks of a figure, 0 is black; shape (height, width).

    Texts are left out, and nothing is laid out by them, for each version of matplotlib draws them
    otherwise. The figure is changed.
    """
    figure.set_layout_engine("none")
    figure.set_size_inches(3.33, 2.0)
    for text in figure.findobj(Text):
        text.set_visible(False)
    for ax in figure.axes:
        ax.set_position((0.05, 0.05, 0.9, 0.9))
        legend = ax.get_legend()
        if legend is not None:
            legend.set_visible(False)
    file = io.BytesIO()
    with plots.styled():
        figure.savefig(file, format="png", dpi=DPI)
    return np.asarray(Image.open(file).convert("L"), dtype=np.float64) / 255


def picture(kind: str) -> NDArray[np.float64]:
    """Return the dots of the committed picture of a kind."""
    return np.asarray(Image.open(PICTURES / f"{kind}.png"), dtype=np.float64) / 255


def difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return how far two pictures of one size differ."""
    height, width = np.subtract(one.shape, 2 * SHIFT)
    inner = tiles(other[SHIFT : SHIFT + height, SHIFT : SHIFT + width])
    shifted = (
        np.abs(tiles(one[down : down + height, across : across + width]) - inner).mean(axis=(2, 3))
        for down in range(2 * SHIFT + 1)
        for across in range(2 * SHIFT + 1)
    )
    return float(np.min(list(shifted), axis=0).max())


def tiles(dots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the tiles of a picture, each over half of the one before it."""
    return sliding_window_view(dots, (TILE, TILE))[:: TILE // 2, :: TILE // 2]


def without_a_policy(figure: Figure) -> Figure:
    """Return a figure in which all marks of its last policy are hidden; its legend stays."""
    children = figure.axes[0].get_children()
    last = max(artist.get_gid() or "" for artist in children)
    assert last.startswith("policy-")
    for artist in children:
        if artist.get_gid() == last:
            artist.set_visible(False)
    return figure


@pytest.mark.parametrize("kind", plots.KINDS)
def test_looks_as_it_did(kind: str) -> None:
    """The marks are those of the committed picture."""
    assert difference(greys(plots.draw(small_result(), kind)), picture(kind)) < TOLERANCE


@pytest.mark.parametrize("kind", plots.KINDS)
def test_a_forgotten_policy_would_be_seen(kind: str) -> None:
    """The planted fault: each figure without the marks of one policy is none that passes."""
    forgotten = without_a_policy(plots.draw(small_result(), kind))

    assert difference(greys(forgotten), picture(kind)) > TOLERANCE


def test_a_shift_is_forgiven() -> None:
    """By a dot, to the right and down; not by three."""
    dots = picture("ccdf")

    assert difference(np.roll(dots, 1, axis=(0, 1)), dots) < TOLERANCE
    assert difference(np.roll(dots, 3, axis=(0, 1)), dots) > TOLERANCE


def test_pictures_are_small_and_all_are_of_a_kind() -> None:
    """No more than the repository need carry, and none that nobody compares with."""
    found = {path.stem: path.stat().st_size for path in PICTURES.glob("*.png")}

    assert set(found) == set(plots.KINDS)
    assert max(found.values()) < BYTES


if __name__ == "__main__":
    for name in plots.KINDS:
        dots = (255 * greys(plots.draw(small_result(), name))).astype(np.uint8)
        Image.fromarray(dots).save(PICTURES / f"{name}.png", optimize=True)

"""Images and their classes: what is trained and measured on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

# So many of 1,797 are for testing: 500 of scikit-learn's digits.
TEST_SHARE = 500 / 1797
_HELD_OUT = 1 / 3  # of the training images


@dataclass(frozen=True, eq=False)
class Images:
    """Images of one size with a class each.

    ``pixels`` (n, C, H, W) are float32 in [0, 1], ``labels`` (n,) int64 point into ``classes``;
    ``sha256`` is that of both, in hex.
    """

    name: str
    pixels: NDArray[np.float32]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, eq=False)
class Split:
    """Which images are for training and which for testing; none is in both."""

    training: NDArray[np.int64]
    testing: NDArray[np.int64]


def split(images: Images, seed: int) -> Split:
    """Return a split by seed that has the same share of each class on both sides.

    Of scikit-learn's 1,797 digits 1,297 are for training and 500 for testing.
    """
    return _parted(images, np.arange(len(images.labels)), TEST_SHARE, seed)


def held_out(images: Images, seed: int) -> Split:
    """Return a split of a seed's training images: ``testing`` is a third that is held out.

    Members of an ensemble train on the others, and are weighed by those that are held out; the
    seed's test images are in neither. Of scikit-learn's 1,297 for training 432 are held out.
    """
    return _parted(images, split(images, seed).training, _HELD_OUT, seed)


def _parted(images: Images, rows: NDArray[np.int64], share: float, seed: int) -> Split:
    """Return a split of some images, by seed, that has the same share of each class."""
    training, testing = train_test_split(
        rows,
        test_size=round(len(rows) * share),
        stratify=images.labels[rows],
        random_state=seed,
    )
    return Split(training, testing)

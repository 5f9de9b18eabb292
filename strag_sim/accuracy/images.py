"""Images and their classes: what is trained and measured on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

# So many of 1,797 are for testing: 500 of scikit-learn's digits.
TEST_SHARE = 500 / 1797


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
    count = len(images.labels)
    training, testing = train_test_split(
        np.arange(count),
        test_size=round(count * TEST_SHARE),
        stratify=images.labels,
        random_state=seed,
    )
    return Split(training, testing)

"""Where images come from: digits of scikit-learn, a folder of a folder a class, or a .npz file."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from strag_sim.accuracy.images import Images
from strag_sim.codes.resizing import resized
from strag_sim.errors import TrainingError

DIGITS = "digits"
SIDE, DIGITS_SIDE = 32, 16  # pixels to which images are resized
FEWEST = 4  # images of a class
_ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}


def images(source: str = DIGITS) -> Images:
    """Return the images of a source, resized to squares.

    ``digits`` are the 1,797 handwritten digits that come with scikit-learn, 8 x 8 pixels enlarged
    to 16 x 16. Else it is the path of a folder, in which each folder is a class, or of a .npz file
    with ``images`` (n, height, width) or (n, height, width, channels), uint8 or in [0, 1], and
    ``labels`` (n,). These become 32 x 32 pixels. A TrainingError says what is wrong with them.
    """
    path = Path(source)
    if source == DIGITS:
        name, (pixels, labels) = DIGITS, _digits()
    elif path.is_dir():
        name, (pixels, labels) = path.resolve().name, _folder(path)
    elif path.suffix == ".npz" and path.is_file():
        name, (pixels, labels) = path.stem, _arrays(path)
    else:
        raise TrainingError(
            f"--data: {source!r} is neither {DIGITS}, nor a folder, nor a .npz file that exists"
        )
    classes, numbers = np.unique(labels, return_inverse=True)
    _check(source, classes, numbers)
    return Images(
        name=name,
        pixels=pixels,
        labels=numbers.astype(np.int64),
        classes=tuple(str(each) for each in classes),
        sha256=_digest(pixels, numbers.astype("<i8")),
    )


def _digits() -> tuple[NDArray[np.float32], NDArray[np.str_]]:
    """Return the digits of scikit-learn, enlarged."""
    found = load_digits()
    pixels = resized(found.images / 16, DIGITS_SIDE, DIGITS_SIDE)
    return pixels[:, None].astype(np.float32), found.target.astype(str)


def _folder(path: Path) -> tuple[NDArray[np.float32], NDArray[np.str_]]:
    """Return the images below a folder, in the order of their names; grey if all are."""
    files = [
        file
        for folder in sorted(each for each in path.iterdir() if each.is_dir())
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in _ENDINGS
    ]
    if not files:
        raise TrainingError(
            f"--data: no images in the folders of {str(path)!r}; each folder in it is a class, "
            f"with files such as .png or .jpg"
        )
    read = [_read(file) for file in files]
    grey = all((each == each[..., :1]).all() for each in read)
    pixels = np.stack([_square(each[..., :1] if grey else each, SIDE) for each in read])
    return pixels, np.array([file.parent.name for file in files])


def _read(file: Path) -> NDArray[np.float64]:
    """Return one image (height, width, 3) in [0, 1]."""
    from PIL import Image

    try:
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB"), dtype=float) / 255
    except OSError as error:
        raise TrainingError(f"{file}: cannot be read as an image: {error}") from None


def _arrays(path: Path) -> tuple[NDArray[np.float32], NDArray[np.str_]]:
    """Return the images of a .npz file."""
    with _readable(path), np.load(path) as file:
        missing = {"images", "labels"} - set(file.files)
        if missing:
            raise TrainingError(
                f"{path}: {' and '.join(sorted(missing))} missing; it must hold images and labels"
            )
        found, labels = file["images"], file["labels"]
    if found.ndim not in (3, 4) or len(found) != len(labels) or labels.ndim != 1:
        raise TrainingError(
            f"{path}: images have the shape {found.shape} and labels {labels.shape}; allowed are "
            "(n, height, width) or (n, height, width, channels), and (n,)"
        )
    pixels = found / 255 if found.dtype == np.uint8 else found.astype(float)
    if not (np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() <= 1):
        raise TrainingError(f"{path}: images must be uint8, or numbers from 0 to 1")
    pixels = pixels[..., None] if pixels.ndim == 3 else pixels
    return np.stack([_square(each, SIDE) for each in pixels]), labels.astype(str)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say what is wrong with a .npz file that cannot be read."""
    try:
        yield
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, TrainingError):
            raise
        raise TrainingError(f"{path}: cannot be read as .npz: {error}") from None


def _square(image: NDArray[np.float64], side: int) -> NDArray[np.float32]:
    """Return the middle square of an image (height, width, C), resized, as (C, side, side)."""
    height, width = image.shape[:2]
    least = min(height, width)
    top, left = (height - least) // 2, (width - least) // 2
    middle = image[top : top + least, left : left + least]
    return resized(middle.transpose(2, 0, 1), side, side).astype(np.float32)


def _check(source: str, classes: NDArray[np.str_], numbers: NDArray[np.int64]) -> None:
    """Refuse what cannot be split and trained on."""
    counts = np.bincount(numbers)
    if len(classes) < 2:
        raise TrainingError(f"--data: {source!r} has one class only; at least 2 are needed")
    if counts.min() < FEWEST:
        rare = classes[counts.argmin()]
        raise TrainingError(
            f"--data: {source!r} has {counts.min()} images of the class {rare!r}; each class needs "
            f"at least {FEWEST}"
        )


def _digest(pixels: NDArray[np.float32], labels: NDArray[np.int64]) -> str:
    """Return the SHA-256, in hex, of the shape, the pixels to 8 bits, and the labels."""
    content = hashlib.sha256(repr(pixels.shape).encode("ascii"))
    content.update(np.round(pixels * 255).astype(np.uint8).tobytes())
    content.update(labels.tobytes())
    return content.hexdigest()

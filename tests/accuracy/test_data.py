"""Images from scikit-learn, folders and files, and how they are split."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch
pytest.importorskip("torch")
data = pytest.importorskip("strag_sim.accuracy.data")
images = pytest.importorskip("strag_sim.accuracy.images")

from strag_sim.errors import TrainingError  # noqa: E402


def write(path: Path, level: int, side: int = 40) -> None:
    """Write a grey image of one level."""
    pillow = pytest.importorskip("PIL.Image")
    path.parent.mkdir(parents=True, exist_ok=True)
    pillow.fromarray(np.full((side, side + 8, 3), level, np.uint8)).save(path)


def test_digits(digits: Any) -> None:
    """There are 1,797 digits of 10 classes, and enlarging keeps their mean."""
    from sklearn.datasets import load_digits

    assert digits.pixels.shape == (1797, 1, 16, 16)
    assert digits.pixels.dtype == np.float32
    assert digits.classes == tuple("0123456789")
    assert (digits.labels == load_digits().target).all()
    assert digits.pixels.mean() == pytest.approx(load_digits().images.mean() / 16, rel=0.02)
    assert len(digits.sha256) == 64


def test_split_is_stratified_and_apart(digits: Any) -> None:
    """1,297 digits train and 500 test; every class has its share; seeds differ."""
    split = images.split(digits, 3)

    assert (len(split.training), len(split.testing)) == (1297, 500)
    assert sorted([*split.training, *split.testing]) == list(range(1797))
    counts = np.bincount(digits.labels[split.testing])
    assert np.abs(counts - np.bincount(digits.labels) * 500 / 1797).max() <= 1
    assert (images.split(digits, 3).testing == split.testing).all()
    assert set(images.split(digits, 4).testing) != set(split.testing)


def test_a_folder_of_images(tmp_path: Path) -> None:
    """Each folder is a class; grey images have one channel; names give the order."""
    for i in range(4):
        write(tmp_path / "dark" / f"{i}.png", 10 * i)
        write(tmp_path / "light" / f"{i}.PNG", 200 + 10 * i)
    (tmp_path / "light" / "notes.txt").write_text("no image")

    found = data.images(str(tmp_path))

    assert found.pixels.shape == (8, 1, 32, 32)
    assert found.classes == ("dark", "light")
    assert found.labels.tolist() == [0] * 4 + [1] * 4
    levels = [*range(0, 40, 10), *range(200, 240, 10)]
    assert found.pixels.mean(axis=(1, 2, 3)) * 255 == pytest.approx(levels, abs=0.01)


def test_arrays(tmp_path: Path) -> None:
    """uint8 and shares are the same images; other pixels, or other labels, have another hash."""
    rng = np.random.Generator(np.random.PCG64(0))
    pixels = rng.integers(0, 256, (12, 32, 32, 3), np.uint8)
    labels = np.arange(12) % 3
    np.savez(tmp_path / "a.npz", images=pixels, labels=labels)
    np.savez(tmp_path / "b.npz", images=pixels / 255, labels=labels)
    np.savez(tmp_path / "c.npz", images=pixels, labels=labels[::-1])
    pixels[3, 4, 5, 0] ^= 128
    np.savez(tmp_path / "d.npz", images=pixels, labels=labels)

    a, b, c, d = (data.images(str(tmp_path / f"{name}.npz")) for name in "abcd")

    assert a.pixels.shape == (12, 3, 32, 32)
    assert a.sha256 == b.sha256
    assert len({a.sha256, c.sha256, d.sha256}) == 3


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"images": np.zeros((8, 4, 4))}, "labels missing"),
        ({"images": np.zeros((8, 4)), "labels": np.zeros(8)}, r"shape \(8, 4\)"),
        ({"images": np.zeros((8, 4, 4)), "labels": np.zeros(7)}, r"labels \(7,\)"),
        ({"images": np.full((8, 4, 4), 2.0), "labels": np.arange(8) % 2}, "from 0 to 1"),
        ({"images": np.zeros((8, 4, 4)), "labels": np.zeros(8)}, "one class only"),
        ({"images": np.zeros((8, 4, 4)), "labels": np.arange(8) // 6}, "2 images of the class"),
    ],
)
def test_wrong_arrays(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    """What cannot be trained on is refused, and said why."""
    np.savez(tmp_path / "x.npz", **arrays)

    with pytest.raises(TrainingError, match=message):
        data.images(str(tmp_path / "x.npz"))


def test_wrong_sources(tmp_path: Path) -> None:
    """A path that is not there, an empty folder, a broken file and a broken image are told."""
    (tmp_path / "broken.npz").write_bytes(b"PK no")
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad" / "a").mkdir(parents=True)
    (tmp_path / "bad" / "a" / "0.png").write_bytes(b"no image")

    with pytest.raises(TrainingError, match="neither digits, nor a folder"):
        data.images(str(tmp_path / "none"))
    with pytest.raises(TrainingError, match="no images in the folders"):
        data.images(str(tmp_path / "empty"))
    with pytest.raises(TrainingError, match="cannot be read as"):
        data.images(str(tmp_path / "broken.npz"))
    with pytest.raises(TrainingError, match=r"0\.png: cannot be read as an image"):
        data.images(str(tmp_path / "bad"))

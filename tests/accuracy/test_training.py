"""Training: what is repeated, what is kept, and what goes on after an interruption."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")

from strag_sim.errors import TrainingError  # noqa: E402

NAMES = ["polynomial-2-2-4", "parity-sum-2", "lagrange-2-3"]


@pytest.fixture
def asked(digits: Any, tmp_path: Path) -> Any:
    """Return three kinds of models to be trained for two steps."""
    return accuracy.Asked(
        schemes=accuracy.schemes(NAMES),
        images=digits,
        folder=tmp_path / "models",
        count=1,
        steps=2,
        tiny=True,
    )


def train(asked: Any) -> list[str]:
    """Train what is missing, and return what that was."""
    return [each.name for each in accuracy.train(asked, accuracy.missing(asked))]


def files(folder: Path) -> dict[str, bytes]:
    """Return the weights of each model."""
    return {path.parent.name: path.read_bytes() for path in folder.rglob("*.safetensors")}


def test_a_seed_gives_the_same_weights(asked: Any, tmp_path: Path) -> None:
    """Trained twice a model is the same to the bit, whatever torch's own generator is at."""
    train(asked)
    torch.rand(5)
    again = replace(asked, folder=tmp_path / "again")
    train(again)

    assert files(asked.folder) == files(again.folder)
    assert set(files(asked.folder)) == {"uncoded", "polynomial-2", "parity-sum-2", "lagrange-2-3"}


def test_what_is_there_is_not_trained_again(asked: Any) -> None:
    """The uncoded model first, once; with another number of steps all is trained anew."""
    assert train(asked) == ["uncoded", "polynomial-2", "parity-sum-2", "lagrange-2-3"]
    assert train(asked) == []
    assert len(train(replace(asked, steps=3))) == 4
    more = accuracy.missing(replace(asked, steps=3, count=2))
    assert (more[0].name, more[0].seed, len(more)) == ("uncoded", 1, 4)


def test_an_interrupted_training_goes_on(asked: Any) -> None:
    """A model that was finished is kept, one that was not is trained; order changes no weights."""

    def stop(done: int, total: int) -> None:
        assert total == 8
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(accuracy.train(asked, accuracy.missing(asked), stop))
    assert not list(asked.folder.rglob("*.part"))
    kept = files(asked.folder)

    assert set(kept) == {"uncoded", "polynomial-2"}
    assert train(asked) == ["parity-sum-2", "lagrange-2-3"]
    assert {name: files(asked.folder)[name] for name in kept} == kept


@pytest.mark.parametrize("ending", ["safetensors", "json"])
def test_a_broken_file_is_trained_again(asked: Any, ending: str) -> None:
    """Weights that were changed since, and metrics that are none, count as missing."""
    train(asked)
    path = asked.folder / "uncoded" / f"seed-0.{ending}"
    path.write_bytes(path.read_bytes()[:-9])

    assert train(asked) == ["uncoded"]


def test_what_is_kept_beside_a_model(asked: Any, digits: Any) -> None:
    """Data, settings, versions and time are there, and the hash of the weights."""
    train(asked)
    metrics = json.loads((asked.folder / "lagrange-2-3" / "seed-0.json").read_text())

    assert metrics["data_hash"] == digits.sha256
    assert metrics["settings"] == {"steps": 2, "batch": 48, "copies": 2, "rate": 0.003}
    assert set(metrics["versions"]) == {"strag-sim", "torch", "numpy", "scikit-learn"}
    assert metrics["loss"] > 0
    convolutions = 9 * (24 + 24 * 48 + 48 * 96 + 96 * 96)
    normalised, head = 2 * (24 + 48 + 96 + 96), 96 * 4 * 4 * 10 + 10
    assert metrics["parameters"] == convolutions + normalised + head


def test_other_images_are_refused(asked: Any, digits: Any) -> None:
    """A model does not serve images of another hash, nor one that is not there."""
    train(asked)
    scheme = accuracy.scheme("lagrange-2-3")

    with pytest.raises(TrainingError, match="trained on other images"):
        accuracy.server(scheme, replace(digits, sha256="0" * 64), asked.folder, 0)
    with pytest.raises(TrainingError, match="train the model first"):
        accuracy.server(scheme, digits, asked.folder, 1)


def test_a_folder_that_cannot_be_written_to(asked: Any, tmp_path: Path) -> None:
    """A file in the folder's place is told, without a traceback."""
    (tmp_path / "file").write_text("here")

    with pytest.raises(TrainingError, match="cannot be written"):
        train(replace(asked, folder=tmp_path / "file"))

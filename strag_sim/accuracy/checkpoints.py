"""Trained models in files: weights as safetensors, and beside them how they came about.

``FOLDER/MODEL/seed-0.safetensors`` and ``FOLDER/MODEL/seed-0.json``. Both appear whole or not at
all, the second last, so that a model without it was not finished.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import safetensors.torch
from torch import Tensor, nn

from strag_sim.accuracy.images import Images
from strag_sim.accuracy.settings import Settings
from strag_sim.errors import TrainingError
from strag_sim.whole import whole

FORMAT = 1
# What a model is trained with: their versions are kept with it.
_LIBRARIES = ("strag-sim", "torch", "numpy", "scikit-learn")


def weights_path(folder: Path, model: str, seed: int) -> Path:
    """Return the file of a model's weights; its metrics have the same name and end in .json."""
    return folder / model / f"seed-{seed}.safetensors"


def metrics_of(model: str, seed: int, images: Images, settings: Settings) -> dict[str, Any]:
    """Return what makes a model the same: trained anew, it would come out alike."""
    return {
        "format": FORMAT,
        "model": model,
        "seed": seed,
        "data": images.name,
        "data_hash": images.sha256,
        "settings": asdict(settings),
    }


def finished(folder: Path, wanted: Mapping[str, Any]) -> bool:
    """Return whether a model with these metrics is there, whole."""
    path = weights_path(folder, wanted["model"], wanted["seed"])
    try:
        metrics = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return False
    if not isinstance(metrics, dict) or metrics.get("sha256") != digest:
        return False
    return all(metrics.get(key) == value for key, value in wanted.items())


def save(
    folder: Path, module: nn.Module, metrics: Mapping[str, Any], found: Mapping[str, float]
) -> None:
    """Write a model and its metrics, with what was found while it was trained.

    A TrainingError says why they cannot be written.
    """
    path = weights_path(folder, metrics["model"], metrics["seed"])
    weights = safetensors.torch.save(module.state_dict())
    content = {
        **metrics,
        "parameters": sum(each.numel() for each in module.parameters()),
        **found,
        "versions": {library: version(library) for library in _LIBRARIES},
        "sha256": hashlib.sha256(weights).hexdigest(),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as file:
            file.write(weights)
        with whole(path.with_suffix(".json")) as file:
            file.write((json.dumps(content, indent=1) + "\n").encode("utf-8"))
    except OSError as error:
        raise TrainingError(f"{path}: cannot be written: {error.strerror or error}") from None


def load_into(module: nn.Module, folder: Path, model: str, seed: int) -> None:
    """Load a model's weights, and leave it in evaluation mode.

    A TrainingError says what is missing or does not fit.
    """
    path = weights_path(folder, model, seed)
    try:
        weights: Mapping[str, Tensor] = safetensors.torch.load(path.read_bytes())
        module.load_state_dict(dict(weights))
    except FileNotFoundError:
        raise TrainingError(f"{path}: is not there; train the model first") from None
    except (OSError, RuntimeError, safetensors.SafetensorError) as error:
        first = str(error).strip().partition("\n")[0]
        raise TrainingError(f"{path}: is no model {model}: {first}; train it anew") from None
    module.eval()


def read_metrics(folder: Path, model: str, seed: int) -> Mapping[str, Any]:
    """Return what is kept beside a model; a TrainingError if that is missing or broken."""
    path = weights_path(folder, model, seed).with_suffix(".json")
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TrainingError(f"{path}: is not there; train the model first") from None
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read: {error}; train the model anew") from None
    if not isinstance(metrics, dict) or metrics.get("format") != FORMAT:
        raise TrainingError(f"{path}: is not of format {FORMAT}; train the model anew")
    return metrics


def seeds_of(folder: Path, *models: str) -> list[int]:
    """Return the seeds with which all of these models were trained, rising."""
    found = [{path.stem for path in (folder / model).glob("seed-*.json")} for model in models]
    numbers = (stem.removeprefix("seed-") for stem in set.intersection(*found))
    return sorted(int(number) for number in numbers if number.isdecimal())

"""Image classifiers of torchvision, timm and transformers, where these are installed.

None of them is needed. Only the definitions are taken: no weights are downloaded.
"""

import importlib
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

from strag_sim.errors import ProfilerError
from strag_sim.profiler.models.made import Made, images, seeded

_CLASSES = 1000  # where the library's own default is another number
_PIXELS = 224  # where a model says nothing


@dataclass(frozen=True)
class Library:
    """A library of models: which names it has, and how it makes one (both handed the library)."""

    name: str
    names: Callable[[Any], Collection[str]]
    make: Callable[[Any, str], Made]


@dataclass(frozen=True)
class Nowhere:
    """No library has a name: what was looked into, in words, and all the names there."""

    looked: tuple[str, ...]
    names: tuple[str, ...]


def find(name: str) -> tuple[str, Callable[[], Made]] | Nowhere:
    """Return the first library that has a name, with its version, and what makes the model."""
    looked: list[str] = []
    names: list[str] = []
    for library in LIBRARIES:
        if find_spec(library.name) is None:
            looked.append(f"{library.name} (not installed)")
            continue
        try:
            module = _imported(library.name)
            known = library.names(module)
        except Exception as error:  # installed for another torch, or without what it needs
            looked.append(f"{library.name} (cannot be imported: {error})")
            continue
        source = f"{library.name} {module.__version__}"
        if name in known:
            return source, partial(_made, library, module, name)
        looked.append(source)
        names += known
    return Nowhere(tuple(looked), tuple(names))


def _imported(name: str) -> Any:
    """Import a library that must not reach for a hub."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    return importlib.import_module(name)


def _made(library: Library, module: Any, name: str) -> Made:
    """Return a model of a library: random weights, the same each time."""
    try:
        with seeded():
            return library.make(module, name)
    except Exception as error:  # whatever the library raises
        reason = f"{type(error).__name__}: {error}"
        raise ProfilerError(f"{library.name} could not make {name!r}: {reason}") from error


def _torchvision_names(torchvision: Any) -> list[str]:
    """Return its classifiers: not those for detection, segmentation, video or flow."""
    names: list[str] = torchvision.models.list_models(module=torchvision.models)
    return names


def _torchvision(torchvision: Any, name: str) -> Made:
    """Make a model of torchvision, for images as large as it or its published weights want them."""
    module = torchvision.models.get_model(name, weights=None)
    published = torchvision.models.get_model_weights(name).DEFAULT
    pixels = getattr(module, "image_size", published.transforms.keywords["crop_size"])
    return module, images(3, pixels, pixels)


def _timm_names(timm: Any) -> list[str]:
    """Return its models, also with the tag of published weights, which tells the image size."""
    return [*timm.list_models(), *timm.list_models(pretrained=True)]


def _timm(timm: Any, name: str) -> Made:
    """Make a model of timm, for images of the shape that it is configured for."""
    module = timm.create_model(name, pretrained=False)
    return module, images(*module.pretrained_cfg["input_size"])


def _transformers_names(transformers: Any) -> list[str]:
    """Return the configurations from which it makes image classifiers, such as ResNetConfig."""
    auto = transformers.models.auto
    configurations = auto.configuration_auto.CONFIG_MAPPING_NAMES
    classifiers = auto.modeling_auto.MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES
    return [configurations[each] for each in classifiers if each in configurations]


def _transformers(transformers: Any, name: str) -> Made:
    """Make the image classifier of a configuration as it is by default, but for its classes."""
    configuration = getattr(transformers, name)(num_labels=_CLASSES, architectures=[])
    module = transformers.AutoModelForImageClassification.from_config(configuration)
    if module.main_input_name != "pixel_values":
        raise TypeError(f"it takes {module.main_input_name}, not images")
    seen = getattr(configuration, "vision_config", configuration)
    pixels = getattr(seen, "image_size", _PIXELS)
    sides = pixels if isinstance(pixels, list | tuple) else (pixels, pixels)
    return module, images(getattr(seen, "num_channels", 3), *sides)


LIBRARIES = (
    Library("torchvision", _torchvision_names, _torchvision),
    Library("timm", _timm_names, _timm),
    Library("transformers", _transformers_names, _transformers),
)

"""From a name to a model: built in, a user's own, or of an optional library."""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from strag_sim.errors import ProfilerError
from strag_sim.hints import did_you_mean
from strag_sim.profiler.models.built_in import BUILT_IN, SHOWN, built_in
from strag_sim.profiler.models.libraries import Nowhere, find
from strag_sim.profiler.models.made import Made
from strag_sim.profiler.models.own import own
from strag_sim.profiler.subject import Subject


def names() -> list[str]:
    """Return the names of the models that come with the profiler."""
    return list(BUILT_IN)


def subject(name: str, weights: Path | None = None) -> Subject:
    """Return the model of this name, to be made when its turn comes.

    ``name`` is built in, ``module:callable`` with the current folder on the path, or one of an
    image classifier in torchvision, timm or transformers, where installed (looked into in this
    order). ``weights`` is a state dict as ``torch.save`` writes it; without it they are random, or
    what a user's callable made them. A ProfilerError tells what is wrong, and what there is.
    """
    source, make = _source(name)
    if weights is None:
        return Subject(name, lambda: _ready(make()), _without_file(name), source)
    if not weights.is_file():
        raise ProfilerError(f"weights: there is no file {str(weights)!r}")
    return Subject(name, lambda: _ready(_loaded(name, make(), weights)), str(weights), source)


def _source(name: str) -> tuple[str, Callable[[], Made]]:
    """Return where a model comes from, and what makes it."""
    if ":" in name:
        return "module:callable", own(name)
    if name in BUILT_IN:
        return "built-in", lambda: built_in(name)
    found = find(name)
    if isinstance(found, Nowhere):
        hint = did_you_mean(name, [*found.names, *BUILT_IN])
        raise ProfilerError(
            f"there is no model {name!r}{hint}; built in are {SHOWN}; others are module:callable, "
            f"or of a library: looked into {', '.join(found.looked)}"
        )
    return found


def _without_file(name: str) -> str:
    """Return what the weights of a model are where no file was given."""
    return f"as {name} made them" if ":" in name else "random"


def _ready(made: Made) -> Made:
    """Put a module into eval mode, and let torch keep nothing for gradients."""
    made[0].eval().requires_grad_(False)
    return made


def _loaded(name: str, made: Made, path: Path) -> Made:
    """Load weights from a file into a module."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises anything for a file that it did not write
        raise ProfilerError(
            f"weights: {str(path)!r} cannot be read; it must be a state dict that torch.save wrote "
            f"({type(error).__name__})"
        ) from error
    if not isinstance(state, Mapping):
        kind = type(state).__name__
        raise ProfilerError(f"weights: {str(path)!r} holds a {kind}, not a state dict")
    try:
        made[0].load_state_dict(state)
    except (RuntimeError, AttributeError, TypeError) as error:
        difference = _difference(made[0].state_dict(), state)
        raise ProfilerError(f"weights: {str(path)!r} does not fit {name}{difference}") from error
    return made


def _difference(due: Mapping[str, torch.Tensor], given: Mapping[str, object]) -> str:
    """Return in what two state dicts differ, an example of each."""
    shapes = {key: getattr(value, "shape", None) for key, value in given.items()}
    faults = {
        "missing": [key for key in due if key not in given],
        "unknown": [key for key in given if key not in due],
        "of another shape": [k for k in due if k in given and shapes[k] != due[k].shape],
    }
    told = [f"{len(keys)} {what}, as {keys[0]!r}" for what, keys in faults.items() if keys]
    return f": {'; '.join(told)}" if told else ""

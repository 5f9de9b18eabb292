"""Models that users bring: ``module:callable``."""

from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import torch

from strag_sim.errors import ProfilerError
from strag_sim.hints import did_you_mean
from strag_sim.importing import bring, first
from strag_sim.profiler.models.made import Made
from strag_sim.profiler.subject import Inputs

_DUE = (
    "it must return (module, example): a torch.nn.Module, and a tensor or a tuple of tensors for a "
    "batch of 1, or a callable that returns such inputs for a batch size"
)


def own(name: str) -> Callable[[], Made]:
    """Return what makes the model of "module:callable", or raise a ProfilerError that says why not.

    The module is looked for in the current folder, then where Python looks; it is imported now, and
    the callable is called when the model is made.
    """
    module_name, _, callable_name = name.partition(":")
    folders = [str(Path.cwd())]
    if not module_name or not callable_name:
        raise ProfilerError(f"{name!r} is not allowed; write module:callable")
    try:
        module = bring(module_name, folders)
    except ImportError as error:
        raise ProfilerError(f"{name}: {error}") from error
    try:
        make = attrgetter(callable_name)(module)
    except AttributeError:
        known = [each for each, value in vars(module).items() if callable(value)]
        hint = did_you_mean(callable_name, known)
        raise ProfilerError(f"{name}: {module_name} has no {callable_name!r}{hint}") from None
    if not callable(make):
        raise ProfilerError(f"{name}: {callable_name} is {_kind(make)}, not callable; {_DUE}")
    return lambda: _made(name, make, folders)


def _made(name: str, make: Callable[[], Any], folders: list[str]) -> Made:
    """Call what the user wrote, and check what it returns."""
    try:
        with first(folders):
            made = make()
    except Exception as error:  # the callable is the user's: it may raise anything
        raise ProfilerError(f"{name} raised {type(error).__name__}: {error}") from error
    if not (isinstance(made, tuple) and len(made) == 2 and isinstance(made[0], torch.nn.Module)):
        raise ProfilerError(f"{name} returned {_kind(made)}; {_DUE}")
    module, example = made
    if callable(example):
        return module, lambda batch: _called(name, example, batch)
    inputs = _inputs(name, example)
    if any(each.ndim == 0 or each.shape[0] != 1 for each in inputs):
        shapes = ", ".join(str(tuple(each.shape)) for each in inputs)
        raise ProfilerError(
            f"{name} returned an example of shape {shapes}; the first dimension is the batch, and "
            "must be 1 (it is repeated to each batch size)"
        )
    return module, lambda batch: tuple(
        each.repeat(batch, *(1 for _ in each.shape[1:])) for each in inputs
    )


def _called(name: str, example: Callable[[int], Any], batch: int) -> Inputs:
    """Return the inputs that the user's callable makes for a batch size."""
    try:
        made = example(batch)
    except Exception as error:  # the callable is the user's: it may raise anything
        reason = f"{type(error).__name__}: {error}"
        raise ProfilerError(f"{name}: its inputs for batch {batch} raised {reason}") from error
    return _inputs(name, made)


def _inputs(name: str, given: object) -> Inputs:
    """Return a tensor or several as a tuple, or say that they are something else."""
    inputs = (given,) if isinstance(given, torch.Tensor) else given
    if not (
        isinstance(inputs, tuple | list)
        and inputs
        and all(isinstance(each, torch.Tensor) for each in inputs)
    ):
        raise ProfilerError(f"{name} has inputs that are {_kind(given)}; {_DUE}")
    return tuple(inputs)


def _kind(value: object) -> str:
    """Return what something is, in words."""
    if isinstance(value, tuple | list):
        kinds = ", ".join(type(each).__name__ for each in value)
        return f"a {type(value).__name__} of ({kinds})"
    return "None" if value is None else f"of type {type(value).__name__}"

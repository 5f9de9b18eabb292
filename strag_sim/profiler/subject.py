"""What is measured: a model by name, and how it is made when its turn comes."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

Inputs = tuple[torch.Tensor, ...]


@dataclass(frozen=True)
class Subject:
    """A model that can be measured.

    Attributes
    ----------
    name : str
        The name that it was asked for by.
    make : callable
        Returns the module, in eval mode, without gradients and on the CPU, and a function from a
        batch size to inputs of the module (positional, new random numbers at each call unless a
        user's example is repeated, on the CPU). Both may take long, and raise ProfilerError.
    weights : str
        ``random``, or the file that they come from.
    source : str
        Where the model comes from: ``built-in``, ``module:callable``, or a library by name.
    """

    name: str
    make: Callable[[], tuple[torch.nn.Module, Callable[[int], Inputs]]]
    weights: str
    source: str

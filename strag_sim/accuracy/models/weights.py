"""Random weights from a generator that is handed over, not from torch's global one."""

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn

Module = TypeVar("Module", bound=nn.Module)


def initialised(make: Callable[[], Module], generator: torch.Generator) -> Module:
    """Return the module that ``make`` makes, with weights of He et al. from the generator.

    K. He, X. Zhang, S. Ren and J. Sun, "Delving Deep into Rectifiers", ICCV 2015: normal with
    variance 2 over the numbers that come in; biases are 0.
    """
    with torch.random.fork_rng(devices=[]):  # what the constructors draw is not used
        module = make()
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight, generator=generator)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
        elif isinstance(part, nn.BatchNorm2d):
            part.reset_parameters()
    return module


def convolution(before: int, after: int, stride: int = 1) -> nn.Sequential:
    """Return a normalised 3 x 3 convolution with a ReLU: the stage of which all networks are."""
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    )

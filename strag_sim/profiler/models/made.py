"""What every source of models returns, and the inputs of models of images."""

from collections.abc import Callable

import torch

from strag_sim.profiler.subject import Inputs

Made = tuple[torch.nn.Module, Callable[[int], Inputs]]


def images(*shape: int) -> Callable[[int], Inputs]:
    """Return a function from a batch size to so many images of this shape, random normal."""
    return lambda batch: (torch.randn(batch, *shape),)

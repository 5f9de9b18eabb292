"""What every source of models returns, and what several of them need for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from strag_sim.profiler.subject import Inputs

Made = tuple[torch.nn.Module, Callable[[int], Inputs]]


def images(*shape: int) -> Callable[[int], Inputs]:
    """Return a function from a batch size to so many images of this shape, random normal."""
    return lambda batch: (torch.randn(batch, *shape),)


@contextmanager
def seeded() -> Iterator[None]:
    """Let random weights be the same each time, and leave torch's random numbers as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        yield

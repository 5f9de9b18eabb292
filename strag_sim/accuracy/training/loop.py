"""The loop that trains any of the models."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor, nn

from strag_sim.accuracy.settings import Settings

Advance = Callable[[], None]  # called after each step
_WARM_UP = 0.15  # of the steps, while the learning rate rises
_LARGEST = 1.0  # norm of a gradient: a survivor set of large gain makes large ones
_LAST = 0.1  # of the steps, over which the loss that is reported is averaged


class Loss(Protocol):
    """The loss of a random batch."""

    def __call__(self, generator: torch.Generator) -> Tensor:
        """Draw a batch and return its loss, a number."""


def fit(
    module: nn.Module,
    loss: Loss,
    settings: Settings,
    generator: torch.Generator,
    advance: Advance | None = None,
) -> float:
    """Train a module in place, leave it in evaluation mode, and return its loss at the end.

    Adam with one cycle of the learning rate: up, and down to nearly 0 by half a cosine (Smith and
    Topin, "Super-Convergence", 2018).
    """
    optimiser = torch.optim.Adam(module.parameters(), lr=settings.rate)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.rate, total_steps=settings.steps, pct_start=_WARM_UP
    )
    losses = []
    module.train()
    for _ in range(settings.steps):
        value = loss(generator)
        optimiser.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(module.parameters(), _LARGEST)
        optimiser.step()
        cycle.step()
        losses.append(value.detach())
        if advance is not None:
            advance()
    module.eval()
    return float(torch.stack(losses[-max(1, round(_LAST * settings.steps)) :]).mean())

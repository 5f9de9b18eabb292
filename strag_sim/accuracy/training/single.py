"""Models of single images: the uncoded network, and polynomials."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from strag_sim.accuracy.training.loop import Loss
from strag_sim.accuracy.training.material import Material


def single_loss(module: nn.Module, material: Material, batch: int) -> Loss:
    """Return the cross-entropy of single images."""

    def loss(generator: torch.Generator) -> Tensor:
        pixels, labels = material.batch((batch,), generator)
        return cross_entropy(module(pixels), labels)

    return loss

"""Collage-CNNs: random images at random cells."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from strag_sim.accuracy.coding import encoded
from strag_sim.accuracy.training.loop import Loss
from strag_sim.accuracy.training.material import Material
from strag_sim.codes.code import Code


def collage_loss(module: nn.Module, code: Code, material: Material, batch: int) -> Loss:
    """Return the cross-entropy of all cells, over random collages."""

    def loss(generator: torch.Generator) -> Tensor:
        pixels, labels = material.batch((batch, code.inputs), generator)
        (canvases,) = encoded(code, pixels)
        return cross_entropy(module(canvases).flatten(0, 1), labels.flatten())

    return loss

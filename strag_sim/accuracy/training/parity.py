"""Parity models: what they answer, less the own answers that are there, is the missing answer.

Kosaian, Rashmi and Venkataraman, "Parity Models", SOSP 2019 (arXiv:1905.00863). Their loss is the
squared error to the sum of the own models' logits, which is ours for concatenated images. For sums
of images it is cross-entropy of the answers as they are decoded, each of the group missing once.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss

from strag_sim.accuracy.coding import encoded
from strag_sim.accuracy.training.loop import Loss
from strag_sim.accuracy.training.material import Material
from strag_sim.codes.code import Code


def parity_loss(
    module: nn.Module,
    uncoded: nn.Module,
    code: Code,
    material: Material,
    batch: int,
    *,
    squared: bool,
) -> Loss:
    """Return the loss of random groups; ``uncoded`` answers each image once, and is not trained."""
    measure: Callable[[Tensor, Tensor, Tensor], Tensor] = _squared if squared else _decoded
    with torch.inference_mode():
        answers = torch.stack([uncoded(copy) for copy in material.copies])

    def loss(generator: torch.Generator) -> Tensor:
        copy, image = material.draw((batch, code.inputs), generator)
        parities = encoded(code, material.copies[copy, image])[-1]
        return measure(module(parities), answers[copy, image].clone(), material.labels[image])

    return loss


def _squared(parity: Tensor, own: Tensor, labels: Tensor) -> Tensor:
    """Return the squared error of parities (B, classes) to the sum of own (B, K, classes)."""
    return mse_loss(parity, own.sum(1))


def _decoded(parity: Tensor, own: Tensor, labels: Tensor) -> Tensor:
    """Return the cross-entropy of each answer as it is decoded from the others and the parity."""
    others = own.sum(1, keepdim=True) - own
    decoded = parity[:, None] - others
    return cross_entropy(decoded.flatten(0, 1), labels.flatten())

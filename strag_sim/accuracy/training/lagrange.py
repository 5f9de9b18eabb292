"""The learned Lagrange scheme: cross-entropy of answers that were interpolated.

Each group of a step draws survivor sets at random, first how many results return, from the fewest
to all, then which. So one model serves every threshold R, and waiting for one more result pays
without another model. (Trained for one R alone, codes with large gains learn slowly or never.)
All results of a group are there anyway, so that several sets a group cost nothing.

A set of gain g makes errors g times as large, and the few worst would rule every step; so sets are
weighed by 1 / sqrt(g).
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from strag_sim.accuracy.models import LagrangeNet
from strag_sim.accuracy.schemes import Scheme
from strag_sim.accuracy.survivors import some_sets
from strag_sim.accuracy.training.loop import Loss
from strag_sim.accuracy.training.material import Material

_SETS = 4  # of survivors, a group and step
_MOST = 2_000  # sets of one size that are told apart


def lagrange_loss(
    module: LagrangeNet,
    scheme: Scheme,
    material: Material,
    batch: int,
    sets: torch.Generator,
) -> Loss:
    """Return the loss of random groups and random survivor sets.

    ``sets`` draws which sets are used where there are too many to use all.
    """
    survivors = [
        _decoders(scheme, returned, sets) for returned in range(scheme.least, scheme.tasks + 1)
    ]

    def loss(generator: torch.Generator) -> Tensor:
        pixels, labels = material.batch((batch, scheme.inputs), generator)
        results = module(pixels)
        decoders, weights = _drawn(survivors, batch * _SETS, generator)
        several = results.repeat(_SETS, 1, 1)
        answers = torch.bmm(decoders, several)
        each = cross_entropy(
            answers.flatten(0, 1), labels.repeat(_SETS, 1).flatten(), reduction="none"
        ).unflatten(0, (-1, scheme.inputs))
        return (each.mean(1) * weights).sum() / weights.sum()

    return loss


def _decoders(scheme: Scheme, returned: int, sets: torch.Generator) -> Tensor:
    """Return the decode matrices (sets, K, N) when so many returned, with 0 for those missing."""
    code = scheme.linear(returned)
    matrices = []
    for survivors in some_sets(scheme.tasks, returned, _MOST, sets):
        matrix = np.zeros((scheme.inputs, scheme.tasks), dtype=np.float32)
        matrix[:, survivors] = code.decode_matrix(survivors)
        matrices.append(matrix)
    return torch.from_numpy(np.stack(matrices))


def _drawn(
    survivors: list[Tensor], count: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return so many random decode matrices (count, K, N) and their weights (count,)."""
    sizes = torch.randint(len(survivors), (count,), generator=generator).tolist()
    chosen = [
        survivors[size][torch.randint(len(survivors[size]), (), generator=generator)]
        for size in sizes
    ]
    decoders = torch.stack(chosen)
    return decoders, decoders.abs().sum(2).amax(1).rsqrt()

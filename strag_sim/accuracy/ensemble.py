"""An ensemble that serves: each member answers each image, and those that returned are combined.

Pochelu, Petiton and Conche (arXiv:2208.14049) serve ensembles and combine all their members; that
a part of them may answer is ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from strag_sim.accuracy.answering import answers_of
from strag_sim.accuracy.combining import combined
from strag_sim.accuracy.images import Images, held_out
from strag_sim.accuracy.making import trained
from strag_sim.accuracy.schemes import Scheme


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The members of an ensemble and a seed, in evaluation mode.

    ``weights`` (M,) are the shares of held-out training images that each member has right.
    """

    scheme: Scheme
    members: Sequence[nn.Module]
    weights: NDArray[np.float64]

    def alone(self, pixels: Tensor) -> NDArray[np.float64]:
        """Return the logits (n, classes) of the one member that would serve alone.

        It is the one with the largest weight, so that test images have no say in it.
        """
        return answers_of(self.members[int(self.weights.argmax())], pixels)

    def results(self, groups: Tensor) -> NDArray[np.float64]:
        """Return the logits (M, B, classes) of each member for groups (B, 1, C, H, W)."""
        return np.stack([answers_of(member, groups[:, 0]) for member in self.members])

    def decoded(
        self, results: NDArray[np.float64], returned: Sequence[int], side: int
    ) -> NDArray[np.float64]:
        """Return scores (B, 1, classes) of the results (M, B, classes) of those that returned."""
        some = list(returned)
        return combined(results[some], self.scheme.combiner, self.weights[some])[:, None]


def ensemble(scheme: Scheme, images: Images, folder: Path, seed: int) -> Ensemble:
    """Return the trained members of a seed; a TrainingError says which is missing."""
    members = [trained(folder, name, scheme, images, seed) for name in scheme.models]
    return Ensemble(scheme, members, weights_of(members, images, seed))


def weights_of(members: Sequence[nn.Module], images: Images, seed: int) -> NDArray[np.float64]:
    """Return the share of the seed's held-out training images that each member has right."""
    held = held_out(images, seed).testing
    pixels, labels = torch.from_numpy(images.pixels[held]), images.labels[held]
    told = [answers_of(member, pixels).argmax(-1) for member in members]
    return np.array([(each == labels).mean() for each in told])

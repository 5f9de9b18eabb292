"""What a model of one seed is trained on: copies of the training images, drawn at random."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from strag_sim.accuracy import seeds
from strag_sim.accuracy.augmentation import pool
from strag_sim.accuracy.images import Images, split


@dataclass(frozen=True, eq=False)
class Material:
    """Copies (copies, n, C, H, W) of training images and their labels (n,)."""

    copies: Tensor
    labels: Tensor
    classes: int

    def draw(self, shape: tuple[int, ...], generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return random copies and images, as indices of this shape each."""
        copy = torch.randint(len(self.copies), shape, generator=generator)
        return copy, torch.randint(len(self.labels), shape, generator=generator)

    def batch(self, shape: tuple[int, ...], generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return random images (*shape, C, H, W) and their labels (*shape)."""
        copy, image = self.draw(shape, generator)
        return self.copies[copy, image], self.labels[image]


def material(
    images: Images, seed: int, copies: int, chosen: NDArray[np.int64] | None = None
) -> Material:
    """Return what a seed trains on, all or the chosen images; its test images are not among it."""
    if chosen is None:
        chosen = split(images, seed).training
    pixels = torch.from_numpy(images.pixels[chosen])
    return Material(
        pool(pixels, copies, seeds.generator(seed, seeds.POOL)),
        torch.from_numpy(images.labels[chosen]),
        len(images.classes),
    )

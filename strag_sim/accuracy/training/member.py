"""What a member of an ensemble is trained on: few images, drawn for it alone."""

import numpy as np
import torch
from numpy.typing import NDArray

from strag_sim.accuracy import seeds
from strag_sim.accuracy.images import Images, held_out
from strag_sim.accuracy.models import MEMBERS
from strag_sim.accuracy.training.material import Material, material

_SHARE = 0.08  # of the images that are not held out: 69 digits


def member_material(images: Images, seed: int, copies: int, model: str) -> Material:
    """Return copies of the images that a member of a seed trains on."""
    return material(images, seed, copies, member_images(images, seed, model))


def member_images(images: Images, seed: int, model: str) -> NDArray[np.int64]:
    """Return a random few of the training images that are not held out, the member's own."""
    known = held_out(images, seed).training
    generator = seeds.generator(seed, seeds.MEMBERS + list(MEMBERS).index(model))
    order = torch.randperm(len(known), generator=generator).numpy()
    return known[order[: max(1, round(_SHARE * len(known)))]]

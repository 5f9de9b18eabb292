"""Images that are moved a little, made once: training draws from copies of each.

A pool of a dozen copies costs the time of a dozen passes, once; moving each batch anew would cost
more than the small networks themselves.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

ROTATION = math.radians(12)  # each way
SCALE = 0.1  # larger or smaller
SHIFT = 0.06  # of the side, each way


def pool(pixels: Tensor, copies: int, generator: torch.Generator) -> Tensor:
    """Return copies (copies, n, C, H, W) of images (n, C, H, W), the first as they are.

    The others are rotated, scaled and shifted by uniform amounts, each image by its own. What
    comes in from beyond the border repeats it.
    """
    return torch.stack([pixels, *(_moved(pixels, generator) for _ in range(copies - 1))])


def _moved(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Return each image (n, C, H, W) rotated, scaled and shifted by random amounts."""
    count = len(pixels)
    angle = ROTATION * _uniform(count, generator)
    scale = 1 + SCALE * _uniform(count, generator)
    across, down = 2 * SHIFT * _uniform(count, generator), 2 * SHIFT * _uniform(count, generator)
    cosine, sine = angle.cos() / scale, angle.sin() / scale
    maps = torch.stack([cosine, -sine, across, sine, cosine, down], dim=1).view(count, 2, 3)
    grid = functional.affine_grid(maps, list(pixels.shape), align_corners=False)
    return functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)


def _uniform(count: int, generator: torch.Generator) -> Tensor:
    """Return uniform numbers in [-1, 1)."""
    return 2 * torch.rand(count, generator=generator) - 1

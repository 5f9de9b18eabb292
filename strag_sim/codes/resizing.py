"""Images made smaller without aliases: a triangle filter along each axis, as a small matrix.

The filter is as wide as the step between the pixels of the result, so that each pixel of the image
counts; where an image grows it is linear interpolation. It is what torch's
``interpolate(mode="bilinear", antialias=True, align_corners=False)`` computes, and Pillow's
BILINEAR, which the collage authors' master uses.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.codes.code import Floats

# Operations a number of the larger image: it weighs on two pixels of the result along the first
# axis. The second axis, along which there is less left to do, is in the rate.
TAPS_FLOPS = 4.0
# Rows of the result that are computed at once: each needs few of the image's, those of a block
# nearly the same.
BLOCK = 16


def resized(images: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """Return images [..., H, W] at another height and width, in their own precision."""
    rows = resize_matrix(images.shape[-2], height).astype(images.dtype)
    columns = resize_matrix(images.shape[-1], width).astype(images.dtype)
    lower = _product(rows, images)
    return np.ascontiguousarray(np.swapaxes(_product(columns, np.swapaxes(lower, -1, -2)), -1, -2))


@lru_cache(maxsize=64)
def resize_matrix(before: int, after: int) -> Floats:
    """Return the weights [after, before] of an axis's pixels in those of the result; rows sum to 1.

    Pixel i of the result has its centre at (i + 1/2) ``before`` / ``after`` pixels of the image.
    The array is shared: it must not be changed.
    """
    step = before / after
    centres = (np.arange(after) + 0.5) * step
    pixels = np.arange(before) + 0.5
    weights = np.maximum(0.0, 1 - np.abs(pixels - centres[:, None]) / max(step, 1.0))
    weights /= weights.sum(axis=1, keepdims=True)
    weights.flags.writeable = False
    return weights


def _product(weights: NDArray[Any], images: NDArray[Any]) -> NDArray[Any]:
    """Return weights [after, before] @ images [..., before, m]; what has no weight is left out."""
    result = np.empty((*images.shape[:-2], len(weights), images.shape[-1]), images.dtype)
    for first in range(0, len(weights), BLOCK):
        block = weights[first : first + BLOCK]
        used = np.flatnonzero(block.any(axis=0))
        low, high = used[0], used[-1] + 1
        np.matmul(
            block[:, low:high],
            images[..., low:high, :],
            out=result[..., first : first + len(block), :],
        )
    return result

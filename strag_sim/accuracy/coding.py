"""Between tensors of many groups and codes, which take the arrays of one."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from strag_sim.codes.code import Code


def encoded(code: Code, pixels: Tensor) -> Tensor:
    """Return coded images (N, B, C, height, width) of groups of images (B, K, C, H, W).

    Codes treat the channels of an image alike, so the groups are handed over as channels. What is
    coded has the type of the images.
    """
    groups, requests, channels, height, width = pixels.shape
    alike = pixels.transpose(0, 1).reshape(requests, groups * channels, height, width)
    coded = torch.from_numpy(np.asarray(code.encode(alike.numpy())))
    return coded.to(pixels.dtype).unflatten(1, (groups, channels))


def decoded(
    code: Code, results: NDArray[np.float64], returned: Sequence[int]
) -> NDArray[np.float64]:
    """Return answers (B, K, C) of the results (R, B, ..., C) of the tasks that returned.

    Codes treat the numbers of an answer alike, so the groups are handed over as more of them.
    """
    groups, numbers = results.shape[1], results.shape[-1]
    alike = np.moveaxis(results, 1, -2)
    answers = code.decode(alike.reshape(*alike.shape[:-2], groups * numbers), returned)
    return answers.reshape(code.inputs, groups, numbers).transpose(1, 0, 2)

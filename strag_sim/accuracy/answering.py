"""What a network makes of images, a thousand of them at a time."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_AT_ONCE = 1024  # images that a network is handed


def answers_of(model: nn.Module, pixels: Tensor) -> NDArray[np.float64]:
    """Return what a model makes of images (n, ...), in its own type of numbers."""
    of_type = type_of(model)
    with torch.inference_mode():
        parts = [model(part.to(of_type)) for part in pixels.split(_AT_ONCE)]
    return torch.cat(parts).double().numpy()


def type_of(model: nn.Module) -> torch.dtype:
    """Return the type of a model's numbers; float32 where it has none."""
    return next((each.dtype for each in model.parameters()), torch.float32)

"""MobileNetV2: a small classifier, bound by memory and overhead more than by arithmetic.

Sandler, Howard, Zhu, Zhmoginov and Chen, "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
CVPR 2018; width 1.0. Departs from the paper nowhere. Parameters have the names that torchvision
gives them, so that its files of weights fit.
"""

import torch
from torch import nn

PIXELS = 224
# Table 2 of the paper: how much wider inside, channels, blocks, stride of the first.
_BLOCKS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
_LAST = 1280


class MobileNetV2(nn.Module):
    """MobileNetV2 from images of 224 pixels to logits."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(_convolution(3, 32, 3, stride=2))
        before = 32
        for wider, channels, blocks, stride in _BLOCKS:
            for j in range(blocks):
                self.features.append(_Inverted(before, channels, 1 if j else stride, wider))
                before = channels
        self.features.append(_convolution(before, _LAST, 1))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(_LAST, classes))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (batch, classes) of images (batch, 3, height, width)."""
        return self.classifier(self.features(images).mean((2, 3)))


class _Inverted(nn.Module):
    """Widen, filter each channel, narrow without a nonlinearity; beside a shortcut if it fits."""

    def __init__(self, before: int, after: int, stride: int, wider: int) -> None:
        super().__init__()
        inside = before * wider
        widen = [_convolution(before, inside, 1)] if wider > 1 else []
        self.conv = nn.Sequential(
            *widen,
            _convolution(inside, inside, 3, stride=stride, groups=inside),
            nn.Conv2d(inside, after, 1, bias=False),
            nn.BatchNorm2d(after),
        )
        self.adds = stride == 1 and before == after

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images + self.conv(images) if self.adds else self.conv(images)


def _convolution(
    before: int, after: int, kernel: int, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """Return a convolution that is normalised and cut to 0 ... 6."""
    convolution = nn.Conv2d(
        before, after, kernel, stride, padding=kernel // 2, groups=groups, bias=False
    )
    return nn.Sequential(convolution, nn.BatchNorm2d(after), nn.ReLU6(inplace=True))

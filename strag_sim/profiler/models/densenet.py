"""DenseNet-121: many small convolutions, each on all that came before; many kernels for its work.

Huang, Liu, van der Maaten and Weinberger, "Densely Connected Convolutional Networks", CVPR 2017:
DenseNet-BC with growth 32. Departs from the paper nowhere. Parameters have the names that
torchvision gives them, so that its files of weights fit.
"""

import torch
from torch import nn

PIXELS = 224
# Table 1 of the paper: layers of each block; and how many channels a layer adds.
_LAYERS, _GROWTH = (6, 12, 24, 16), 32
_FIRST, _INSIDE = 64, 4 * _GROWTH


class DenseNet(nn.Module):
    """DenseNet-121 from images of 224 pixels to logits."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv0", nn.Conv2d(3, _FIRST, 7, stride=2, padding=3, bias=False))
        self.features.add_module("norm0", nn.BatchNorm2d(_FIRST))
        self.features.add_module("relu0", nn.ReLU(inplace=True))
        self.features.add_module("pool0", nn.MaxPool2d(3, stride=2, padding=1))
        channels = _FIRST
        for i, layers in enumerate(_LAYERS, start=1):
            self.features.add_module(f"denseblock{i}", _block(channels, layers))
            channels += layers * _GROWTH
            if i < len(_LAYERS):
                self.features.add_module(f"transition{i}", _transition(channels))
                channels //= 2
        self.features.add_module(f"norm{len(_LAYERS) + 1}", nn.BatchNorm2d(channels))
        self.classifier = nn.Linear(channels, classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (batch, classes) of images (batch, 3, height, width)."""
        return self.classifier(self.features(images).relu().mean((2, 3)))


class _Layer(nn.Module):
    """Narrow by 1 x 1, filter by 3 x 3, each normalised before; what it finds joins its input."""

    def __init__(self, before: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(before)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(before, _INSIDE, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(_INSIDE)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(_INSIDE, _GROWTH, 3, padding=1, bias=False)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        narrow = self.conv1(self.relu1(self.norm1(images)))
        return torch.cat((images, self.conv2(self.relu2(self.norm2(narrow)))), dim=1)


def _block(before: int, layers: int) -> nn.Sequential:
    """Return layers that each see what all before them found."""
    block = nn.Sequential()
    for j in range(layers):
        block.add_module(f"denselayer{j + 1}", _Layer(before + j * _GROWTH))
    return block


def _transition(channels: int) -> nn.Sequential:
    """Return what halves channels, width and height."""
    transition = nn.Sequential()
    transition.add_module("norm", nn.BatchNorm2d(channels))
    transition.add_module("relu", nn.ReLU(inplace=True))
    transition.add_module("conv", nn.Conv2d(channels, channels // 2, 1, bias=False))
    transition.add_module("pool", nn.AvgPool2d(2))
    return transition

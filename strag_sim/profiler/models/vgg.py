"""VGG-16: few, large convolutions and three large linear layers, bound by arithmetic and weights.

Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
ICLR 2015, configuration D. Departs from the paper as most implementations do: features are averaged
to 7 x 7, which changes nothing at 224 pixels. Parameters have the names that torchvision gives
them, so that its files of weights fit.
"""

import torch
from torch import nn

PIXELS = 224
# Table 1 of the paper: channels of the convolutions before each pooling.
_STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
_CELLS, _HIDDEN = 7, 4096


class VGG(nn.Module):
    """VGG-16 from images of 224 pixels to logits."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential()
        before = 3
        for stage in _STAGES:
            for channels in stage:
                self.features.append(nn.Conv2d(before, channels, 3, padding=1))
                self.features.append(nn.ReLU(inplace=True))
                before = channels
            self.features.append(nn.MaxPool2d(2))
        self.avgpool = nn.AdaptiveAvgPool2d(_CELLS)
        self.classifier = nn.Sequential(
            nn.Linear(before * _CELLS**2, _HIDDEN),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(_HIDDEN, _HIDDEN),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(_HIDDEN, classes),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (batch, classes) of images (batch, 3, height, width)."""
        return self.classifier(self.avgpool(self.features(images)).flatten(1))

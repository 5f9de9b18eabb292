"""The collage-CNN: one pass over a collage of k x k images names the class of each.

Krishna Giri Narra, Lin, Ananthanarayanan, Avestimehr and Annavaram, "Collage Inference: Using Coded
Redundancy for Lowering Latency Variation in Distributed Image Classification Systems", ICDCS 2020.
Their network is the tiny YOLOv3 of darknet (``yolov3-tiny.cfg``; Redmon and Farhadi, "YOLOv3: An
Incremental Improvement", 2018) with its first detection layer, on a canvas of 416 pixels for every
k and 100 classes of ImageNet. Ours has the same convolutions up to that layer. In place of its
boxes, features are averaged over each cell of the collage and a 1 x 1 convolution yields one vector
of logits a cell: no boxes have to be matched with cells, and none stays without an answer. What it
costs hardly depends on k.
"""

import torch
from torch import nn

PIXELS = 416
_CHANNELS = (16, 32, 64, 128, 256, 512, 1024)
_STRIDES = (2, 2, 2, 2, 2, 1)  # of the pooling after each but the last
_NARROW, _WIDE = 256, 512


class CollageCNN(nn.Module):
    """A tiny YOLOv3 trunk and a head for ``grid`` x ``grid`` cells."""

    def __init__(self, grid: int = 3, classes: int = 100) -> None:
        super().__init__()
        self.trunk = nn.Sequential()
        before = 3
        for channels, stride in zip(_CHANNELS, (*_STRIDES, 0), strict=True):
            self.trunk.append(_convolution(before, channels, 3))
            before = channels
            if stride:
                self.trunk.append(_pooling(stride))
        self.trunk.append(_convolution(before, _NARROW, 1))
        self.trunk.append(_convolution(_NARROW, _WIDE, 3))
        self.cells = nn.AdaptiveAvgPool2d(grid)
        self.head = nn.Conv2d(_WIDE, classes, 1)

    def forward(self, canvases: torch.Tensor) -> torch.Tensor:
        """Return logits (batch, classes, grid, grid) of canvases (batch, 3, height, width)."""
        return self.head(self.cells(self.trunk(canvases)))


def _convolution(before: int, after: int, kernel: int) -> nn.Sequential:
    """Return a normalised convolution with darknet's leaky nonlinearity."""
    return nn.Sequential(
        nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(after),
        nn.LeakyReLU(0.1, inplace=True),
    )


def _pooling(stride: int) -> nn.Module:
    """Return the maximum of 2 x 2; with a stride of 1, the size is kept by a blank last row."""
    if stride == 1:
        return nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.MaxPool2d(2, stride=1))
    return nn.MaxPool2d(2, stride=stride)

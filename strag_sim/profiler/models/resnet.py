"""ResNet-18, -34 and -50: the classifiers that coded inference is mostly measured with.

He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", CVPR 2016. Departs from the
paper as most implementations do: in ResNet-50 the 3 x 3 convolution has the stride, not the 1 x 1
before it ("version 1.5"). Parameters have the names that torchvision gives them, so that its files
of weights fit.
"""

import torch
from torch import nn

PIXELS = 224
_LAYERS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}
_CHANNELS = (64, 128, 256, 512)


class ResNet(nn.Module):
    """A ResNet of 18, 34 or 50 layers with weights, from images of 224 pixels to logits."""

    def __init__(self, depth: int, classes: int = 1000) -> None:
        super().__init__()
        kind = _Bottleneck if depth == 50 else _Basic
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        before = 64
        for i, (channels, blocks) in enumerate(zip(_CHANNELS, _LAYERS[depth], strict=True)):
            layer = nn.Sequential()
            for j in range(blocks):
                layer.append(kind(before, channels, stride=2 if i and not j else 1))
                before = channels * kind.expansion
            setattr(self, f"layer{i + 1}", layer)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(before, classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (batch, classes) of images (batch, 3, height, width)."""
        features = self.maxpool(self.relu(self.bn1(self.conv1(images))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            features = layer(features)
        return self.fc(self.avgpool(features).flatten(1))


class _Basic(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut."""

    expansion = 1

    def __init__(self, before: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = _shortcut(before, channels, stride)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features = self.relu(self.bn1(self.conv1(images)))
        return self.relu(self.bn2(self.conv2(features)) + self.downsample(images))


class _Bottleneck(nn.Module):
    """A 3 x 3 convolution between two of 1 x 1 that narrow and widen, beside a shortcut."""

    expansion = 4

    def __init__(self, before: int, channels: int, stride: int) -> None:
        super().__init__()
        after = channels * self.expansion
        self.conv1 = nn.Conv2d(before, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, after, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(after)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = _shortcut(before, after, stride)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features = self.relu(self.bn1(self.conv1(images)))
        features = self.relu(self.bn2(self.conv2(features)))
        return self.relu(self.bn3(self.conv3(features)) + self.downsample(images))


def _shortcut(before: int, after: int, stride: int) -> nn.Module:
    """Return what leads past a block: nothing, or a 1 x 1 convolution where the shape changes."""
    if stride == 1 and before == after:
        return nn.Identity()
    convolution = nn.Conv2d(before, after, 1, stride=stride, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(after))

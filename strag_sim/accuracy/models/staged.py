"""The single-image network, in stages: the uncoded model, the coded worker, the parity model.

One network for all, so that what a scheme loses is the code's doing and not that of a smaller
network. 2.7 million multiply-accumulates an image of 16 x 16 pixels.
"""

from torch import Tensor, nn

from strag_sim.accuracy.models.weights import convolution

WIDTH = 24  # channels of the first stage
STAGES = 4
_GRID = 4  # of the features that the head sees


class StagedNet(nn.Module):
    """Four convolutions and a linear head.

    ``stages`` are the convolutions, with 24, 48, 96 and 96 channels; the second and the third
    halve the image.
    """

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.stages = nn.Sequential(
            convolution(channels, WIDTH),
            convolution(WIDTH, 2 * WIDTH, stride=2),
            convolution(2 * WIDTH, 4 * WIDTH, stride=2),
            convolution(4 * WIDTH, 4 * WIDTH),
        )
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(_GRID),
            nn.Flatten(),
            nn.Linear(4 * WIDTH * _GRID**2, classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (batch, classes) of images (batch, C, H, W)."""
        return self.head(self.stages(images))

"""The collage-CNN: one pass over a canvas of k x k images gives the logits of each.

Narra, Lin, Ananthanarayanan, Avestimehr and Annavaram, "Collage Inference: Using Coded Redundancy
for Lowering Latency Variation in Distributed Image Classification Systems", ICDCS 2020. Theirs is
a detector that draws boxes; a cell without a box has no answer. Here the features of each cell
are averaged and a 1 x 1 convolution gives one vector of logits a cell, so that none is empty.
"""

from torch import Tensor, nn

from strag_sim.accuracy.models.weights import convolution

_CHANNELS = (16, 32, 64, 64)


class CollageNet(nn.Module):
    """Convolutions over the canvas, an average over each of ``grid`` x ``grid`` cells, a head."""

    def __init__(self, channels: int, classes: int, grid: int) -> None:
        super().__init__()
        sizes = (channels, *_CHANNELS)
        self.trunk = nn.Sequential(*map(convolution, sizes, _CHANNELS))
        self.cells = nn.AdaptiveAvgPool2d(grid)
        self.head = nn.Conv2d(_CHANNELS[-1], classes, 1)

    def forward(self, canvases: Tensor) -> Tensor:
        """Return logits (batch, grid * grid, classes), row by row, of canvases (batch, C, H, W)."""
        return self.head(self.cells(self.trunk(canvases))).flatten(2).transpose(1, 2)

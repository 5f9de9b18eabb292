"""Members of an ensemble: five networks from a linear one to a deep one, none of them good alone.

They are unlike on purpose, and each trains on few images of its own. Members that are often right
would leave an ensemble nothing to gain, and a quorum nothing to lose.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from strag_sim.accuracy.models.weights import convolution

_GRID, _GRID_OF_FEATURES = 8, 4  # the sides to which images and features are averaged


@dataclass(frozen=True)
class Layers:
    """Channels and stride of each convolution, and the numbers in each hidden layer after them."""

    convolutions: tuple[tuple[int, int], ...] = ()
    hidden: tuple[int, ...] = ()


# In order: an ensemble of M has the first M, and numbers them from 0. 650 to 9,106 parameters.
MEMBERS: Mapping[str, Layers] = {
    "member-linear": Layers(),
    "member-hidden": Layers(hidden=(32,)),
    "member-shallow": Layers(((8, 2),)),
    "member-narrow": Layers(((4, 1), (8, 2), (16, 2))),
    "member-deep": Layers(((8, 1), (8, 2), (16, 1), (16, 2), (16, 1))),
}


class MemberNet(nn.Module):
    """Convolutions, an average over a grid, and linear layers with ReLUs between."""

    def __init__(self, channels: int, classes: int, layers: Layers) -> None:
        super().__init__()
        before, stages = channels, []
        for after, stride in layers.convolutions:
            stages.append(convolution(before, after, stride))
            before = after
        grid = _GRID_OF_FEATURES if stages else _GRID
        self.features = nn.Sequential(*stages, nn.AdaptiveAvgPool2d(grid), nn.Flatten())
        numbers, linear = before * grid**2, list[nn.Module]()
        for after in layers.hidden:
            linear += [nn.Linear(numbers, after), nn.ReLU()]
            numbers = after
        self.head = nn.Sequential(*linear, nn.Linear(numbers, classes))

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (batch, classes) of images (batch, C, H, W)."""
        return self.head(self.features(images))

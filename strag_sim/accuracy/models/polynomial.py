"""Classifiers that are polynomials, for which Lagrange coding is exact.

Yu, Li, Raviv, Kalan, Soltanolkotabi and Avestimehr, "Lagrange Coded Computing: Optimal Design for
Resiliency, Security, and Privacy", AISTATS 2019 (arXiv:1806.00939), theorem 1: a polynomial of
degree d on K inputs is recovered from any R* = (K - 1) d + 1 results.
"""

from torch import Tensor, nn

DEGREES = (2, 4)
_GRID = 8  # the side to which images are averaged
_HIDDEN = 64


class PolynomialNet(nn.Module):
    """A network whose only nonlinearity is the square: each logit has degree 2 or 4 in the pixels.

    The image is averaged to 8 x 8 pixels first, which is linear and keeps the degree.
    """

    def __init__(self, channels: int, classes: int, degree: int = 2) -> None:
        super().__init__()
        self.pixels = nn.Sequential(nn.AdaptiveAvgPool2d(_GRID), nn.Flatten())
        squared = degree // 2  # 1 or 2 layers
        sizes = [channels * _GRID**2, *[_HIDDEN] * squared]
        pairs = zip(sizes, sizes[1:], strict=False)
        self.layers = nn.ModuleList(nn.Linear(before, after) for before, after in pairs)
        self.head = nn.Linear(_HIDDEN, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (batch, classes) of images (batch, C, H, W)."""
        numbers = self.pixels(images)
        for layer in self.layers:
            numbers = layer(numbers).square()
        return self.head(numbers)

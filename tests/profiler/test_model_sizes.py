"""The models that come with the profiler are as large as published, and the counter counts."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
models = pytest.importorskip("strag_sim.profiler.models")
built_in = pytest.importorskip("strag_sim.profiler.models.built_in")

# Parameters and multiply-accumulates, from the metadata of torchvision's published weights
# (num_params and "GFLOPS", which are multiply-accumulates).
PUBLISHED = {
    "resnet-18": (11_689_512, 1.814e9),
    "resnet-34": (21_797_672, 3.664e9),
    "resnet-50": (25_557_032, 4.089e9),
    "mobilenet-v2": (3_504_872, 0.301e9),
    "vgg-16": (138_357_544, 15.470e9),
    "densenet-121": (7_978_856, 2.834e9),
    "vit-b-16": (86_567_656, 17.564e9),  # with the products inside attention
}
# Tiny YOLOv3 at 416 pixels with both detection layers of 255 filters: the float32 numbers in
# darknet's file of weights (33.8 MiB), and half of the 5.571 "BFLOPS" that darknet prints, which
# are multiplications and additions.
TINY_YOLO = (33.8 * 2**20 / 4, 5.571e9 / 2)


def size(name: str) -> tuple[int, int]:
    """Return the counts of a built-in model, without computing anything."""
    make, pixels = built_in.BUILT_IN[name]
    with torch.device("meta"):
        return models.counts(make().eval(), (torch.empty(1, 3, pixels, pixels),))


@pytest.mark.parametrize("name", PUBLISHED)
def test_as_large_as_published(name: str) -> None:
    """Parameters agree to the last one, multiply-accumulates within 1 %."""
    parameters, operations = size(name)

    assert parameters == PUBLISHED[name][0]
    assert operations == pytest.approx(PUBLISHED[name][1], rel=0.01)


def test_collage_cnn_is_tiny_yolo() -> None:
    """With the two detection layers in place of our head it is the published tiny YOLOv3."""
    head = (512 * 100 + 100, 512 * 100 * 3 * 3)
    first = 512 * 255
    second = 256 * 128, 9 * (128 + 256) * 256, 256 * 255
    parameters = first + 255 + sum(second) + 2 * 128 + 2 * 256 + 255
    operations = first * 13**2 + second[0] * 13**2 + (second[1] + second[2]) * 26**2

    ours = size("collage-cnn-3")

    assert ours[0] - head[0] + parameters == pytest.approx(TINY_YOLO[0], rel=0.01)
    assert ours[1] - head[1] + operations == pytest.approx(TINY_YOLO[1], rel=0.01)


def test_collage_of_more_images_costs_hardly_more() -> None:
    """The canvas is of one size, so the number of images in it is the head's affair only."""
    assert size("collage-cnn-13")[1] == pytest.approx(size("collage-cnn-2")[1], rel=0.01)
    assert size("collage-cnn-13")[0] == size("collage-cnn-2")[0]


@pytest.mark.parametrize(
    ("make", "example", "due"),
    [
        (lambda nn: nn.Linear(3, 5), (2, 3), (20, 2 * 3 * 5)),
        (lambda nn: nn.Linear(3, 5), (1, 7, 3), (20, 7 * 3 * 5)),
        (lambda nn: nn.Conv2d(4, 6, 3, padding=1, bias=False), (1, 4, 8, 8), (216, 4 * 6 * 9 * 64)),
        (lambda nn: nn.Conv2d(4, 6, 3, stride=2, groups=2), (1, 4, 9, 9), (114, 2 * 6 * 9 * 16)),
        (lambda nn: nn.Sequential(nn.BatchNorm1d(3), nn.ReLU()), (2, 3), (6, 0)),
    ],
)
def test_counter(make: Callable, example: tuple[int, ...], due: tuple[int, int]) -> None:
    """Worked out by hand: one multiplication a weight and place that it is used at; no biases."""
    assert models.counts(make(torch.nn), (torch.ones(example),)) == due


def test_counter_of_a_transformer() -> None:
    """Scores and sums of attention count, also where torch would run the layer as one operation."""
    layer = torch.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    parameters = (8 + 1) * 24 + (8 + 1) * 8 + (8 + 1) * 16 + (16 + 1) * 8 + 4 * 8
    operations = 5 * (8 * 24 + 8 * 8 + 2 * 8 * 16) + 2 * 5 * 5 * 8

    assert models.counts(layer, (torch.ones(1, 5, 8),)) == (parameters, operations)
    assert torch.backends.mha.get_fastpath_enabled()


def test_counter_of_fused_attention() -> None:
    """Attention that a module calls as one function counts as its two products."""

    class Gathering(torch.nn.Module):
        def forward(self, tokens: object) -> object:
            return torch.nn.functional.scaled_dot_product_attention(tokens, tokens, tokens)

    assert models.counts(Gathering(), (torch.ones(1, 2, 5, 4),)) == (0, 2 * 2 * 5 * 5 * 4)

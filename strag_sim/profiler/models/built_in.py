"""The models that come with the profiler, by name."""

from collections.abc import Callable

from torch import nn

from strag_sim.profiler.models import collage, densenet, mobilenet, resnet, vgg, vit
from strag_sim.profiler.models.made import Made, images, seeded

SHOWN = (
    "resnet-18, resnet-34, resnet-50, mobilenet-v2, vgg-16, densenet-121, vit-b-16, "
    "collage-cnn-2 to collage-cnn-13"
)
_GRIDS = range(2, 14)  # the trunk yields 13 x 13 features: no more cells than that


def built_in(name: str) -> Made:
    """Return a model that comes with the profiler: random weights, the same each time."""
    make, pixels = BUILT_IN[name]
    with seeded():
        module = make()
        keep_size(module)
    return module, images(3, pixels, pixels)


def keep_size(module: nn.Module) -> None:
    """Draw the weights of convolutions so that activations keep their size from layer to layer.

    He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", ICCV 2015. With torch's own, activations
    shrink at each layer where no normalisation was trained, down to numbers that CPUs are slow at
    and float16 does not have.
    """
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")


def _collage(grid: int) -> Callable[[], nn.Module]:
    """Return what makes the collage-CNN for ``grid`` x ``grid`` cells."""
    return lambda: collage.CollageCNN(grid)


# What makes each, and the width and height of its images.
BUILT_IN: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "resnet-18": (lambda: resnet.ResNet(18), resnet.PIXELS),
    "resnet-34": (lambda: resnet.ResNet(34), resnet.PIXELS),
    "resnet-50": (lambda: resnet.ResNet(50), resnet.PIXELS),
    "mobilenet-v2": (mobilenet.MobileNetV2, mobilenet.PIXELS),
    "vgg-16": (vgg.VGG, vgg.PIXELS),
    "densenet-121": (densenet.DenseNet, densenet.PIXELS),
    "vit-b-16": (vit.ViT, vit.PIXELS),
    **{f"collage-cnn-{grid}": (_collage(grid), collage.PIXELS) for grid in _GRIDS},
}

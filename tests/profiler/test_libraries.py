"""Models of optional libraries: one made for the test, and the real ones where installed."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from strag_sim.errors import ProfilerError

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
models = pytest.importorskip("strag_sim.profiler.models")
libraries = pytest.importorskip("strag_sim.profiler.models.libraries")

ZOO = """
import torch

__version__ = "1.5"
NAMES = ["lion-9", "no-such-beast"]


def make(name):
    if name == "no-such-beast":
        raise KeyError(name)
    return torch.nn.Conv2d(3, 2, 3)
"""
TWINS = {
    "resnet-18": "resnet18",
    "resnet-50": "resnet50",
    "mobilenet-v2": "mobilenet_v2",
    "vgg-16": "vgg16",
    "densenet-121": "densenet121",
    "vit-b-16": "vit_b_16",
}


def library(name: str) -> object:
    """Return a library of models that has two names and can make one of them."""
    return libraries.Library(
        name,
        lambda module: module.NAMES,
        lambda module, model: (module.make(model), libraries.images(3, 8, 9)),
    )


@pytest.fixture
def _zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let there be a small library, one that is not installed, and one that does not fit."""
    (tmp_path / "tiny_zoo.py").write_text(ZOO)
    (tmp_path / "torn_zoo.py").write_text("raise RuntimeError('made for another torch')\n")
    monkeypatch.syspath_prepend(tmp_path)
    three = tuple(map(library, ("absent_zoo", "torn_zoo", "tiny_zoo")))
    monkeypatch.setattr(libraries, "LIBRARIES", three)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    yield
    sys.modules.pop("tiny_zoo", None)


@pytest.mark.usefixtures("_zoo")
def test_name_of_a_library() -> None:
    """A name that no built-in model has is looked up in each library that can be imported."""
    subject = models.subject("lion-9")
    module, inputs = subject.make()
    again, _ = subject.make()

    assert (subject.source, subject.weights) == ("tiny_zoo 1.5", "random")
    assert not module.training
    assert inputs(4)[0].shape == (4, 3, 8, 9)
    assert torch.equal(module.weight, again.weight)


@pytest.mark.usefixtures("_zoo")
def test_name_of_no_library() -> None:
    """It is told where was looked, and why not in the others; names of libraries are suggested."""
    with pytest.raises(ProfilerError) as caught:
        models.subject("lion9")

    assert re.fullmatch(
        r"there is no model 'lion9'; did you mean 'lion-9'\?; built in are .*: looked into "
        r"absent_zoo \(not installed\), torn_zoo \(cannot be imported: made for another torch\), "
        r"tiny_zoo 1\.5",
        str(caught.value),
    )


@pytest.mark.usefixtures("_zoo")
def test_library_that_cannot_make_what_it_has() -> None:
    """What a library raises is told in words."""
    with pytest.raises(ProfilerError) as caught:
        models.subject("no-such-beast").make()

    assert str(caught.value) == (
        "tiny_zoo could not make 'no-such-beast': KeyError: 'no-such-beast'"
    )


@pytest.mark.parametrize("name", TWINS)
def test_same_function_as_torchvision(name: str) -> None:
    """With the same weights, a built-in model answers as torchvision's does."""
    torchvision = pytest.importorskip("torchvision", exc_type=ImportError)
    theirs = torchvision.models.get_model(TWINS[name], weights=None).eval()
    ours, inputs = models.subject(name).make()
    theirs.load_state_dict(ours.state_dict())
    (images,) = inputs(1)
    images = images if name == "vit-b-16" else images[..., :64, :64]

    with torch.inference_mode():
        torch.testing.assert_close(ours(images), theirs(images), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(
    ("needed", "name", "parameters", "pixels"),
    [
        ("torchvision", "squeezenet1_1", 1_235_496, 224),
        ("torchvision", "inception_v3", 27_161_264, 299),
        ("timm", "resnet10t", 5_440_000, 176),
        ("timm", "vit_tiny_patch16_384.augreg_in21k_ft_in1k", 5_790_000, 384),
        ("timm", "cait_xxs24_224", 11_956_264, 224),
        ("transformers", "DeiTConfig", 86_567_656, 224),
        ("transformers", "ResNetConfig", 25_557_032, 224),
        ("transformers", "ViTConfig", 86_567_656, 224),
    ],
)
@pytest.mark.filterwarnings("ignore")  # what a library warns of itself is not ours
def test_real_libraries(needed: str, name: str, parameters: int, pixels: int) -> None:
    """Where a library is installed, its names are found, and its models take their own images."""
    pytest.importorskip(needed, exc_type=ImportError)
    subject = models.subject(name)
    module, inputs = subject.make()
    (images,) = inputs(1)

    assert subject.source.startswith(f"{needed} ")
    assert images.shape == (1, 3, pixels, pixels)
    assert models.counts(module, (images,))[0] == pytest.approx(parameters, rel=0.001)

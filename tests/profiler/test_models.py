"""The models that come with the profiler: what they are made with, and weights from files."""

import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from strag_sim.errors import ProfilerError

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
models = pytest.importorskip("strag_sim.profiler.models")
vit = pytest.importorskip("strag_sim.profiler.models.vit")

FLOAT16 = 65_504  # its largest number
SHAPES = {
    "resnet-34": (1000,),
    "mobilenet-v2": (1000,),
    "vgg-16": (1000,),
    "densenet-121": (1000,),
    "vit-b-16": (1000,),
    "collage-cnn-4": (100, 4, 4),
}


def activations(module: object, images: object) -> tuple[object, list[float]]:
    """Return what a module answers, and the largest absolute value behind each part of it."""
    largest: list[float] = []
    for part in module.modules():
        if not list(part.children()):
            part.register_forward_hook(lambda *call: largest.append(float(call[2].abs().max())))
    with torch.inference_mode():
        return module(images), largest


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a transformer have few blocks, which are all alike, and torch one thread."""
    monkeypatch.setattr(vit, "_BLOCKS", 2)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("name", SHAPES)
def test_activations_keep_their_size(name: str) -> None:
    """Random weights make no numbers that float16 has not, nor those that CPUs are slow at."""
    module, inputs = models.subject(name).make()
    (images,) = inputs(1)
    if name != "vit-b-16":  # a smaller image takes less time, and all but this one take it
        images = images[..., :96, :96]

    answer, largest = activations(module, images)

    assert not module.training
    assert not any(each.requires_grad for each in module.parameters())
    assert answer.shape == (1, *SHAPES[name])
    assert max(largest) < FLOAT16
    assert min(largest) > 1e-2
    assert answer.std() > 1e-2


def test_names() -> None:
    """Built-in names say family and size, and a collage-CNN how many images a side."""
    assert models.names()[:4] == ["resnet-18", "resnet-34", "resnet-50", "mobilenet-v2"]
    assert models.names()[4:7] == ["vgg-16", "densenet-121", "vit-b-16"]
    assert models.names()[7:] == [f"collage-cnn-{grid}" for grid in range(2, 14)]


def test_subject() -> None:
    """A subject knows itself before anything is made."""
    made = models.subject("resnet-34")

    assert (made.name, made.weights, made.source) == ("resnet-34", "random", "built-in")


def test_inputs() -> None:
    """Inputs are random normal, of the batch size asked for, and others each time."""
    _, inputs = models.subject("resnet-18").make()
    (images,) = inputs(3)

    assert images.shape == (3, 3, 224, 224)
    assert abs(float(images.mean())) < 0.02
    assert float(images.std()) == pytest.approx(1, abs=0.02)
    assert not torch.equal(images, inputs(3)[0])


def test_random_weights_are_the_same_each_time() -> None:
    """A model is made twice alike, and torch's random numbers go on as if it had not been made."""
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, _ = models.subject("mobilenet-v2").make()
    after = torch.get_rng_state()
    torch.manual_seed(6)
    second, _ = models.subject("mobilenet-v2").make()

    assert torch.equal(before, after)
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_weights_from_a_file(tmp_path: Path) -> None:
    """Weights are those of the file where one is given, and the subject says which."""
    module, _ = models.subject("mobilenet-v2").make()
    state = {key: value * 0 + 1 for key, value in module.state_dict().items()}
    torch.save(state, tmp_path / "ones.pt")

    made = models.subject("mobilenet-v2", tmp_path / "ones.pt")
    loaded, _ = made.make()

    assert made.weights == str(tmp_path / "ones.pt")
    assert all(bool((each == 1).all()) for each in loaded.parameters())


def test_weights_that_do_not_fit(tmp_path: Path) -> None:
    """A file for another model is refused, with what differs."""
    path = tmp_path / "small.pt"
    torch.save({"conv1.weight": torch.ones(1), "head.bias": torch.ones(3)}, path)

    with pytest.raises(ProfilerError) as caught:
        models.subject("resnet-18", path).make()

    assert str(caught.value) == (
        f"weights: '{path}' does not fit resnet-18: 121 missing, as 'bn1.weight'; 1 unknown, as "
        "'head.bias'; 1 of another shape, as 'conv1.weight'"
    )


class Trap:
    """What runs code where pickles are trusted."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('the file was trusted')",)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, "weights: there is no file '.*w.pt'"),
        (b"no weights", r"weights: '.*w.pt' cannot be read; it must be a state dict that torch"),
        (pickle.dumps(Trap()), "weights: '.*w.pt' cannot be read"),
        ([1, 2], "weights: '.*w.pt' holds a list, not a state dict"),
    ],
)
def test_files_that_are_no_weights(content: object, text: str, tmp_path: Path) -> None:
    """What is no state dict is refused in words, and no code in it is run."""
    path = tmp_path / "w.pt"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        torch.save(content, path)

    with pytest.raises(ProfilerError, match=text):
        models.subject("mobilenet-v2", path).make()


def test_unknown_name() -> None:
    """A name that nobody knows: what there is, what is close, and where was looked."""
    with pytest.raises(ProfilerError) as caught:
        models.subject("resnet-35")

    assert re.match(
        r"there is no model 'resnet-35'; did you mean 'resnet-\d\d'\?; built in are resnet-18, "
        r".*collage-cnn-13; others are module:callable, or of a library: looked into torchvision.*"
        r"timm.*transformers",
        str(caught.value),
    )

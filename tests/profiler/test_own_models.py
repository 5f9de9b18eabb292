"""Models that users bring: ``module:callable``, and what is said where it cannot be."""

from pathlib import Path

import pytest

from strag_sim.errors import ProfilerError

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
models = pytest.importorskip("strag_sim.profiler.models")

OWN = """
import torch

SIZE = 3


class Pair(torch.nn.Module):
    def forward(self, left, right):
        return left + right


def one():
    return torch.nn.Linear(4, 2), torch.ones(1, 4)


def two():
    return Pair(), (torch.ones(1, 4), torch.zeros(1, 4, 5))


def made_anew():
    return torch.nn.Identity(), lambda batch: (torch.full((batch, 2), float(batch)),)


def beside():
    import beside_it
    return beside_it.module(), torch.ones(1, 4)


def nothing():
    pass


def reversed_pair():
    return torch.ones(1, 4), torch.nn.Linear(4, 2)


def batch_of_two():
    return torch.nn.Identity(), torch.ones(2, 4)


def number():
    return torch.nn.Identity(), torch.tensor(1.0)


def mapping():
    return torch.nn.Identity(), {"x": torch.ones(1, 4)}


def empty():
    return torch.nn.Identity(), ()


def raises():
    raise MemoryError("no room")


def late():
    return torch.nn.Identity(), lambda batch: 1 / 0


def late_list():
    return torch.nn.Identity(), lambda batch: [batch]
"""


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with models of one's own."""
    (tmp_path / "own_models.py").write_text(OWN)
    (tmp_path / "beside_it.py").write_text("import torch\nmodule = torch.nn.Identity\n")
    (tmp_path / "broken_models.py").write_text("import no_such_library\n")
    (tmp_path / "raising_models.py").write_text("1 / 0\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_folder")
def test_example_is_repeated() -> None:
    """An example for a batch of one is repeated to any batch; the module is in eval mode."""
    subject = models.subject("own_models:one")
    module, inputs = subject.make()

    assert (subject.source, subject.weights) == ("module:callable", "as own_models:one made them")
    assert not module.training
    assert [tuple(each.shape) for each in inputs(6)] == [(6, 4)]
    assert module(*inputs(6)).shape == (6, 2)


@pytest.mark.usefixtures("_folder")
def test_several_inputs() -> None:
    """A tuple of tensors are the positional arguments of the module."""
    _, inputs = models.subject("own_models:two").make()

    assert [tuple(each.shape) for each in inputs(3)] == [(3, 4), (3, 4, 5)]


@pytest.mark.usefixtures("_folder")
def test_inputs_made_for_a_batch() -> None:
    """A callable makes the inputs of each batch size itself."""
    _, inputs = models.subject("own_models:made_anew").make()

    assert inputs(3)[0].tolist() == [[3.0, 3.0]] * 3


@pytest.mark.usefixtures("_folder")
def test_callable_may_import_what_lies_beside_it() -> None:
    """The current folder is looked into also while the callable runs."""
    module, _ = models.subject("own_models:beside").make()

    assert isinstance(module, torch.nn.Identity)


@pytest.mark.usefixtures("_folder")
def test_weights_fit_own_models(tmp_path: Path) -> None:
    """Weights of a file can be loaded into a model of one's own."""
    torch.save({"weight": torch.ones(2, 4), "bias": torch.zeros(2)}, tmp_path / "w.pt")
    module, inputs = models.subject("own_models:one", tmp_path / "w.pt").make()

    assert module(*inputs(1)).tolist() == [[4.0, 4.0]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nowhere_at_all:one", "nowhere_at_all:one: there is no module 'nowhere_at_all' in /"),
        ("own_models:oen", "own_models:oen: own_models has no 'oen'; did you mean 'one'?"),
        ("own_models:SIZE", "own_models:SIZE: SIZE is of type int, not callable; it must return"),
        ("own_models:", "'own_models:' is not allowed; write module:callable"),
        (":one", "':one' is not allowed; write module:callable"),
        ("broken_models:one", "broken_models:one: importing it failed: No module named 'no_such"),
        ("raising_models:one", "raising_models:one: importing it failed: ZeroDivisionError: div"),
    ],
)
@pytest.mark.usefixtures("_folder")
def test_names_that_lead_nowhere(name: str, text: str) -> None:
    """What cannot be found is told when it is asked for, before anything is measured."""
    with pytest.raises(ProfilerError) as caught:
        models.subject(name)

    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nothing", "own_models:nothing returned None; it must return (module, example): a torch"),
        ("reversed_pair", "own_models:reversed_pair returned a tuple of (Tensor, Linear); it must"),
        (
            "batch_of_two",
            "own_models:batch_of_two returned an example of shape (2, 4); the first dimension is "
            "the batch, and must be 1 (it is repeated to each batch size)",
        ),
        ("number", "own_models:number returned an example of shape (); the first dimension is"),
        ("mapping", "own_models:mapping has inputs that are of type dict; it must return"),
        ("empty", "own_models:empty has inputs that are a tuple of (); it must return"),
        ("raises", "own_models:raises raised MemoryError: no room"),
        ("late", "own_models:late: its inputs for batch 2 raised ZeroDivisionError: division by"),
        ("late_list", "own_models:late_list has inputs that are a list of (int); it must return"),
    ],
)
@pytest.mark.usefixtures("_folder")
def test_what_cannot_be_measured(name: str, text: str) -> None:
    """What a callable does wrong is told in words, with what it should do."""
    with pytest.raises(ProfilerError) as caught:
        models.subject(f"own_models:{name}").make()[1](2)

    assert str(caught.value).startswith(text)

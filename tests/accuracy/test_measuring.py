"""Counting answers: of models whose answers are known, and of planted faults."""

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")
measuring = pytest.importorskip("strag_sim.accuracy.measuring")
some_sets = pytest.importorskip("strag_sim.accuracy.survivors").some_sets

from strag_sim.accuracies import table_of  # noqa: E402


class Mean(torch.nn.Module):
    """A linear classifier of an image's mean: class c for means about c / 10; it is exact.

    Its logits are linear in the pixels but for the constant, and the codes' weights add up to 1.
    """

    def __init__(self, scale: float = 1.0) -> None:
        super().__init__()
        centres = torch.arange(10, dtype=torch.float32) / 10
        self.slope = torch.nn.Parameter(2 * centres * scale)
        self.constant = torch.nn.Parameter(-(centres**2) * scale)

    def forward(self, images: Any) -> Any:
        """Return logits (n, 10) whose largest is of the centre nearest to the mean."""
        return images.mean((1, 2, 3))[:, None] * self.slope + self.constant


class Sum(Mean):
    """The parity model of the sum of ``count`` images: what `Mean` gives them, added up."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, images: Any) -> Any:
        """Return logits (n, 10)."""
        return images.mean((1, 2, 3))[:, None] * self.slope + self.count * self.constant


@pytest.fixture(scope="module")
def levels() -> Any:
    """Return 720 images of one grey level each; their class is the level, every 9th is wrong."""
    labels = np.arange(720) % 10
    pixels = np.broadcast_to((labels / 10).astype(np.float32)[:, None, None, None], (720, 1, 8, 8))
    named = np.where(np.arange(720) % 9 == 0, (labels + 1) % 10, labels)
    classes = tuple("0123456789")
    return accuracy.Images("levels", pixels.copy(), named, classes, "0" * 64)


def counted(name: str, images: Any, coded: Any) -> Any:
    """Return what a seed's answers were worth, by the exact model and a coded one."""
    server = accuracy.Server(accuracy.scheme(name), Mean().eval(), coded.eval())
    return measuring.count(server, images, 0, 1)


def test_a_linear_model_loses_nothing(levels: Any) -> None:
    """Lagrange coding is exact for it: every set agrees, and 8 of 9 answers are right."""
    found = counted("naive-4-6", levels, Mean())

    assert len(found.right) == 15 + 6 + 1
    assert all((shares == 1.0).all() for shares in found.agreeing.values())
    assert found.alone == pytest.approx(8 / 9, abs=0.03)
    assert np.mean(list(found.right.values())) == pytest.approx(found.alone, abs=0.02)
    assert found.groups * 4 >= 1000


def test_a_wrong_worker_is_seen(levels: Any) -> None:
    """Planted fault: logits that saturate are not linear, and answers change."""
    saturating = torch.nn.Sequential(Mean(20.0), torch.nn.Tanh())

    found = counted("naive-4-6", levels, saturating)

    assert max(float(shares.min()) for shares in found.agreeing.values()) < 0.9


def test_parity_answers_count_where_they_are_reconstructed(levels: Any) -> None:
    """One own task is late: its place is measured, and no other."""
    found = counted("parity-sum-3", levels, Sum(3))

    assert list(found.right) == [(1, 2, 3), (0, 2, 3), (0, 1, 3)]
    for late, (right, agreeing) in enumerate(
        zip(found.right.values(), found.agreeing.values(), strict=True)
    ):
        assert np.flatnonzero(np.isfinite(right)).tolist() == [late]
        assert agreeing[late] == 1.0
    assert found.groups >= 1000


def test_a_parity_model_that_forgets_an_image_is_seen(levels: Any) -> None:
    """Planted fault: a sum of two constants in place of three."""
    found = counted("parity-sum-3", levels, Sum(2))

    assert max(np.nanmax(shares) for shares in found.agreeing.values()) < 0.9


def content(name: str, levels: Any, counts: Any) -> dict[str, Any]:
    """Return the table of counts."""
    return measuring.content(
        accuracy.scheme(name), levels, counts, command="here", date="2026-11-28"
    )


def test_a_table_says_what_was_counted(levels: Any) -> None:
    """Sets, places, numbers and intervals, by hand for two seeds of two places each."""
    sets = [(0, 1), (0, 2), (1, 2), (0, 1, 2)]
    counts = {
        seed: measuring.Counts(
            {each: np.array([0.5, 0.7]) + 0.1 * seed for each in sets},
            {each: np.array([0.8, 1.0]) for each in sets},
            0.9,
            200,
            500,
        )
        for seed in (0, 1)
    }
    counts[0].right[(1, 2)][:] = 0.3

    found = content("naive-2-3", levels, counts)
    table = table_of(found)

    assert found["sets"][0]["places"] == [0.55, 0.75]
    assert [each["value"] for each in found["sets"]] == [0.65, 0.65, 0.5, 0.65]
    assert [each["value"] for each in found["numbers"]] == [0.6, 0.65]
    assert found["numbers"][0]["agreement"] == 0.9
    assert (found["seeds"], found["uncoded"]["value"]) == ([0, 1], 0.9)
    # t(1) = 12.706; the seeds' means of pairs are 0.5 and 0.7.
    assert found["numbers"][0]["low"] == 0.0
    assert table.accuracy(np.array([0b011, 0b110]), np.array([1, -1])).tolist() == [0.75, 0.5]


def test_many_sets_become_bins(levels: Any) -> None:
    """Of 16 tasks 8 may return in 12,870 ways: bins of gain hold what random ones were worth."""
    scheme = accuracy.scheme("berrut-8-16")
    sets = some_sets(16, 8, 50, torch.Generator().manual_seed(0))
    counts = {
        0: measuring.Counts(
            {each: np.full(8, 1 / scheme.code(8, 8).gain(each)) for each in sets},
            {each: np.ones(8) for each in sets},
            1.0,
            200,
            500,
        )
    }

    found = content("berrut-8-16", levels, counts)
    table = table_of(found)

    assert found["sets"] == []
    assert len(found["bins"]) >= 2
    for each in found["bins"]:
        low, high = each["gain"]
        assert high / low == pytest.approx(10**0.5, rel=1e-3)
        assert 1 / high <= each["value"] <= 1 / low
    assert table.least == 8


def test_sets_are_all_or_random() -> None:
    """All where there are few; else different ones, by the generator, each task as often."""
    few = some_sets(5, 3, 10, torch.Generator())
    many = some_sets(20, 10, 300, torch.Generator().manual_seed(1))

    assert len(few) == len(set(few)) == 10
    assert len(many) == len(set(many)) == 300
    assert many == some_sets(20, 10, 300, torch.Generator().manual_seed(1))
    often = np.bincount(np.concatenate([np.array(each) for each in many]), minlength=20)
    assert np.abs(often - 150).max() < 4 * (300 / 4) ** 0.5

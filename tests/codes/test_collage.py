"""Collages: where images stand, how they are resized, and cells without an answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.codes import CollageCode
from strag_sim.codes.resizing import resize_matrix, resized
from strag_sim.errors import CodeError


def test_images_stand_row_by_row():
    """Image j * grid + i in row j and column i; a canvas that need not be resized is exact."""
    images = np.arange(4.0)[:, None, None, None] * np.ones((4, 1, 2, 3))

    canvas = CollageCode(2, 4, channels=1).encode(images[..., :2])[0, 0]

    assert canvas.tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]
    assert CollageCode(2, 4).encode(images).shape == (1, 1, 4, 4)  # images need not be square


def test_resizing_by_hand():
    """At half the size a pixel weighs four: 1/8, 3/8, 3/8, 1/8; at the edge what is there."""
    assert resize_matrix(8, 4)[1] == pytest.approx([0, 1 / 8, 3 / 8, 3 / 8, 1 / 8, 0, 0, 0])
    assert resize_matrix(8, 4)[0] == pytest.approx([3 / 7, 3 / 7, 1 / 7, 0, 0, 0, 0, 0])
    assert resize_matrix(2, 4)[1] == pytest.approx([0.75, 0.25])
    assert resize_matrix(3, 3) == pytest.approx(np.eye(3))


@given(st.integers(1, 60), st.integers(1, 60))
def test_grey_stays_grey(before, after):
    """Rows sum to 1, so an image of one grey keeps it, at any size; products leave nothing out."""
    image = np.random.default_rng(before).normal(size=(2, before, 5))
    grey = np.full((2, before, 5), 0.7)

    assert resized(grey, after, after) == pytest.approx(np.full((2, after, after), 0.7))
    whole = resize_matrix(before, after) @ image @ resize_matrix(5, after).T
    assert resized(image, after, after) == pytest.approx(whole)


def test_no_aliases():
    """Stripes finer than the result's pixels become grey; without the filter they would stay."""
    stripes = np.tile([0.0, 1.0], 32) * np.ones((64, 1))

    small = resized(stripes, 16, 16)

    assert np.abs(small[:, 1:-1] - 0.5).max() < 1e-12
    assert np.ptp(stripes[::4, 1::4]) == 0  # each fourth pixel alone would be white


@pytest.mark.torch
@pytest.mark.parametrize(
    ("before", "after"), [((84, 84), (20, 20)), ((56, 28), (52, 52)), ((33, 7), (20, 30))]
)
def test_it_is_torchs(before, after):
    """The filter of torch's interpolate with antialias, to rounding."""
    torch = pytest.importorskip("torch")
    images = np.random.default_rng(0).normal(size=(2, 3, *before))

    expected = torch.nn.functional.interpolate(
        torch.from_numpy(images), size=after, mode="bilinear", antialias=True
    )

    assert resized(images, *after) == pytest.approx(expected.numpy(), abs=1e-12)


def test_answers_by_cell():
    """In a row, or cell by cell."""
    code = CollageCode(2, 8)
    results = np.arange(12.0).reshape(1, 4, 3)

    assert code.decode(results, [0]).tolist() == results[0].tolist()
    assert code.decode(results.reshape(1, 12)).tolist() == results[0].tolist()
    assert (code.inputs, code.tasks, code.least, code.gain()) == (4, 1, 1, 1)


def test_a_cell_without_a_prediction_has_no_answer():
    """All of it is NaN, and the other cells have theirs."""
    results = np.ones((1, 4, 3))
    results[0, 2, 1] = np.nan

    answers = CollageCode(2, 8).decode(results)

    assert np.isnan(answers).all(axis=1).tolist() == [False, False, True, False]
    assert np.isnan(results).sum() == 1  # what was handed over is not changed


def test_costs():
    """4 operations a number of the canvas, at the rate of resizing; the canvas alone is sent."""
    code = CollageCode(3, 416)

    assert code.encode_flops(100) == 4 * 9 * 100
    assert code.decode_flops(1000) == 0
    assert code.sent(3 * 224 * 224) == (3 * 416 * 416,)
    assert CollageCode(3, 20, channels=1).sent(64) == (400,)
    assert code.resizes


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CollageCode(0, 8), "grid: 0 is not allowed"),
        (
            lambda: CollageCode(3, 2),
            "size: 2 is not allowed; size must leave each cell of the grid",
        ),
        (lambda: CollageCode(2, 8).encode(np.ones((4, 8))), r"groups of 4: \[4, C, H, W\]"),
        (lambda: CollageCode(2, 8).encode(np.ones((9, 3, 8, 8))), "groups of 4"),
        (lambda: CollageCode(2, 8).decode(np.ones((1, 5))), r"the shape \[1, 5\] is not allowed"),
        (lambda: CollageCode(2, 8).decode(np.ones((1, 3, 8))), r"is \[1, 4, C\], or the same"),
        (lambda: CollageCode(2, 8).decode(np.ones((2, 4))), r"the shape \[2, 4\] is not allowed"),
        (lambda: CollageCode(2, 8).decode(np.ones(4)), r"the shape \[4\] is not allowed"),
        (lambda: CollageCode(2, 8).decode(np.ones((1, 4)), [1]), "task 1 is not allowed"),
        (lambda: CollageCode(2, 8).gain([]), "0 results are too few"),
    ],
)
def test_refusals(call, message):
    """What is wrong, and what is due."""
    with pytest.raises(CodeError, match=message):
        call()

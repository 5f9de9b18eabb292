"""Parities: subtraction, several of them, and images shrunk into one."""

from itertools import combinations

import numpy as np
import pytest

from strag_sim.codes import ParityCode
from strag_sim.errors import CodeError


def learned(code, outputs):
    """Return results [k + r, C], where every parity model is as good as it can be."""
    return np.vstack([outputs, code.parity_weights() @ outputs])


def test_subtraction_by_hand():
    """A missing output is the parity's minus the others."""
    code = ParityCode(3)
    results = np.array([[1.0, 2.0], [3.0, 5.0], [10.0, 20.0]])  # of tasks 0, 2 and the parity

    assert code.decode(results, [0, 2, 3]).tolist() == [[1, 2], [6, 13], [3, 5]]
    assert code.gain([0, 2, 3]) == 3
    assert code.gain([0, 1, 2]) == 1
    assert code.gain([0, 1, 2, 3]) == 1  # the parity is not needed


def test_the_sum():
    """Inputs as they are, and their sum behind them."""
    assert ParityCode(2).encode(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == [
        [1, 2],
        [3, 4],
        [4, 6],
    ]


@pytest.mark.parametrize("encoder", ["sum", "concatenation"])
@pytest.mark.parametrize(("inputs", "parities"), [(1, 1), (2, 1), (4, 1), (2, 2), (4, 2), (3, 3)])
def test_any_k_results_decode(encoder, inputs, parities):
    """Whatever is missing, of outputs that nothing is known of."""
    code = ParityCode(inputs, parities, encoder)
    outputs = np.random.default_rng(0).normal(size=(inputs, 4))
    results = learned(code, outputs)

    for count in range(inputs, code.tasks + 1):
        for returned in combinations(range(code.tasks), count):
            answers = code.decode(results[list(returned)], returned)
            assert answers == pytest.approx(outputs, abs=1e-9 * code.gain(returned))


def test_own_results_are_taken_as_they_are():
    """Also where a parity model is wrong, which shows in the missing answer alone."""
    code = ParityCode(4)
    outputs = np.random.default_rng(0).normal(size=(4, 3))
    results = learned(code, outputs)
    results[4] += 1

    off = code.decode(results[1:], [1, 2, 3, 4]) - outputs
    assert off[0] == pytest.approx([1, 1, 1])
    assert np.abs(off[1:]).max() == 0


def test_one_parity_does_not_replace_two():
    """The negative control: alike parities would leave two missing outputs unknown."""
    alike = np.ones((2, 2))

    assert np.linalg.matrix_rank(alike) == 1
    assert np.linalg.matrix_rank(ParityCode(2, 2).parity_weights()) == 2


@pytest.mark.parametrize(
    ("inputs", "cells"),
    [
        (2, [(0, 0, 4, 2), (0, 2, 4, 4)]),
        (3, [(0, 0, 2, 2), (0, 2, 2, 4), (2, 0, 4, 2)]),
        (4, [(0, 0, 2, 2), (0, 2, 2, 4), (2, 0, 4, 2), (2, 2, 4, 4)]),
    ],
)
def test_concatenation(inputs, cells):
    """Halves and quadrants, row by row, each with the grey of its image; the rest is 0."""
    greys = np.arange(1.0, inputs + 1)
    images = np.ones((inputs, 3, 4, 4)) * greys[:, None, None, None]

    coded = ParityCode(inputs, encoder="concatenation").encode(images)

    expected = np.zeros((3, 4, 4))
    for grey, (top, left, bottom, right) in zip(greys, cells, strict=True):
        expected[:, top:bottom, left:right] = grey
    assert coded[:inputs] == pytest.approx(images)
    assert coded[inputs] == pytest.approx(expected)


def test_concatenation_shrinks():
    """An image in a quadrant is itself at half its size: means of 2 x 2 and their neighbours."""
    image = np.zeros((1, 8, 8))
    image[0, :, 4:] = 1.0
    images = np.stack([image] * 4)

    parity = ParityCode(4, encoder="concatenation").encode(images)[4, 0]

    assert parity[0, :4] == pytest.approx([0, 0.125, 0.875, 1])
    assert parity[:4, :4] == pytest.approx(parity[4:, 4:])


def test_several_concatenated_parities():
    """Are one image, for models that learn different sums."""
    coded = ParityCode(4, 2, "concatenation").encode(
        np.random.default_rng(0).normal(size=(4, 1, 6, 7))
    )

    assert coded.shape == (6, 1, 6, 7)
    assert (coded[4] == coded[5]).all()


def test_costs():
    """The parities alone are computed; own tasks are sent plain inputs."""
    assert ParityCode(4).encode_flops(100) == 2 * 4 * 100
    assert ParityCode(4, 2).encode_flops(100) == 2 * 4 * 2 * 100
    assert ParityCode(4, encoder="concatenation").encode_flops(100) == 4 * 4 * 100
    assert ParityCode(4).decode_flops(10) == 2 * 4 * 10
    assert ParityCode(4).sent(100) == (100,) * 5
    assert (ParityCode(4).resizes, ParityCode(4, encoder="concatenation").resizes) == (False, True)


def test_refusals():
    """Of parameters, of matrices that do not exist, and of images that are no images."""
    concatenation = ParityCode(4, encoder="concatenation")
    with pytest.raises(CodeError, match="parities: 0 is not allowed"):
        ParityCode(2, 0)
    with pytest.raises(
        CodeError, match="encoder: 'xor' is not allowed; encoder must be sum or con"
    ):
        ParityCode(2, 1, "xor")
    with pytest.raises(CodeError, match="encoder: concatenation has no matrix"):
        concatenation.encode_matrix()
    with pytest.raises(CodeError, match=r"\[4, 9\] is not allowed; .* groups of 4: \[4, C, H, W\]"):
        concatenation.encode(np.ones((4, 9)))
    with pytest.raises(CodeError, match="images of 1 x 5 are too small to be shrunk into 2 x 2"):
        concatenation.encode(np.ones((4, 1, 1, 5)))

"""MDS codes: any K of N results of a linear function."""

from itertools import combinations

import numpy as np
import pytest

from strag_sim.codes import MDSCode
from strag_sim.errors import CodeError


@pytest.mark.parametrize(("inputs", "tasks"), [(1, 3), (2, 3), (4, 6), (8, 10)])
def test_linear_functions_are_recovered(inputs, tasks):
    """From every set of K results or more."""
    rng = np.random.default_rng(tasks)
    code = MDSCode(inputs, tasks)
    rows, weights = rng.normal(size=(inputs, 5)), rng.normal(size=(5, 3))
    results = code.encode(rows) @ weights

    for count in range(inputs, tasks + 1):
        for returned in combinations(range(tasks), count):
            answers = code.decode(results[list(returned)], returned)
            assert answers == pytest.approx(rows @ weights, abs=1e-9 * code.gain(returned))


def test_others_are_not():
    """A square is recovered where no own result is missing, and else not."""
    rows = np.array([[1.0], [2.0], [4.0]])
    code = MDSCode(3, 5)
    results = code.encode(rows) ** 2

    assert code.decode(results[:3], [0, 1, 2]) == pytest.approx(rows**2)
    assert np.abs(code.decode(results[1:4], [1, 2, 3]) - rows**2).max() > 0.1


def test_own_tasks_are_the_inputs():
    """To the bit; and an own result is an answer as it is."""
    rows = np.random.default_rng(0).normal(size=(4, 2, 2)).astype(np.float32)
    code = MDSCode(4, 6)

    assert (code.encode(rows)[:4] == rows).all()
    assert (code.encode(rows)[4:] == code.parities_of(rows)).all()
    assert code.gain(range(6)) == code.gain(range(4)) == 1


def test_costs():
    """Only parities are computed."""
    code = MDSCode(4, 6)

    assert code.encode_flops(100) == 2 * 4 * 2 * 100
    assert code.decode_flops(10) == 2 * 4 * 4 * 10
    assert code.sent(100) == (100,) * 6


def test_no_code():
    """Fewer tasks than inputs."""
    with pytest.raises(CodeError, match=r"tasks must be at least the inputs \(3\)"):
        MDSCode(3, 2)

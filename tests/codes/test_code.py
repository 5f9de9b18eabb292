"""What all codes refuse, in the same words."""

import numpy as np
import pytest

from strag_sim.codes import BerrutCode, LagrangeCode, MDSCode, ParityCode
from strag_sim.errors import CodeError

CODES = [LagrangeCode(3, 5), BerrutCode(3, 2), MDSCode(3, 5), ParityCode(3, 2)]
IDS = [type(code).__name__ for code in CODES]


@pytest.mark.parametrize("code", CODES, ids=IDS)
@pytest.mark.parametrize(
    ("results", "returned", "message"),
    [
        (np.ones((3, 2)), [0, 1, 5], "task 5 is not allowed; this code has 5 tasks, numbered from"),
        (np.ones((3, 2)), [0, -1, 2], "task -1 is not allowed"),
        (np.ones((3, 2)), [0, 1.5, 2], "task 1.5 is not allowed"),
        (np.ones((3, 2)), [0, 1, 1], "task 1 stands there 2 times; keep its first"),
        (np.ones((2, 2)), [0, 1, 2], r"the shape \[2, 2\] is not allowed; results must have a row"),
        (np.ones(3), [0, 1, 2], r"the shape \[3\] is not allowed"),
        (np.ones((3, 0)), [0, 1, 2], r"the shape \[3, 0\] is not allowed"),
        (np.ones((3, 2)) * 1j, [0, 1, 2], "complex128 is not allowed; results must be real"),
        (np.full((3, 2), np.inf), [2, 1, 0], "that of task 2 is not finite; leave the task out"),
    ],
)
def test_wrong_results(code, results, returned, message):
    """What is wrong with them, and what to do."""
    with pytest.raises(CodeError, match=message):
        code.decode(results, returned)


@pytest.mark.parametrize(
    ("code", "fewest"),
    [(LagrangeCode(3, 5, 4), 4), (MDSCode(3, 5), 3), (ParityCode(3), 3), (BerrutCode(2, 1, 1), 5)],
)
def test_too_few_results(code, fewest):
    """How many are needed, and how many more."""
    message = f"2 results are too few; this code decodes from {fewest} of its {code.tasks} tasks"

    assert code.least == fewest
    with pytest.raises(CodeError, match=f"{message} or more: wait for {fewest - 2} more"):
        code.decode(np.ones((2, 1)), [0, 1])
    with pytest.raises(CodeError, match="too few"):
        code.gain([0, 1])


@pytest.mark.parametrize("code", CODES, ids=IDS)
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            np.ones((4, 2)),
            r"the shape \[4, 2\] is not allowed; this code encodes groups of 3: \[3,",
        ),
        (np.ones(()), r"the shape \[\] is not allowed"),
        (np.ones((3, 0)), r"the shape \[3, 0\] is not allowed"),
        (np.full((3, 2), "a"), "<U1 is not allowed; inputs must be real numbers"),
    ],
)
def test_wrong_inputs(code, inputs, message):
    """Which shape is due."""
    with pytest.raises(CodeError, match=message):
        code.encode(inputs)


@pytest.mark.parametrize("code", CODES, ids=IDS)
def test_precision_of_what_is_encoded(code):
    """That of the inputs; bytes become float32."""
    for given, kept in ((np.float64, np.float64), (np.float32, np.float32), (np.uint8, np.float32)):
        coded = code.encode(np.arange(12, dtype=given).reshape(3, 4))
        assert coded.dtype == kept
        assert coded.shape == (5, 4)


@pytest.mark.parametrize("code", CODES, ids=IDS)
def test_matrices_say_what_is_done(code):
    """encode and decode are the products with them."""
    rng = np.random.default_rng(0)
    rows, results = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    returned = [4, 0, 3, 1]

    assert code.encode(rows) == pytest.approx(code.encode_matrix() @ rows)
    assert code.decode(results, returned) == pytest.approx(code.decode_matrix(returned) @ results)
    assert code.gain(returned) == pytest.approx(
        np.abs(code.decode_matrix(returned)).sum(axis=1).max()
    )


def test_whole_numbers_of_numpy():
    """Are whole numbers: parameters and tasks."""
    code = LagrangeCode(np.int64(2), np.int32(3))

    assert code.decode(np.ones((2, 1)), np.array([2, 0])) == pytest.approx(np.ones((2, 1)))


@pytest.mark.parametrize("code", CODES, ids=IDS)
def test_nothing_that_is_handed_over_is_changed(code):
    """Nor are a code's own matrices, when a user writes into one that it returned."""
    rows, results = np.ones((3, 2)), np.ones((4, 2))
    code.encode(rows)
    code.decode(results, [0, 1, 2, 3])
    code.encode_matrix()[:] = 0

    assert rows.min() == results.min() == 1
    assert np.abs(code.encode(rows)).min() > 0

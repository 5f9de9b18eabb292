"""Lagrange codes: exact where the theorem says so, and nowhere else."""

import numpy as np
import pytest
from coded import polynomial, survivors
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.codes import LagrangeCode
from strag_sim.codes.interpolation import (
    interpolation_matrix,
    lagrange_weights,
    least_squares_matrix,
)
from strag_sim.errors import CodeError

CASES = [(2, 1, 4), (2, 2, 5), (2, 4, 7), (3, 2, 8), (4, 2, 9), (3, 3, 9), (8, 1, 10)]


def error(code, function, rows, returned):
    """Return how far the answers are from the function, of its largest value."""
    results = function(code.encode(rows))[list(returned)]
    right = function(rows)
    return np.abs(code.decode(results, returned) - right).max() / np.abs(right).max()


@pytest.mark.parametrize("points", ["chebyshev", "equispaced", "systematic"])
@pytest.mark.parametrize(("inputs", "degree", "tasks"), CASES)
def test_polynomials_are_recovered(points, inputs, degree, tasks):
    """From every set of R = (K - 1) d + 1 results or more, to rounding times the gain."""
    rng = np.random.default_rng(inputs * 10 + degree)
    code = LagrangeCode(inputs, tasks, (inputs - 1) * degree + 1, points)
    function, rows = polynomial(degree, rng), rng.normal(size=(inputs, 5))

    for count in range(code.least, tasks + 1):
        for returned in survivors(code, count, rng):
            assert error(code, function, rows, returned) < 1e-9 * code.gain(returned)


def test_random_sets_of_many_tasks():
    """Of 32 tasks: to rounding times the gain, or refused because of it."""
    rng = np.random.default_rng(7)
    code = LagrangeCode(8, 32, 15)
    function, rows = polynomial(2, rng), rng.normal(size=(8, 5))
    refused = 0
    for count in (15, 20, 28, 31):
        for returned in survivors(code, count, rng, most=100):
            if code.gain(returned) > 1e6:
                refused += 1
                with pytest.raises(CodeError, match="decoding multiplies errors by"):
                    error(code, function, rows, returned)
            else:
                assert error(code, function, rows, returned) < 1e-9 * code.gain(returned)

    assert 0 < refused < 150


@pytest.mark.parametrize(("inputs", "degree", "tasks"), [(2, 2, 4), (3, 2, 6), (3, 3, 8)])
def test_one_result_fewer_is_not_enough(inputs, degree, tasks):
    """The threshold is sharp: with one result fewer every answer is off, from every set."""
    rng = np.random.default_rng(5)
    code = LagrangeCode(inputs, tasks, (inputs - 1) * degree)
    function, rows = polynomial(degree, rng), rng.normal(size=(inputs, 5))

    for returned in survivors(code, code.least, rng):
        assert error(code, function, rows, returned) > 1e-3


def test_results_of_float32():
    """Lose what float32 loses, times the gain; beyond a gain of 1000 they are refused."""
    rng = np.random.default_rng(1)
    code = LagrangeCode(8, 12)
    rows = rng.normal(size=(8, 5)).astype(np.float32)
    coded = code.encode(rows)
    gains = {returned: code.gain(returned) for returned in survivors(code, 8, rng, most=1000)}
    worst = max(gains, key=gains.get)

    assert coded.dtype == np.float32
    for returned, gain in gains.items():
        if gain <= 1e3:
            decoded = code.decode(coded[list(returned)], returned)
            assert decoded == pytest.approx(rows, abs=1e-6 * gain)
    with pytest.raises(CodeError, match=r"by 1\.55e\+04; results in float32 bear 1e\+03: wait fo"):
        code.decode(coded[list(worst)], worst)
    assert code.decode(coded[list(worst)].astype(float), worst).shape == (8, 5)


def test_more_results_than_are_needed():
    """Least squares, unless the polynomial through all has a small gain."""
    code = LagrangeCode(4, 8, 5)
    nodes, targets = np.array(code.placed.workers), np.array(code.placed.data)
    through = interpolation_matrix(targets, nodes, lagrange_weights(nodes))

    assert np.abs(through).sum(axis=1).max() < 3
    assert code.decode_matrix(range(8)) == pytest.approx(through)
    some = [0, 1, 2, 4, 5, 7]
    nearest = least_squares_matrix(targets, nodes[some], 4)
    through = interpolation_matrix(targets, nodes[some], lagrange_weights(nodes[some]))
    assert np.abs(through).sum(axis=1).max() > 3
    assert code.decode_matrix(some) == pytest.approx(nearest)


def test_fewer_results_than_inputs_are_interpolated():
    """A threshold below K is allowed; least squares would be worse, so all results count."""
    code = LagrangeCode(4, 6, 3)
    nodes = np.array(code.placed.workers)[:5]

    expected = interpolation_matrix(np.array(code.placed.data), nodes, lagrange_weights(nodes))
    assert code.decode_matrix(range(5)) == pytest.approx(expected)


def test_one_input_is_copied():
    """K = 1 is replication: every task is the input, every result an answer."""
    code = LagrangeCode(1, 3)
    rows = np.array([[1.0, 2.0]])

    assert code.encode(rows).tolist() == [[1, 2]] * 3
    assert code.decode(np.array([[5.0]]), [2]).tolist() == [[5]]
    assert code.gain([1]) == 1


def test_workers_at_data_points():
    """Among N = 2 K + 1 workers' points are the K data points: those tasks are copies."""
    code = LagrangeCode(3, 7)

    assert code.encode_matrix()[[1, 3, 5]].tolist() == np.eye(3).tolist()
    assert code.gain([1, 3, 5]) == 1
    assert code.encode_flops(100) == 2 * 3 * 4 * 100  # copies are not computed


def test_known_gains():
    """K = R = 8 with 1, 2, 4 missing: the worst are those of our prototypes, another program."""
    rng = np.random.default_rng(0)
    for tasks, worst in ((9, 10.2), (10, 232), (12, 1.56e4)):
        code = LagrangeCode(8, tasks)
        gains = [code.gain(returned) for returned in survivors(code, 8, rng, most=1000)]
        assert max(gains) == pytest.approx(worst, rel=0.02)


@given(st.permutations(range(6)), st.integers(4, 6), st.sampled_from(["chebyshev", "systematic"]))
def test_the_order_of_results_does_not_matter(order, count, points):
    """A row belongs to its task, wherever it stands."""
    code = LagrangeCode(4, 6, points=points)
    returned = order[:count]

    matrix = code.decode_matrix(returned)

    straight = code.decode_matrix(sorted(returned))
    assert matrix[:, np.argsort(returned)] == pytest.approx(straight, abs=1e-9)


@given(st.integers(1, 6), st.integers(0, 4), st.floats(-3, 3), st.floats(-3, 3))
def test_encoding_is_linear(inputs, more, a, b):
    """Sums of inputs become sums of tasks, whatever the shape behind the first dimension."""
    code = LagrangeCode(inputs, inputs + more)
    x, y = np.random.default_rng(inputs).normal(size=(2, inputs, 2, 3))

    assert code.encode(a * x + b * y) == pytest.approx(
        a * code.encode(x) + b * code.encode(y), abs=1e-9
    )


def test_costs():
    """2 K N D to encode, without what is only sent; 2 K R C to decode; D for each task."""
    code = LagrangeCode(4, 6, 5)

    assert code.encode_flops(100) == 2 * 4 * 6 * 100
    assert LagrangeCode(4, 6, points="systematic").encode_flops(100) == 2 * 4 * 2 * 100
    assert code.decode_flops(10) == 2 * 4 * 5 * 10
    assert code.sent(100) == (100,) * 6


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ((0, 2), "inputs: 0 is not allowed; inputs must be a whole number of at least 1"),
        ((2, 2.5), "tasks: 2.5 is not allowed"),
        ((2, 4, True), "threshold: True is not allowed"),
        ((3, 2), r"tasks: 2 is not allowed; tasks must be at least the inputs \(3\)"),
        ((2, 4, 5), r"tasks: 4 is not allowed; tasks must be at least the threshold \(5\)"),
        ((2, 4, 2, "even"), "points: 'even' is not allowed"),
    ],
)
def test_no_code(given_, message):
    """Parameters that make none are refused."""
    with pytest.raises(CodeError, match=message):
        LagrangeCode(*given_)

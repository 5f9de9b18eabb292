"""Interpolation: the barycentric form against numpy's polynomials, and least squares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Chebyshev

from strag_sim.codes.interpolation import (
    berrut_weights,
    gain_of,
    interpolation_matrix,
    lagrange_weights,
    least_squares_matrix,
)
from strag_sim.codes.points import chebyshev_first, chebyshev_second, equispaced

TARGETS = np.linspace(-1, 1, 23)


@pytest.mark.parametrize("count", [1, 2, 8, 33, 64])
def test_polynomials_are_interpolated(count):
    """Values of a polynomial of degree n - 1, from n Chebyshev points, to rounding."""
    curve = Chebyshev(np.random.default_rng(1).normal(size=count))
    nodes = chebyshev_second(count)

    matrix = interpolation_matrix(TARGETS, nodes, lagrange_weights(nodes))

    assert matrix @ curve(nodes) == pytest.approx(curve(TARGETS), abs=1e-12 * count)


def test_a_vandermonde_system_would_lose_it():
    """Why none is solved: at 48 points all digits are gone, and here none."""
    curve = Chebyshev(np.random.default_rng(1).normal(size=48))
    nodes, targets = chebyshev_second(48), chebyshev_first(24)

    solved = np.linalg.solve(np.vander(nodes), curve(nodes))
    matrix = interpolation_matrix(targets, nodes, lagrange_weights(nodes))

    assert np.abs(np.polyval(solved, targets) - curve(targets)).max() > 1e-3
    assert np.abs(matrix @ curve(nodes) - curve(targets)).max() < 1e-12


def test_weights_do_not_overflow():
    """Products of 400 factors would; their logarithms do not."""
    weights = lagrange_weights(chebyshev_second(400))

    assert np.abs(weights).max() == 1
    assert np.abs(weights).min() == pytest.approx(0.5)  # as is known of these points


def test_a_target_at_a_node():
    """Takes the value there, with no division by 0."""
    nodes = np.array([-1.0, 0.0, 1.0])
    matrix = interpolation_matrix(np.array([6e-17, 1.0]), nodes, berrut_weights(nodes))

    assert matrix.tolist() == [[0, 1, 0], [0, 0, 1]]


def test_berrut_weights_go_by_place():
    """Signs alternate along the line, in whichever order the nodes are named."""
    assert berrut_weights(np.array([0.3, -1.0, 1.0, 0.7])).tolist() == [-1, 1, -1, 1]


@given(st.lists(st.integers(-500, 500), min_size=1, max_size=12, unique=True))
def test_constants_are_kept(places):
    """Rows sum to 1 with any weights and nodes, so the gain is at least 1."""
    nodes = np.array(places) / 500
    for weights in (lagrange_weights(nodes), berrut_weights(nodes)):
        matrix = interpolation_matrix(TARGETS, nodes, weights)
        assert matrix.sum(axis=1) == pytest.approx(np.ones(23), abs=1e-12 * gain_of(matrix))
        assert gain_of(matrix) >= 1 - 1e-12


@pytest.mark.parametrize("degree", [0, 1, 4, 11])
def test_least_squares_are_least(degree):
    """The same polynomial as numpy's fit, which knows another way, of values with noise."""
    nodes = equispaced(12)
    values = np.random.default_rng(2).normal(size=12)
    targets = np.array([-0.37, 0.11, 0.9])

    ours = least_squares_matrix(targets, nodes, degree) @ values

    fitted = Chebyshev.fit(nodes, values, degree, domain=[-1, 1])
    assert ours == pytest.approx(fitted(targets), abs=1e-9)


def test_least_squares_at_a_high_degree():
    """31 of 40 clustered nodes: what is a polynomial stays one."""
    rng = np.random.default_rng(3)
    nodes = chebyshev_second(60)[np.sort(rng.permutation(60)[:40])]
    curve = Chebyshev(rng.normal(size=31))

    matrix = least_squares_matrix(chebyshev_first(16), nodes, 30)

    found = matrix @ curve(nodes)
    assert found == pytest.approx(curve(chebyshev_first(16)), abs=1e-12 * gain_of(matrix))

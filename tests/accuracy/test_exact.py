"""Polynomials, for which Lagrange coding is exact from R* = (K - 1) d + 1 results (LCC, theorem 1).

That is seen in the error and in the answers of all test images, and so is that R* - 1 are too few.
"""

from itertools import combinations

import numpy as np
import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")
models_of = pytest.importorskip("strag_sim.accuracy.models")
split = pytest.importorskip("strag_sim.accuracy.images").split

TOLERANCE = 1e-12  # of float64, times the gain


@pytest.fixture(scope="module", params=["polynomial-2-2-4", "polynomial-2-4-9", "polynomial-4-2-6"])
def served(request, digits, models):
    """Return a polynomial, the groups of all test images and the results of its tasks."""
    scheme = accuracy.scheme(request.param)
    if scheme.degree == 2:
        server = accuracy.server(scheme, digits, models, 0)
    else:  # random weights do: what is tested is algebra
        generator = torch.Generator().manual_seed(0)
        polynomial = models_of.initialised(
            lambda: models_of.PolynomialNet(1, 10, scheme.degree), generator
        ).double()
        server = accuracy.Server(scheme, polynomial, polynomial)
    pixels = torch.from_numpy(digits.pixels[split(digits, 0).testing])
    groups = pixels.unflatten(0, (-1, scheme.inputs))
    own = server.alone(pixels).reshape(*groups.shape[:2], 10)
    return server, own, server.results(groups)


def errors(served, returned):
    """Return the largest error of decoded answers, relative to the largest, and the agreement."""
    server, own, results = served
    answers = server.decoded(results, returned, 16)
    agreement = (answers.argmax(-1) == own.argmax(-1)).mean()
    return np.abs(answers - own).max() / np.abs(own).max(), agreement


def test_exact_from_the_threshold_on(served) -> None:
    """Every set of R* or more gives the polynomial's own answers to all 500 test images."""
    scheme = served[0].scheme
    exact = (scheme.inputs - 1) * scheme.degree + 1
    assert exact == scheme.least + 1
    for size in range(exact, scheme.tasks + 1):
        for returned in combinations(range(scheme.tasks), size):
            error, agreement = errors(served, returned)

            assert error < TOLERANCE * scheme.code(size, 16).gain(returned)
            assert agreement == 1.0


def test_not_exact_below_the_threshold(served) -> None:
    """One result fewer leaves errors a thousand million times as large, and answers change.

    A polynomial of degree 4 is so flat there that few of its answers change, but its errors are
    large as well. Not so for sets that hold workers at all data points, which answer uncoded.
    """
    scheme = served[0].scheme
    rest = [
        errors(served, returned)
        for returned in combinations(range(scheme.tasks), scheme.least)
        if not set(copies(scheme)) <= set(returned) or not copies(scheme)
    ]

    assert min(error for error, _ in rest) > 1e-3
    assert np.mean([agreement for _, agreement in rest]) < (0.97 if scheme.degree == 2 else 1)


def copies(scheme):
    """Return the tasks that are sent an input as it is, if there is one for each input."""
    matrix = scheme.linear(scheme.tasks).encode_matrix()
    found = [task for task, row in enumerate(matrix) if np.isclose(row, 1).any()]
    return found if len(found) == scheme.inputs else []


def test_results_in_another_order_are_noticed(served) -> None:
    """Planted fault: the results of two tasks taken for each other are not exact."""
    server, own, results = served
    swapped = results.copy()
    swapped[[0, 1]] = swapped[[1, 0]]

    error, _ = errors((server, own, swapped), tuple(range(server.scheme.tasks)))

    assert error > 1e-3

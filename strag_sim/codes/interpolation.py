"""Interpolation as a matrix: the second barycentric form, and least squares by Arnoldi.

Berrut and Trefethen, "Barycentric Lagrange Interpolation", SIAM Review 46 (2004), 501-517:
r(z) = sum_j w_j y_j / (z - z_j) over sum_j w_j / (z - z_j), eq. (4.2). Which interpolant it is, the
weights say. No Vandermonde system is solved: at 32 points its solution has lost ten digits.
"""

import numpy as np

from strag_sim.codes.code import Floats
from strag_sim.codes.points import SAME


def lagrange_weights(nodes: Floats) -> Floats:
    """Return the weights of the polynomial through the nodes, 1 / prod_k (z_j - z_k), eq. (3.2).

    They are products of many factors, so their logarithms are added, and the largest weight is
    scaled to 1; a common factor does not change the second form.
    """
    apart = nodes[:, None] - nodes[None, :]
    np.fill_diagonal(apart, 1.0)
    logs = -np.log(np.abs(apart)).sum(axis=1)
    return np.asarray(np.sign(apart).prod(axis=1) * np.exp(logs - logs.max()))


def berrut_weights(nodes: Floats) -> Floats:
    """Return Berrut's weights: signs that alternate along the nodes in the order of their places.

    Berrut, "Rational functions for guaranteed and experimentally well-conditioned global
    interpolation", 1988: so, and only so, the denominator has no zero on the line. The order is
    that of the nodes that are there: where one is left out, the signs behind it turn.
    """
    ranks = np.argsort(np.argsort(nodes))
    return np.where(ranks % 2 == 0, 1.0, -1.0)


def interpolation_matrix(targets: Floats, nodes: Floats, weights: Floats) -> Floats:
    """Return D [targets, nodes], so that D @ y are the values at the targets of what is y at nodes.

    A target at a node takes the value there: its row is that of the unit matrix.
    """
    apart = targets[:, None] - nodes[None, :]
    hits = np.abs(apart) <= SAME
    terms = weights / np.where(hits, 1.0, apart)
    hit = np.asarray(hits.any(axis=1))
    sums = np.where(hit, 1.0, terms.sum(axis=1))
    return np.where(hit[:, None], hits.astype(np.float64), terms / sums[:, None])


def least_squares_matrix(targets: Floats, nodes: Floats, degree: int) -> Floats:
    """Return D [targets, nodes] of the polynomial of this degree nearest to the values at nodes.

    Its basis is orthogonal on the nodes, made by Arnoldi's iteration and taken along to the targets
    (Brubeck, Nakatsukasa and Trefethen, "Vandermonde with Arnoldi", SIAM Review 63 (2021)); a
    second pass keeps it orthogonal. A target at a node takes the value there, as it does in
    interpolation.
    """
    basis = np.empty((nodes.size, degree + 1))
    there = np.empty((targets.size, degree + 1))
    basis[:, 0] = there[:, 0] = 1 / np.sqrt(nodes.size)
    for i in range(degree):
        column, ahead = nodes * basis[:, i], targets * there[:, i]
        for _ in range(2):
            overlap = basis[:, : i + 1].T @ column
            column = column - basis[:, : i + 1] @ overlap
            ahead = ahead - there[:, : i + 1] @ overlap
        norm = np.linalg.norm(column)
        basis[:, i + 1], there[:, i + 1] = column / norm, ahead / norm
    hits = np.abs(targets[:, None] - nodes[None, :]) <= SAME
    hit = np.asarray(hits.any(axis=1))
    return np.where(hit[:, None], hits.astype(np.float64), there @ basis.T)


def gain_of(matrix: Floats) -> float:
    """Return the most that a row's weights sum to, signs left out."""
    return float(np.abs(matrix).sum(axis=1).max())

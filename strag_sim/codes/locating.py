"""Which results are wrong: rational functions through all the others, coordinate by coordinate.

ApproxIFER (Soleymani, Ali, Mahdavifar and Avestimehr, arXiv:2109.09868), after Berlekamp and Welch.
"""

import numpy as np
from numpy.typing import NDArray

from strag_sim.codes.code import Floats


def located(values: Floats, nodes: Floats, inputs: int, errors: int) -> list[int]:
    """Return the rows of ``values`` [R, C], at these nodes [R], that are wrong: E of them.

    Right values of a coordinate are near those of r = p / q with p and q of degree K - 1, the form
    of Berrut's interpolant through K values. If rows e in E are wrong, P = p L and Q = q L, with
    L(z) = prod (z - z_e), have degree K + E - 1 and P(z_i) = y_i Q(z_i) in every row, right or
    wrong. These are R linear equations for the 2 (K + E) coefficients of P and Q.

    Two solutions have P1 Q2 - P2 Q1 = 0 at all R nodes, and its degree is at most
    2 (K + E - 1). So with R >= 2 K + 2 E - 1 results all solutions are the same function p / q:
    each Q is q times a polynomial that is 0 at each wrong node, where P = y Q cannot hold
    otherwise, and q, if it is Berrut's denominator, has no zero on the line. With fewer results
    there are solutions that say nothing. (With q taken as known, K + 2 E results would do where
    workers keep Berrut's form, as linear functions do; networks do not.)

    The solution taken is the last right singular vector, in Chebyshev polynomials, so that no
    power of a node is formed. Each coordinate votes for the E rows where |Q| is least; the E rows
    with most votes are returned, rising; ties go by the sum of |Q|.
    """
    count = inputs + errors
    basis = np.polynomial.chebyshev.chebvander(nodes, count - 1).astype(np.float64)
    scale = np.abs(values).max(axis=0)
    scaled = values / np.where(scale > 0, scale, 1.0)
    votes, sizes = np.zeros(len(nodes)), np.zeros(len(nodes))
    for column in scaled.T:
        size = _denominator(basis, column)
        votes[np.argsort(size, kind="stable")[:errors]] += 1
        sizes += size / size.max()
    order = np.lexsort((sizes, -votes))
    return sorted(order[:errors].tolist())


def _denominator(basis: Floats, values: NDArray[np.float64]) -> Floats:
    """Return |Q| at the nodes, of the P and Q that fit these values best; Q is not 0 everywhere."""
    system = np.hstack([basis, -values[:, None] * basis])
    vector = np.linalg.svd(system)[2][-1]
    return np.asarray(np.abs(basis @ vector[basis.shape[1] :]))

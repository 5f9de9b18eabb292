"""Distributions from their Laplace transforms, inverted numerically, and the laws' transforms.

A transform is E[exp(-s X)] for complex s, an array, with a positive real part, per second.

References
----------
.. [1] Abate and Whitt (1995), Numerical inversion of Laplace transforms of probability
   distributions, ORSA Journal on Computing 7.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from strag_sim.theory import laws

Complexes = NDArray[np.complex128]
Transform = Callable[[Complexes], Complexes]

# Abate and Whitt's choice: a discretisation error of exp(-A) = 1e-8, and sums of so many terms,
# averaged by Euler's binomial weights.
A, TERMS, AVERAGED = 18.4, 38, 11
SPREAD, NODES = 9.0, 2001  # of the trapezoid rule over a normal variable


def survival(transform: Transform) -> laws.Survival:
    """Return P(X > t), the inverse of (1 - E[exp(-s X)]) / s, by the algorithm EULER [1]_.

    f(t) = e^(A/2) / (2t) Re g(A / 2t) + e^(A/2) / t sum_k (-1)^k Re g((A + 2 k pi i) / 2t),
    its partial sums averaged; absolute errors of 1e-7 where the law has no atom but at 0.
    """
    weights = np.array([math.comb(AVERAGED, k) for k in range(AVERAGED + 1)]) / 2.0**AVERAGED
    k = np.arange(TERMS + AVERAGED + 1)

    def at(time: float) -> float:
        if time <= 0:
            return 1.0
        s = np.asarray((A + 2j * math.pi * k) / (2 * time), dtype=np.complex128)
        terms = (-1.0) ** k * ((1 - transform(s)) / s).real * math.exp(A / 2) / time
        terms[0] /= 2
        return float(weights @ np.cumsum(terms)[TERMS:])

    return lambda times: laws.as_array(np.vectorize(at, otypes=[np.float64])(times))


def gamma(mean: float, cv: float = 1.0) -> Transform:
    """Return the transform of a gamma law, (1 + s mean cv^2)^(-1 / cv^2); cv 1 is exponential."""
    return lambda s: np.asarray((1 + s * mean * cv**2) ** (-1 / cv**2))


def hyperexponential(means: Sequence[float], weights: Sequence[float]) -> Transform:
    """Return the transform of a mixture of exponential laws, sum_i w_i / (1 + s m_i)."""
    return lambda s: np.asarray(sum(w / (1 + s * m) for w, m in zip(weights, means, strict=True)))


def stages(means: Sequence[float]) -> Transform:
    """Return the transform of a sum of independent exponential stages, prod_i 1 / (1 + s m_i)."""
    return lambda s: np.asarray(np.prod([1 / (1 + s * m) for m in means], axis=0))


def lognormal(mean: float, cv: float) -> Transform:
    """Return the transform of a lognormal law, by the trapezoid rule over its normal variable.

    E[exp(-s m exp(d Z - d^2 / 2))] with d^2 = ln(1 + cv^2).
    """
    width = math.sqrt(math.log1p(cv**2))
    z = np.linspace(-SPREAD, SPREAD, NODES)
    weight = np.exp(-(z**2) / 2) * (z[1] - z[0]) / math.sqrt(2 * math.pi)
    values = mean * np.exp(width * z - width**2 / 2)
    return lambda s: np.asarray(np.exp(-np.multiply.outer(s, values)) @ weight)


def repeated(size: Transform, count: int) -> Transform:
    """Return the transform of the sum of ``count`` independent sizes."""
    return lambda s: size(s) ** count


def mg1_wait(rate: float, size: Transform, mean_size: float) -> Transform:
    """Return the transform of the wait of M/G/1 (Pollaczek-Khinchine).

    W*(s) = (1 - rho) s / (s - rate + rate S*(s)), Kleinrock (1975), section 5.7.
    """
    free = 1 - rate * mean_size
    return lambda s: np.asarray(free * s / (s - rate + rate * size(s)))


def mg1_response(rate: float, size: Transform, mean_size: float) -> Transform:
    """Return the transform of the response of M/G/1, T*(s) = W*(s) S*(s)."""
    wait = mg1_wait(rate, size, mean_size)
    return lambda s: wait(s) * size(s)


def batch_mg1_response(rate: float, batch: int, size: Transform, mean_size: float) -> Transform:
    """Return the transform of the response of M^[b]/G/1, at ``rate`` batches a second.

    T*(s) = W*(s) (S*(s) + ... + S*(s)^b) / b: a batch waits like one request of b sizes, and one
    of its requests is the j-th of it with chance 1 / b (Chaudhry and Templeton 1983).
    """
    wait = mg1_wait(rate, repeated(size, batch), batch * mean_size)

    def transform(s: Complexes) -> Complexes:
        one = size(s)
        within = sum(one**j for j in range(1, batch + 1))
        return np.asarray(wait(s) * within / batch)

    return transform

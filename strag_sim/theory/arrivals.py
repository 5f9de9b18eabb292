"""Arrivals that are not Poisson: how their numbers vary, and queues that they come to.

References
----------
.. [1] Kleinrock (1975), Queueing Systems, volume 1.
.. [2] Fischer and Meier-Hellstern (1993), The Markov-modulated Poisson process (MMPP) cookbook,
   Performance Evaluation 18.
.. [3] Neuts (1981), Matrix-Geometric Solutions in Stochastic Models.
.. [4] Chaudhry and Templeton (1983), A First Course in Bulk Queues.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from strag_sim.theory import laws, queues

# E[exp(-s A)] of the gaps A between arrivals, for s per second.
Transform = Callable[[float], float]


def constant_gaps(rate: float) -> Transform:
    """Return the transform of gaps like clockwork, exp(-s / rate): D/M/1 is one of GI/M/1 [1]_."""
    return lambda s: math.exp(-s / rate)


def gamma_gaps(rate: float, cv: float) -> Transform:
    """Return the transform of gamma gaps, (1 + s cv^2 / rate)^(-1 / cv^2)."""
    return lambda s: float((1 + s * cv**2 / rate) ** (-1 / cv**2))


def weibull_gaps(rate: float, shape: float) -> Transform:
    """Return the transform of Weibull gaps, by integration over an exponential E.

    A = E^(1/shape) / (rate Gamma(1 + 1/shape)).
    """
    from scipy.integrate import quad

    scale = 1 / (rate * math.gamma(1 + 1 / shape))

    def transform(s: float) -> float:
        # Over x = E^(1/shape), in parts: for a shape below 1 its beginning is steep.
        def term(x: float) -> float:
            return float(math.exp(-s * scale * x - x**shape) * shape * x ** (shape - 1))

        below, _ = quad(term, 0, 1, epsabs=1e-12, epsrel=1e-12, limit=200)
        above, _ = quad(term, 1, math.inf, epsabs=1e-12, epsrel=1e-12, limit=200)
        return float(below + above)

    return transform


def gim1_mean(gaps: Transform, mean_size: float) -> float:
    """Return the mean response time of GI/M/1, E[S] / (1 - sigma), in seconds [1]_.

    sigma = A*((1 - sigma) / E[S]), see `queues.gim1_root`.
    """
    return mean_size / (1 - queues.gim1_root(gaps, mean_size))


def gim1_quantile(level: float, gaps: Transform, mean_size: float) -> float:
    """Return the quantile of GI/M/1: T is exponential, -ln(1 - level) E[T], in seconds [1]_."""
    return -math.log1p(-level) * gim1_mean(gaps, mean_size)


def batch_mg1_mean(rate: float, batch: int, mean_size: float, second_moment: float) -> float:
    """Return the mean response time of M^[b]/G/1, in seconds [4]_.

    A batch B of b sizes is served as a whole, so it waits r E[B^2] / (2 (1 - r b E[S])) at r
    batches a second, E[B^2] = b E[S^2] + b (b - 1) E[S]^2; within it, one of its requests waits
    for (b - 1) / 2 others.
    """
    whole = batch * second_moment + batch * (batch - 1) * mean_size**2
    waits = queues.mg1_mean(rate, batch * mean_size, whole) - batch * mean_size
    return waits + (batch + 1) / 2 * mean_size


def mmpp_m1_mean(rates: Sequence[float], dwells: Sequence[float], mean_size: float) -> float:
    """Return the mean response time of MMPP/M/1, the states visited in a cycle, seconds [2]_, [3]_.

    With pi_n the law of the state while n requests are there, pi_n = pi_0 R^n, where R is the least
    solution of L + R (Q - L - mu I) + mu R^2 = 0 with the rates on the diagonal of L; then Little.
    """
    size, mu = len(rates), 1 / mean_size
    identity, up = np.eye(size), np.diag(np.asarray(rates, dtype=np.float64))
    leave = 1 / np.asarray(dwells, dtype=np.float64)
    change = -np.diag(leave) + np.roll(np.diag(leave), 1, axis=1) if size > 1 else np.zeros((1, 1))
    mean_rate = float(np.dot(rates, dwells) / np.sum(dwells))
    queues.mm1_mean(mean_rate, mean_size)  # refuses an overload
    inner = np.linalg.inv(change - up - mu * identity)
    ratio, step = np.zeros((size, size)), 1.0
    while step > 1e-14:
        better = -(up + mu * ratio @ ratio) @ inner
        step, ratio = float(np.abs(better - ratio).max()), better
    rest = np.linalg.inv(identity - ratio)
    # pi_0 (Q - L + mu R) = 0 with pi_0 (I - R)^-1 1 = 1, one equation in place of the last.
    equations = (change - up + mu * ratio).T
    equations[-1] = rest.sum(axis=1)
    empty = np.linalg.solve(equations, np.eye(size)[-1])
    return float((empty @ ratio @ rest @ rest).sum() / mean_rate)


def two_state_dispersion(
    rates: tuple[float, float], dwells: tuple[float, float], window: float
) -> float:
    """Return variance over mean of the arrivals of a two-state MMPP in a window, no unit [2]_.

    1 + 2 p1 p2 (r1 - r2)^2 / (r k) (1 - (1 - exp(-k t)) / (k t)), with shares p and mean rate r of
    the states and k the sum of the rates at which they are left.
    """
    share = dwells[0] / sum(dwells)
    mean = share * rates[0] + (1 - share) * rates[1]
    k = 1 / dwells[0] + 1 / dwells[1]
    most = 2 * share * (1 - share) * (rates[0] - rates[1]) ** 2 / (mean * k)
    return 1 + most * (1 + math.expm1(-k * window) / (k * window))


def two_state_variation(rates: tuple[float, float], dwells: tuple[float, float]) -> float:
    """Return the coefficient of variation of the gaps of a two-state MMPP, no unit [2]_.

    cv^2 = 1 + 2 s1 s2 (r1 - r2)^2 / ((s1 + s2)^2 (r1 r2 + r1 s2 + r2 s1)), s the rates of leaving.
    """
    (r1, r2), (s1, s2) = rates, (1 / dwells[0], 1 / dwells[1])
    bottom = (s1 + s2) ** 2 * (r1 * r2 + r1 * s2 + r2 * s1)
    return math.sqrt(1 + 2 * s1 * s2 * (r1 - r2) ** 2 / bottom)


def expected_dispersion(expected: laws.FloatArray, within: float = 1.0) -> float:
    """Return variance over mean of counts in windows in which ``expected`` arrivals are due.

    within + var(expected) / mean(expected), ``within`` that of a count about what is due (1 for
    Poisson arrivals): the law of total variance.
    """
    return float(within + expected.var() / expected.mean())

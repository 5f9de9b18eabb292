"""Response times of queues without redundancy, in closed form.

References
----------
.. [1] Kleinrock (1975), Queueing Systems, volume 1.
.. [2] Harchol-Balter (2013), Performance Modeling and Design of Computer Systems.
"""

import math
from collections.abc import Callable

import numpy as np

from strag_sim.theory import laws


def utilisation(rate: float, mean_size: float, slots: int = 1) -> float:
    """Return the busy share rho = rate E[S] / slots of a stable queue without redundancy.

    The rate is per second over all workers, ``mean_size`` in seconds; the result has no unit.
    """
    return rate * mean_size / slots


def mm1_mean(rate: float, mean_size: float) -> float:
    """Return the mean response time of M/M/1, E[T] = 1 / (1/E[S] - rate), in seconds [1]_."""
    return 1.0 / (1.0 / mean_size - _stable(rate, mean_size, 1))


def mm1_quantile(level: float, rate: float, mean_size: float) -> float:
    """Return the quantile of the response time of M/M/1, -ln(1 - level) E[T], in seconds [1]_."""
    return -math.log1p(-level) * mm1_mean(rate, mean_size)


def erlang_c(rate: float, mean_size: float, slots: int) -> float:
    """Return the probability that a request waits in M/M/c (Erlang C), no unit.

    By the recursion of Erlang B, B(j) = a B(j-1) / (j + a B(j-1)) with a = rate E[S], and
    C = B / (1 - rho (1 - B)) [2]_.
    """
    offered = _stable(rate, mean_size, slots) * mean_size
    blocked = 1.0
    for j in range(1, slots + 1):
        blocked = offered * blocked / (j + offered * blocked)
    return blocked / (1.0 - offered / slots * (1.0 - blocked))


def mmc_mean(rate: float, mean_size: float, slots: int) -> float:
    """Return the mean response time of M/M/c, C / (c mu - rate) + 1/mu, in seconds [2]_."""
    return erlang_c(rate, mean_size, slots) / (slots / mean_size - rate) + mean_size


def mmc_survival(rate: float, mean_size: float, slots: int) -> laws.Survival:
    """Return P(T > t) of M/M/c [2]_.

    T = S with probability 1 - C, else S + W with W exponential at the rate c mu - lambda.
    """
    wait, mu = erlang_c(rate, mean_size, slots), 1.0 / mean_size
    theta = slots * mu - rate

    def survival(times: laws.FloatArray) -> laws.FloatArray:
        t = np.maximum(times, 0.0)
        if math.isclose(theta, mu, rel_tol=1e-9):
            waited = (1.0 + mu * t) * np.exp(-mu * t)
        else:
            waited = (theta * np.exp(-mu * t) - mu * np.exp(-theta * t)) / (theta - mu)
        return np.asarray((1.0 - wait) * np.exp(-mu * t) + wait * waited)

    return survival


def mmc_quantile(level: float, rate: float, mean_size: float, slots: int) -> float:
    """Return the quantile of the response time of M/M/c, by inverting `mmc_survival`, seconds."""
    return laws.quantile(mmc_survival(rate, mean_size, slots), level)


def mg1_mean(rate: float, mean_size: float, second_moment: float) -> float:
    """Return the mean response time of M/G/1 (Pollaczek-Khinchine), in seconds.

    E[T] = E[S] + rate E[S^2] / (2 (1 - rate E[S])) [1]_; ``second_moment`` in seconds^2.
    """
    free = 1.0 - _stable(rate, mean_size, 1) * mean_size
    return mean_size + rate * second_moment / (2.0 * free)


def md1_mean(rate: float, size: float) -> float:
    """Return the mean response time of M/D/1, `mg1_mean` with E[S^2] = E[S]^2, in seconds."""
    return mg1_mean(rate, size, size * size)


def gim1_root(gaps: Callable[[float], float], mean_size: float) -> float:
    """Return sigma in (0, 1) of GI/M/1, the root of sigma = A*((1 - sigma) / E[S]) [1]_.

    ``gaps`` is the transform A*(s) = E[exp(-s A)] of the gaps between arrivals. Without a root
    below 1 - 1e-6, where work comes in as fast as it can be served, a ValueError is raised.
    """
    from scipy.optimize import brentq

    def excess(sigma: float) -> float:
        return gaps((1.0 - sigma) / mean_size) - sigma

    highest = 1.0 - 1e-6
    if excess(highest) >= 0:
        raise ValueError("gaps: the load is not below 1, or too near to it")
    return float(brentq(excess, 0.0, highest, xtol=1e-15))


def round_robin_root(rate: float, mean_size: float, workers: int) -> float:
    """Return sigma in (0, 1) of the queue E_n/M/1 of one worker under round robin.

    Each worker gets every n-th of the Poisson arrivals, so the gaps A are Erlang-n, and
    sigma = A*(mu (1 - sigma)) = (rate / (rate + mu (1 - sigma)))^n [1]_.
    """
    _stable(rate, mean_size, workers)
    return gim1_root(lambda s: (rate / (rate + s)) ** workers, mean_size)


def round_robin_mean(rate: float, mean_size: float, workers: int) -> float:
    """Return the mean response time under round robin, E[S] / (1 - sigma), in seconds [1]_."""
    return mean_size / (1.0 - round_robin_root(rate, mean_size, workers))


def round_robin_quantile(level: float, rate: float, mean_size: float, workers: int) -> float:
    """Return the quantile under round robin: T is exponential, -ln(1 - level) E[T], seconds."""
    return -math.log1p(-level) * round_robin_mean(rate, mean_size, workers)


def _stable(rate: float, mean_size: float, slots: int) -> float:
    """Return the rate; raise a ValueError where the queue would grow without end."""
    load = utilisation(rate, mean_size, slots)
    if not 0 <= load < 1:
        raise ValueError(f"rate: {rate} is not allowed; the load is {load}, and must be below 1")
    return rate

"""Copies of one request: replication under load; hedging and relaunch without queueing.

References
----------
.. [1] Gardner et al. (2017), Redundancy-d: the power of d choices for redundancy, Oper. Res.
.. [2] Flatto and Hahn (1984), SIAM J. Appl. Math. 44; Nelson and Tantawi (1988), IEEE ToC 37.
.. [3] Vulimiri et al. (2013), Low latency via redundancy, CoNEXT.
.. [4] Wang, Joshi and Wornell (2019), Efficient straggler replication, TOMPECS.
"""

import math

import numpy as np

from strag_sim.theory import laws, queues


def redundancy_d_mean(rate: float, mean_size: float, workers: int, copies: int) -> float:
    """Return the mean response time of redundancy-d with cancel-on-completion, in seconds.

    E[T] = sum_(i=d)^k 1 / (k mu C(k-1, d-1) / C(i-1, d-1) - rate): Poisson arrivals at ``rate``
    over all k workers, d copies on random different workers, independent exponential sizes, all
    other copies stopped at the first answer [1]_. The cost is exactly 1 / mu a request.
    """
    if not 0 <= queues.utilisation(rate, mean_size, workers) < 1:
        raise ValueError(f"rate: {rate} is not allowed; the workers would be overloaded")
    every = math.comb(workers - 1, copies - 1) * workers / mean_size
    served = (every / math.comb(i - 1, copies - 1) for i in range(copies, workers + 1))
    return sum(1.0 / (speed - rate) for speed in served)


def copies_on_all_mean(rate: float, one: laws.Survival, workers: int, *, upper: float) -> float:
    """Return the mean response time with a copy on every worker, cancel-on-completion, seconds.

    The workers move in lockstep, so it is M/G/1 with S = min of n sizes, for any law [1]_.
    ``upper`` bounds the law, in seconds.
    """
    first = laws.mean(lambda t: one(t) ** workers, upper=upper)
    second = laws.mean(lambda t: 2.0 * t * one(t) ** workers, upper=upper)
    return queues.mg1_mean(rate, first, second)


def two_copies_never_cancelled_mean(rate: float, mean_size: float) -> float:
    """Return E[T] of a copy on each of 2 workers, none ever cancelled, in seconds.

    T = min of two M/M/1 that share their arrivals, E[T] = E[T1] + E[T2] - E[max]
    = (4 + rho) / (8 (mu - rate)) by the fork-join of 2 [2]_.
    """
    return 2.0 * queues.mm1_mean(rate, mean_size) - fork_join_of_two_mean(rate, mean_size)


def fork_join_of_two_mean(rate: float, mean_size: float) -> float:
    """Return the mean time until both tasks of a request on 2 workers are done, in seconds.

    E[T] = (12 - rho) / (8 (mu - rate)): Poisson arrivals, exponential sizes, a queue each [2]_.
    """
    load = queues.utilisation(rate, mean_size)
    return (12.0 - load) / 8.0 * queues.mm1_mean(rate, mean_size)


def hedge_survival(one: laws.Survival, delay: float, hedges: int = 1) -> laws.Survival:
    """Return P(T > t) = prod_j P(X > t - j delay), j = 0..hedges, without queueing [3]_."""

    def survival(times: laws.FloatArray) -> laws.FloatArray:
        copies = [one(np.asarray(times) - j * delay) for j in range(hedges + 1)]
        return np.asarray(np.prod(copies, axis=0))

    return survival


def hedges_sent(one: laws.Survival, delay: float, hedges: int = 1) -> float:
    """Return the mean number of hedges of a request without queueing, no unit.

    Hedge j is sent if none of the j copies before it has answered by j delay:
    sum_j prod_(i<j) P(X > (j - i) delay).
    """
    return sum(
        float(hedge_survival(one, delay, j - 1)(np.array(j * delay))) for j in range(1, hedges + 1)
    )


def hedge_cost(one: laws.Survival, delay: float, hedges: int = 1, *, upper: float) -> float:
    """Return the worker-seconds of a hedged request, all stopped at the answer: sum_j E[(T-jd)+].

    Exactly E[X] for exponential sizes, whatever the delay. Where work in service runs on it is
    E[X] (1 + `hedges_sent`). ``upper`` bounds the answer, in seconds.
    """
    answered = hedge_survival(one, delay, hedges)
    return sum(
        laws.mean(answered, lower=j * delay, upper=upper)
        for j in range(hedges + 1)
        if j * delay < upper
    )


def relaunch_survival(one: laws.Survival, timeout: float, attempts: int = 2) -> laws.Survival:
    """Return P(T > t) of a request stopped and sent anew at each timeout, without queueing.

    P(X > timeout)^j P(X > t - j timeout) during attempt j = 0..attempts - 1 [4]_.
    """
    missed = float(one(np.array(timeout)))

    def survival(times: laws.FloatArray) -> laws.FloatArray:
        t = np.asarray(times)
        j = np.clip(np.floor(t / timeout), 0, attempts - 1)
        return np.asarray(missed**j * one(t - j * timeout))

    return survival


def relaunch_mean(one: laws.Survival, timeout: float, attempts: int = 2, *, upper: float) -> float:
    """Return E[T], which is also the cost, of a relaunched request without queueing, in seconds.

    E[min(X, d)] (1 + p + ... + p^(a-2)) + p^(a-1) E[X], with p = P(X > d) [4]_.
    """
    missed = float(one(np.array(timeout)))
    cut = laws.mean(one, upper=timeout)
    before = sum(missed**j for j in range(attempts - 1))
    return cut * before + missed ** (attempts - 1) * laws.mean(one, upper=upper)

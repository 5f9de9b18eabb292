"""How often, how long and how together workers are slow; times in seconds.

References
----------
.. [1] Karlin and Taylor (1975), A First Course in Stochastic Processes: chains of two states.
.. [2] Cox (1962), Renewal Theory: what is left of a stretch.
.. [3] Takacs (1962), Introduction to the Theory of Queues: M/G/infinity.
"""

import math
from collections.abc import Sequence

import numpy as np

from strag_sim.theory import laws


def slow_at_both(share: float, dwell: float, lag: float) -> float:
    """Return the probability that a worker of exponential slow states is slow at t and t + lag.

    s^2 + s (1 - s) exp(-lag (1 / d + 1 / b)), with b = d (1 - s) / s between slow states [1]_.
    """
    between = dwell * (1 - share) / share
    memory = math.exp(-lag * (1 / dwell + 1 / between))
    return share * (share + (1 - share) * memory)


def left_of(survival: laws.Survival, mean: float, time: float, *, upper: float) -> float:
    """Return the probability that a stretch that is under way lasts for ``time`` more.

    The integral of P(X > x) / E[X] from ``time`` on [2]_; ``upper`` bounds the law.
    """
    return laws.mean(survival, lower=time, upper=upper) / mean


def unhit(rate: float, share: float, length: float, workers: int = 1) -> float:
    """Return the probability that none of some workers is under a shock, exp(-m) [3]_.

    m = rate E[L] (1 - (1 - share)^workers): of the shocks under way, those that hit any of them.
    """
    return math.exp(-rate * length * (1 - (1 - share) ** workers))


def unhit_at_both(rate: float, share: float, length: float, lag: float) -> float:
    """Return the probability that a worker is under no shock at t nor t + lag.

    Shocks of constant length reach t or t + lag from starts within length + min(length, lag) [3]_.
    """
    return math.exp(-rate * share * (length + min(length, lag)))


def compounded(rate: float, share: float, length: float, factor: float) -> float:
    """Return the mean of the product of the factors of shocks that overlap, exp(m (f - 1)).

    The number of shocks on a worker is Poisson with mean m = rate share E[L] [3]_.
    """
    return math.exp(rate * share * length * (factor - 1))


def mixed(weights: Sequence[float], survivals: Sequence[laws.Survival]) -> laws.Survival:
    """Return the survival function of a mixture: which law holds is drawn first."""

    def survival(times: laws.FloatArray) -> laws.FloatArray:
        parts = [w * one(times) for w, one in zip(weights, survivals, strict=True)]
        return np.asarray(np.sum(parts, axis=0))

    return survival


def scaled(survival: laws.Survival, factor: float) -> laws.Survival:
    """Return the survival function of ``factor`` X."""
    return lambda times: survival(np.asarray(times) / factor)

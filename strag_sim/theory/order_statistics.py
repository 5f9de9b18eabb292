"""Any k of n independent tasks, without queueing.

References
----------
.. [1] David and Nagaraja (2003), Order Statistics, 3rd ed.
.. [2] Lee et al. (2018), Speeding Up Distributed Machine Learning Using Codes, IEEE Trans. IT.
"""

import math
from collections.abc import Sequence

import numpy as np

from strag_sim.theory import laws


def survival(one: laws.Survival, k: int, n: int) -> laws.Survival:
    """Return P(X_(k:n) > t), the survival function of the k-th smallest of n independent X.

    P(X_(k:n) <= t) = I_F(t)(k, n - k + 1), the regularised incomplete beta function [1]_.
    """

    def kth(times: laws.FloatArray) -> laws.FloatArray:
        from scipy.special import betainc

        # P(Beta(k, n-k+1) > F) = P(Beta(n-k+1, k) < 1 - F): exact far in the tail
        return np.asarray(betainc(n - k + 1, k, one(times)))

    return kth


def quantile(level: float, quantile_of_one: laws.Quantile, k: int, n: int) -> float:
    """Return the quantile of X_(k:n), Q(I^-1_level(k, n - k + 1)), in seconds [1]_."""
    from scipy.special import betaincinv

    return float(quantile_of_one(laws.as_array(betaincinv(k, n - k + 1, level))))


def exponential_mean(mean_size: float, k: int, n: int) -> float:
    """Return E[X_(k:n)] of exponential sizes, E[X] (H_n - H_(n-k)), in seconds [2]_."""
    return mean_size * sum(1.0 / i for i in range(n - k + 1, n + 1))


def uniform_mean(low: float, high: float, k: int, n: int) -> float:
    """Return E[X_(k:n)] of uniform sizes, low + (high - low) k / (n + 1), in seconds [1]_."""
    return low + (high - low) * k / (n + 1)


def pareto_mean(minimum: float, shape: float, k: int, n: int) -> float:
    """Return E[X_(k:n)] of Pareto sizes, in seconds; infinity unless shape (n - k + 1) > 1 [1]_.

    m Gamma(n + 1) Gamma(n - k + 1 - 1/a) / (Gamma(n - k + 1) Gamma(n + 1 - 1/a)), a the shape.
    """
    if shape * (n - k + 1) <= 1:
        return math.inf
    above = math.lgamma(n + 1) + math.lgamma(n - k + 1 - 1 / shape)
    return minimum * math.exp(above - math.lgamma(n - k + 1) - math.lgamma(n + 1 - 1 / shape))


def empirical_mean(values: Sequence[float], k: int, n: int) -> float:
    """Return E[X_(k:n)] of sizes that are m given values with equal chance, in seconds.

    sum_i x_(i) (I_(i/m) - I_((i-1)/m)), I_p = I_p(k, n - k + 1): the k-th smallest is at most the
    i-th value if k of n are [1]_.
    """
    from scipy.special import betainc

    levels = np.linspace(0.0, 1.0, len(values) + 1)
    return float(np.sort(values) @ np.diff(betainc(k, n - k + 1, levels)))


def cost(one: laws.Survival, k: int, n: int, *, upper: float) -> float:
    """Return the worker-seconds of n tasks of which all are stopped once k are done.

    sum_(j<=k) E[X_(j)] + (n - k) E[X_(k)]; k E[X] for exponential sizes, and n E[X] where the
    others run on (`cancel` never or queued). ``upper`` bounds the law, in seconds.
    """
    means = [laws.mean(survival(one, j, n), upper=upper) for j in range(1, k + 1)]
    return sum(means) + (n - k) * means[-1]

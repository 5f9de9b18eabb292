"""Any k of n independent tasks, without queueing.

References
----------
.. [1] David and Nagaraja (2003), Order Statistics, 3rd ed.
.. [2] Lee et al. (2018), Speeding Up Distributed Machine Learning Using Codes, IEEE Trans. IT.
"""

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


def cost(one: laws.Survival, k: int, n: int, *, upper: float) -> float:
    """Return the worker-seconds of n tasks of which all are stopped once k are done.

    sum_(j<=k) E[X_(j)] + (n - k) E[X_(k)]; k E[X] for exponential sizes, and n E[X] where the
    others run on (`cancel` never or queued). ``upper`` bounds the law, in seconds.
    """
    means = [laws.mean(survival(one, j, n), upper=upper) for j in range(1, k + 1)]
    return sum(means) + (n - k) * means[-1]

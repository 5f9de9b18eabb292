"""Ensembles without queueing: members with laws of their own, of which a quorum must answer."""

from collections.abc import Sequence

import numpy as np

from strag_sim.theory import laws


def quorum_survival(members: Sequence[laws.Survival], quorum: int) -> laws.Survival:
    """Return P(T > t), T the time until ``quorum`` of the members are done.

    The number N of members that are done by t is Poisson-binomial with the chances F_i(t), and
    P(T > t) = P(N < quorum); by adding members one by one (Wang 1993, On the number of successes
    in independent trials, Statistica Sinica 3). The last of all, quorum = members, is the maximum,
    P(T > t) = 1 - prod_i F_i(t).
    """

    def survival(times: laws.FloatArray) -> laws.FloatArray:
        # Row j: the chance that j members are done; the last row, that a quorum is.
        done = np.zeros((quorum + 1, *np.shape(times)))
        done[0] = 1.0
        for member in members:
            late = member(times)
            one_more = done[:-1] * (1 - late)
            done[:-1] *= late
            done[1:] += one_more
        return np.asarray(done[:quorum].sum(axis=0))

    return survival


def cost(members: Sequence[laws.Survival], quorum: int, *, upper: float) -> float:
    """Return the worker-seconds of members that are all stopped when a quorum is done.

    sum_i E[min(X_i, T)] = sum_i int P(X_i > t, T > t) dt: given X_i > t, the quorum is not done
    unless the others hold one. ``upper`` bounds the laws, in seconds.
    """
    total = 0.0
    for i, member in enumerate(members):
        others = [other for j, other in enumerate(members) if j != i]
        total += laws.mean(_both(member, others, quorum), upper=upper)
    return total


def _both(member: laws.Survival, others: Sequence[laws.Survival], quorum: int) -> laws.Survival:
    """Return P(X > t, fewer than a quorum of the others are done by t)."""
    rest = quorum_survival(others, quorum)
    return lambda times: np.asarray(member(times) * rest(times))

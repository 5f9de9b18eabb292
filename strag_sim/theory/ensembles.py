"""Ensembles without queueing: members with laws of their own, of which a quorum must answer."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

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


def deadline_survival(
    members: Sequence[laws.Survival], quorum: int, deadline: float
) -> laws.Survival:
    """Return P(T > t), T = min(last of all, max(deadline, time until a quorum is done)).

    Before the ``deadline``, in seconds, all members are waited for, from then on a quorum of them.
    """
    every, some = quorum_survival(members, len(members)), quorum_survival(members, quorum)
    return lambda times: np.where(np.asarray(times) < deadline, every(times), some(times))


def deadline_accuracy(
    values: Mapping[tuple[int, ...], float], means: Sequence[float], deadline: float
) -> float:
    """Return the expected accuracy of what answers at a deadline, or with the first after it.

    sum_S P(S is done by D) a(S) + P(none is) sum_i a({i}) mu_i / sum_j mu_j, of exponential
    members with these ``means``, in seconds, of which one is enough; ``values`` has a(S) by the
    numbers of the members of S, in order.
    """
    late = [math.exp(-deadline / mean) for mean in means]
    count, rates = len(means), [1 / mean for mean in means]
    by_then = {
        some: math.prod(1 - late[i] if i in some else late[i] for i in range(count))
        for size in range(1, count + 1)
        for some in combinations(range(count), size)
    }
    first = sum(values[i,] * rate for i, rate in enumerate(rates)) / sum(rates)
    return sum(chance * values[some] for some, chance in by_then.items()) + math.prod(late) * first


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

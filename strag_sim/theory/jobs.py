"""Requests of several segments: without queueing, and where answers leave in order."""

import numpy as np

from strag_sim.theory import laws


def stages(mean: float, segments: int, servers: int) -> list[float]:
    """Return the means of the exponential stages whose sum is the time of a job, in seconds.

    Exponential segments that ``servers`` take one after the other, whoever is free: while j of
    them serve, the next end is mean / j away. All serve until the last segment has begun, for
    ``segments`` - ``servers`` + 1 ends; then one less after each.
    """
    serving = [min(servers, segments - ended) for ended in range(segments)]
    return [mean / count for count in serving]


def in_order_survival(rate: float, mean: float) -> laws.Survival:
    """Return P(T > t) where nobody queues and answers leave in the order of arrival.

    P(T <= t) = F(t) exp(-lambda int_t^oo (1 - F(u)) du): whoever came before, by a Poisson process,
    is done too; for exponential sizes of this ``mean`` the exponent is -lambda m exp(-t / m)
    (Harrus and Plateau 1982, Queueing analysis of a reordering issue, IEEE Transactions on Software
    Engineering 8).
    """

    def survival(times: laws.FloatArray) -> laws.FloatArray:
        late = laws.exponential(mean)(times)
        answered = (1 - late) * np.exp(-rate * mean * late)
        return np.where(np.asarray(times) > 0, 1 - answered, 1.0)

    return survival

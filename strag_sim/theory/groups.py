"""Collage and parity models without queueing: groups whose requests arrive together.

``own`` is the law of an own task, ``decode`` a constant in seconds; ``upper`` bounds all laws.

References
----------
.. [1] Narra et al. (2020), Collage Inference, ICDCS (arXiv:1904.12222).
.. [2] Kosaian, Rashmi and Venkataraman (2019), Parity Models, SOSP (arXiv:1905.00863).
"""

from typing import Literal

import numpy as np

from strag_sim.theory import laws, order_statistics

Stop = Literal["never", "queued", "running"]


def collage_survival(
    own: laws.Survival, collage: laws.Survival, decode: float = 0.0
) -> laws.Survival:
    """Return P(T > t) = P(X > t) P(C + decode > t) of a request under `use: early` [1]_."""
    decoded = laws.later(collage, decode)
    return lambda times: np.asarray(own(times) * decoded(times))


def collage_answers(own: laws.Survival, collage: laws.Quantile, decode: float = 0.0) -> float:
    """Return P(C + decode < X), the share of requests that the collage answers, no unit.

    E[P(X > C + decode)] by the midpoint rule over the levels of C.
    """
    levels = (np.arange(laws.STEPS) + 0.5) / laws.STEPS
    return float(own(collage(levels) + decode).mean())


def collage_cost(
    own: laws.Survival,
    collage: laws.Survival,
    *,
    requests: int,
    upper: float,
    decode: float = 0.0,
    cancel: Stop = "queued",
) -> float:
    """Return the worker-seconds a request of a collage of k = ``requests`` images.

    E[X] + E[C] / k where work in service is not stopped; with `cancel: running` an own task stops
    at its answer and the collage once all own tasks are done:
    E[min(X, C + decode)] + E[min(C, max X)] / k.
    """
    if cancel != "running":
        return laws.mean(own, upper=upper) + laws.mean(collage, upper=upper) / requests
    answered = collage_survival(own, collage, decode)
    last = order_statistics.survival(own, requests, requests)
    stopped = laws.mean(lambda t: collage(t) * last(t), upper=upper)
    return laws.mean(answered, upper=upper) + stopped / requests


def collage_timeout_survival(
    own: laws.Survival, collage: laws.Survival, requests: int, timeout: float, decode: float = 0.0
) -> laws.Survival:
    """Return P(T > t) of a collage group under `use: timeout` without resend [1]_.

    With A the last of k = ``requests`` own tasks and d the timeout, the group is answered together:
    when all are in, max(A, C), if that is before d; at d if A <= d < C; at d + decode, from the
    collage, if C <= d < A; and at min(A, C + decode) if both are later. So P(T > t) is
    1 - P(A <= t) P(C <= t) before d, then P(A > d) P(C <= d) [t < d + decode] and
    P(A > t) P(C > max(d, t - decode)). The law has an atom at d, or at d + decode.
    """
    last = order_statistics.survival(own, requests, requests)
    late, in_time = (float(last(np.array(timeout))), 1 - float(collage(np.array(timeout))))

    def survival(times: laws.FloatArray) -> laws.FloatArray:
        t = np.asarray(times)
        gathering = 1 - (1 - last(t)) * (1 - collage(t))
        filled = late * in_time * (t < timeout + decode)
        waiting = last(t) * collage(np.maximum(timeout, t - decode))
        return np.asarray(np.where(t < timeout, gathering, filled + waiting))

    return survival


def parity_survival(
    own: laws.Survival, requests: int, parities: int = 1, decode: float = 0.0
) -> laws.Survival:
    """Return P(T > t) of a request of a parity group whose parity tasks have the law of own ones.

    T = min(X, decode + k-th smallest of the k - 1 other own and r parity tasks): given X > t, the
    decode is not over unless k of the k - 1 + r others were done by t - decode [2]_.
    For k = 2, r = 1, exponential: P(T > t) = 2 exp(-2t) - exp(-3t) in units of the mean size.
    """
    others = order_statistics.survival(own, requests, requests - 1 + parities)
    decoded = laws.later(others, decode)
    return lambda times: np.asarray(own(times) * decoded(times))


def parity_cost(
    own: laws.Survival, requests: int, parities: int = 1, *, upper: float, decode: float = 0.0
) -> float:
    """Return the worker-seconds a request of a parity group under `cancel: running`.

    Own tasks stop at their answer, parity tasks once any k tasks are done (their decode has
    begun): E[T] + r E[min(P, Y)] / k, Y the k-th smallest of all k + r.
    """
    others = order_statistics.survival(own, requests, requests + parities - 1)
    stopped = laws.mean(lambda t: own(t) * others(t), upper=upper)
    answered = laws.mean(parity_survival(own, requests, parities, decode), upper=upper)
    return answered + parities * stopped / requests

"""Queues whose server takes several requests at a time, in closed form or by a chain.

Requests come one by one, as a Poisson stream; one server; a server that is free takes whoever is
there, at least one and at most b, and waits for nobody. That is the rule (1, b) of Neuts [2]_;
`collected` is about waiting.
Who comes while a batch is served waits for the next: so it is neither the queue of Bailey [1]_,
whose server also leaves without anybody, nor the partial batches of Gross and Harris [3]_, which
are joined while they are under way. Formulas are derived where they stand.

References
----------
.. [1] Bailey (1954), On queueing processes with bulk service, Journal of the Royal Statistical
   Society B 16.
.. [2] Neuts (1967), A general class of bulk queues with Poisson input, Annals of Mathematical
   Statistics 38.
.. [3] Gross and Harris (1998), Fundamentals of Queueing Theory, chapter 3.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from strag_sim.theory import laws

LEFT_OUT = 1e-15  # bound on the probability of states beyond those that a chain is solved for


@dataclass(frozen=True)
class Bulk:
    """What is known of a queue that is served in batches.

    Parameters
    ----------
    mean : float
        Response time, in seconds.
    busy : float
        Share of the time in which the server serves.
    batch : float
        Requests in a batch, the mean over batches.
    """

    mean: float
    busy: float
    batch: float


def markov_root(rate: float, mean_size: float, most: int) -> float:
    """Return r in (0, 1), the root of mu r^(b+1) - (lambda + mu) r + lambda = 0.

    With n waiting behind a batch in service, balance is (lambda + mu) p_n = lambda p_(n-1) +
    mu p_(n+b), so p_n = p_0 r^n. Divided by r - 1: r + r^2 + ... + r^b = lambda / mu, which has
    one root in (0, 1) if and only if lambda < b mu; else a ValueError is raised.
    """
    from scipy.optimize import brentq

    offered = _stable(rate, most / mean_size) * mean_size

    def excess(r: float) -> float:
        return sum(r**j for j in range(1, most + 1)) - offered

    return float(brentq(excess, 0.0, 1.0, xtol=1e-15))


def markov(rate: float, mean_size: float, most: int) -> Bulk:
    """Return M/M^(1,b)/1: exponential times of mean ``mean_size``, whatever the batch.

    An idle server is left by arrivals and reached from a batch that leaves nobody behind, so
    lambda p_idle = mu p_0, and p_0 (mu / lambda + 1 / (1 - r)) = 1 with `markov_root`. The mean
    number waiting is p_0 r / (1 - r)^2; by Little's law a request waits that over lambda, and is
    served for 1 / mu. Batches leave at the rate mu (1 - p_idle).
    """
    r = markov_root(rate, mean_size, most)
    first = 1 / (1 / (rate * mean_size) + 1 / (1 - r))
    busy = first / (1 - r)
    waiting = first * r / (1 - r) ** 2
    return Bulk(waiting / rate + mean_size, busy, rate * mean_size / busy)


def markov_survival(rate: float, mean_size: float, most: int) -> laws.Survival:
    """Return P(T > t) of M/M^(1,b)/1.

    Who comes when n wait goes with the batch number floor(n / b) + 1 from then on. So the wait is
    a geometric number of exponential times, of which one is the last with chance 1 - r^b: with
    chance p_idle it is 0, else exponential with the rate theta = mu (1 - r^b). The service that
    follows depends on nothing before it.
    """
    r, busy, mu = (
        markov_root(rate, mean_size, most),
        markov(rate, mean_size, most).busy,
        1 / mean_size,
    )
    theta = mu * (1 - r**most)

    def survival(times: laws.FloatArray) -> laws.FloatArray:
        t = np.maximum(times, 0.0)
        waited = (mu * np.exp(-theta * t) - theta * np.exp(-mu * t)) / (mu - theta)
        return np.asarray((1 - busy) * np.exp(-mu * t) + busy * waited)

    return survival


def markov_quantile(level: float, rate: float, mean_size: float, most: int) -> float:
    """Return the quantile of M/M^(1,b)/1, by inverting `markov_survival`, in seconds."""
    return laws.quantile(markov_survival(rate, mean_size, most), level)


def constant(rate: float, times: Sequence[float]) -> Bulk:
    """Return M/D^(1,b)/1: a batch of k takes exactly ``times[k - 1]`` seconds, b = len(times).

    The number n that a batch leaves behind is a Markov chain: k = min(max(n, 1), b) are served
    next, and leave max(n - b, 0) and a Poisson number of mean lambda D(k). Its law pi comes from
    `left_behind`. From one departure to the next pass D(k) seconds, and for n = 0 those until
    somebody comes, 1 / lambda; the waiting bring max(n - b, 0) D(k) + lambda D(k)^2 / 2 of their
    time, the served k D(k). Means over pi give the time averages (renewal reward), and these the
    mean response by Little's law.
    """
    most = len(times)
    law = left_behind(rate, times)
    n = np.arange(law.size)
    k = np.clip(n, 1, most)
    length = np.array(times)[k - 1]
    cycle = float(law @ (length + (n == 0) / rate))
    waiting = float(law @ (np.maximum(n - most, 0) * length + rate * length**2 / 2)) / cycle
    served = float(law @ (k * length)) / cycle
    return Bulk((waiting + served) / rate, float(law @ length) / cycle, float(law @ k))


def left_behind(rate: float, times: Sequence[float]) -> laws.FloatArray:
    """Return the law of how many requests a batch leaves behind, see `constant`.

    Solved for the states below N of `states`: transitions beyond go to the last of them.
    """
    most, size = len(times), states(rate, times)
    steps = np.zeros((size, size))
    for n in range(size):
        stay = max(n - most, 0)
        coming = _poisson(rate * times[min(max(n, 1), most) - 1], size - stay)
        steps[n, stay:] = coming
        steps[n, -1] += max(0.0, 1 - coming.sum())
    equations = steps.T - np.eye(size)
    equations[0] = 1.0  # one equation follows from the others; instead the law sums to 1
    return np.asarray(np.linalg.solve(equations, np.eye(size)[0]))


def states(rate: float, times: Sequence[float]) -> int:
    """Return N such that a batch leaves N or more behind with a probability below ``LEFT_OUT``.

    For z > 1 let A_k(z) = exp(lambda D(k) (z - 1)), of those who come during a batch of k. A
    step of the chain of `constant` takes E[z^n] to at most E[z^n] A_b(z) / z^b + max_k A_k(z).
    So if rho = A_b(z) / z^b < 1, in its steady state E[z^n] <= max_k A_k(z) / (1 - rho), and
    P(n >= N) <= E[z^n] / z^N. Least is rho at z = b / (lambda D(b)), above 1 where it is stable.
    """
    most = len(times)
    z = most / (_stable(rate, saturation(times)) * times[-1])
    rho = math.exp(rate * times[-1] * (z - 1)) / z**most
    bound = math.exp(rate * max(times) * (z - 1)) / (1 - rho)
    return math.ceil(math.log(bound / LEFT_OUT) / math.log(z)) + most


def saturation(times: Sequence[float]) -> float:
    """Return b / D(b), requests a second where more than enough wait: all batches are full."""
    return len(times) / times[-1]


def collected(rate: float, wait: float, times: Sequence[float]) -> Bulk:
    """Return batches that fill for at most ``wait`` seconds, at servers of which some are idle.

    The first of a batch waits, and N(t) more have come after t seconds, a Poisson number of mean
    lambda t; it starts with k = b of them, or after ``wait``. Meanwhile all of them wait, in the
    sum int P(N(t) = j, j < b - 1) (1 + j) dt = sum_{j < b - 1} (1 + j) P(N(wait) > j) / lambda.
    ``busy`` is the load, the mean number of servers that serve.
    """
    more = np.arange(len(times) - 1)
    law = _poisson(rate * wait, len(times) - 1)
    beyond = 1 - np.cumsum(law)  # P(N(wait) > j)
    batches = np.append(law, beyond[-1:] if len(times) > 1 else 1.0)
    k, length = np.arange(1, len(times) + 1), np.array(times)
    batch = float(batches @ k)
    waiting = float((1 + more) @ beyond) / rate
    mean = (waiting + float(batches @ (k * length))) / batch
    return Bulk(mean, rate * float(batches @ length) / batch, batch)


def closed(clients: int, times: Sequence[float]) -> Bulk:
    """Return c clients who ask again at once, and batches of k that take ``times[k - 1]`` seconds.

    All of them are always at the server, and who was answered is back before the next batch
    starts; so each is of k = min(c, b). It answers k / D(k) requests a second, and by Little's law
    the mean response is c D(k) / k; for c <= b every response is D(c).
    """
    k = min(clients, len(times))
    return Bulk(clients * times[k - 1] / k, 1.0, float(k))


def _poisson(mean: float, size: int) -> laws.FloatArray:
    """Return the first probabilities of a Poisson law."""
    from scipy.special import gammaln

    n = np.arange(size)
    return np.asarray(np.exp(n * math.log(mean) - mean - gammaln(n + 1)))


def _stable(rate: float, largest: float) -> float:
    """Return the rate; raise a ValueError where the queue would grow without end."""
    if not 0 < rate < largest:
        raise ValueError(f"rate: {rate} is not allowed; it must be above 0 and below {largest}")
    return rate

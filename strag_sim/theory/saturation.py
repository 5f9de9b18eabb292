"""Where workers have no time left: the largest throughput of each policy, requests a second.

``one`` is the law of a size S, ``mean_size`` its mean in seconds; ``upper`` bounds a law. Above
these rates queues grow without end, and answers come at these rates.

References
----------
.. [1] Gardner et al. (2017), Redundancy-d: the power of d choices for redundancy, Oper. Res.
.. [2] Joshi, Soljanin and Wornell (2017), Efficient redundancy techniques for latency reduction
   in cloud systems, TOMPECS 2.
.. [3] Lee et al. (2018), Speeding Up Distributed Machine Learning Using Codes, IEEE Trans. IT.
"""

from strag_sim.theory import laws, order_statistics


def never_cancelled(workers: int, copies: int, mean_size: float) -> float:
    """Return n / (r E[S]): each request keeps r workers busy for a whole size each [2]_.

    With one copy, no redundancy; also copies of which all but the first to start are dropped.
    """
    return workers / (copies * mean_size)


def copies_on_all(one: laws.Survival, workers: int, *, upper: float) -> float:
    """Return 1 / E[min of n sizes]: workers in lockstep, for any law [2]_."""
    return 1 / laws.mean(lambda t: one(t) ** workers, upper=upper)


def stopped_exponential(workers: int, needed: int, mean_size: float) -> float:
    """Return n / (k E[S]): exponential tasks, the rest stopped once k are done, cost k E[S] [1]_.

    Redundancy-d is k = 1, whatever d; any k of n tasks on n workers are a fork-join queue.
    """
    return workers / (needed * mean_size)


def split_merge(one: laws.Survival, k: int, n: int, *, upper: float) -> float:
    """Return 1 / E[X_(k:n)]: n workers begin a request together and leave it together [3]_."""
    return 1 / laws.mean(order_statistics.survival(one, k, n), upper=upper)


def shared_backup(
    workers: int, mean_size: float, redundant_size: float, *, requests: int, redundant: int = 1
) -> float:
    """Return n / (E[X] + r E[C] / k): all workers serve all tasks, none is ever stopped.

    A group of k requests brings k own tasks and r redundant ones, a collage or parities.
    """
    return workers / (mean_size + redundant * redundant_size / requests)

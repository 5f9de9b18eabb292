"""What measured times say about stragglers: how slow, how long, whose, and how many at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.measurements.rounds import rounds
from strag_sim.measurements.sample import Measurements
from strag_sim.statistics import quantile

STRAGGLES, FAR = 1.5, 3.0  # times the median
LEVELS = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Statistics of measured times; in the unit of the measurements where they are times.

    NaN stands where there is no such number: one worker has no share between workers, measurements
    without workers have no rounds.

    Parameters
    ----------
    n : int
    mean, cv, p50, p90, p95, p99, p999, max : float
        ``cv`` is the standard deviation (divided by n) over the mean; quantiles are nearest rank.
    beyond_1_5, beyond_3 : float
        Shares of times above 1.5 and 3 times the median of all.
    lag_1 : float
        See ``lag_one``.
    between : float
        See ``between_workers``.
    dispersion : float
        See ``dispersion``.
    workers : int
        0 where they were not told apart.
    rounds, complete_rounds : int
        How many, and in how many each worker was measured once; 0 without workers.
    """

    n: int
    mean: float
    cv: float
    p50: float
    p90: float
    p95: float
    p99: float
    p999: float
    max: float
    beyond_1_5: float
    beyond_3: float
    lag_1: float
    between: float
    dispersion: float
    workers: int
    rounds: int
    complete_rounds: int


def facts(measurements: Measurements) -> Facts:
    """Return the statistics of measurements."""
    values = measurements.values
    ordered = np.sort(values)
    mean = float(values.mean())
    median = quantile(ordered, LEVELS["p50"])
    numbers = {name: quantile(ordered, level) for name, level in LEVELS.items()}
    numbers |= {
        "max": float(ordered[-1]),
        "beyond_1_5": _share_above(ordered, STRAGGLES * median),
        "beyond_3": _share_above(ordered, FAR * median),
    }
    del ordered
    apart = measurements.worker is not None
    found = rounds(measurements) if apart else None
    slow = None if found is None else (values > STRAGGLES * median)[found.row]
    return Facts(
        n=values.size,
        mean=mean,
        cv=float(values.std()) / mean,
        **numbers,
        lag_1=lag_one(measurements),
        between=between_workers(measurements),
        dispersion=float("nan") if slow is None else dispersion(slow),
        workers=len(measurements.names),
        rounds=0 if found is None else found.found,
        complete_rounds=0 if found is None else len(found.row),
    )


def lag_one(measurements: Measurements) -> float:
    """Return the lag-1 autocorrelation of the log of times within a worker.

    With d the log of a time less the mean of its worker's, in order:
    sum of d_t d_(t+1) over all neighbours of one worker, over the sum of d^2. Without workers all
    times are one worker's. NaN where no worker's times differ. Neighbours are rows that follow
    each other, whatever the gap between their steps. With n times of each of k workers whose log is
    AR(1), the bias is about -(1 + 2 r + 2 r / k) / n.

    Source: the estimator r_1 of Box and Jenkins, "Time Series Analysis" (1970), its sums taken
    over workers; at k = 1 the bias is that of Marriott and Pope, Biometrika 41 (1954).
    """
    log = np.log(measurements.values)
    if measurements.worker is None:
        log -= log.mean()
        return _ratio(float(log[:-1] @ log[1:]), float(log @ log), log)
    order = np.argsort(measurements.worker, kind="stable")
    log = _deviations(log, measurements.worker)[order]
    worker = measurements.worker[order]
    del order
    squares = float(log @ log)
    # A worker's first time has no neighbour before it.
    products = log[:-1] * log[1:]
    products *= worker[1:] == worker[:-1]
    return _ratio(float(products.sum()), squares, log)


def between_workers(measurements: Measurements) -> float:
    """Return the share of the variance of the log of times that lies between workers.

    The one-way random-effects estimator: B / (B + W), where W is the mean square within workers,
    B = (mean square between workers - W) / m is cut at 0, and m = (n - sum of n_w^2 / n) / (k - 1)
    for n_w times of each of k workers. So noise within workers does not count as a difference
    between them, as far as it is independent: where times of a worker are autocorrelated, its
    mean varies more than W says and the share comes out higher. NaN with fewer than two workers,
    or with one time each.

    Source: Searle, Casella and McCulloch, "Variance Components" (1992).
    """
    worker, n = measurements.worker, measurements.values.size
    if worker is None or not 1 < len(measurements.names) < n:
        return float("nan")
    log = np.log(measurements.values)
    log -= log.mean()
    counts = np.bincount(worker).astype(np.float64)
    k = counts.size
    means = np.bincount(worker, log) / counts
    within = max(0.0, float(log @ log - counts @ means**2)) / (n - k)
    size = (n - float(counts @ counts) / n) / (k - 1)
    between = max(0.0, float(counts @ means**2) / (k - 1) - within) / size
    return between / (between + within) if between + within > 0 else float("nan")


def dispersion(slow: NDArray[np.bool_]) -> float:
    """Return how much the number of stragglers in a round varies, 1 if workers are independent.

    ``slow`` has the shape (rounds, workers). The variance of the number per round (divided by
    rounds - 1) over n p (1 - p), with n workers and p the share of stragglers. Above 1 they come
    together; below 1 they are always as many, as when the same few workers straggle each time.
    NaN with fewer than two rounds or workers, or where none or all straggle.

    Source: the index of dispersion of binomial samples, Cochran, Biometrics 10 (1954).
    """
    found, workers = slow.shape
    if found < 2 or workers < 2:
        return float("nan")
    share = slow.mean()
    if not 0 < share < 1:
        return float("nan")
    return float(slow.sum(axis=1).var(ddof=1) / (workers * share * (1 - share)))


def _share_above(ordered: NDArray[np.float64], limit: float) -> float:
    """Return the share of sorted times above a limit."""
    return int(ordered.size - np.searchsorted(ordered, limit, "right")) / ordered.size


def _deviations(log: NDArray[np.float64], worker: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return numbers less the mean of their worker's."""
    means = np.bincount(worker, log) / np.bincount(worker)
    log -= means[worker]
    return log


def _ratio(products: float, squares: float, log: NDArray[np.float64]) -> float:
    """Return the autocorrelation, NaN if times do not differ by more than rounding."""
    rounding = np.finfo(np.float64).eps ** 2 * 1e4 * log.size
    return products / squares if squares > rounding else float("nan")

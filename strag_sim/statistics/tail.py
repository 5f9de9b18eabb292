"""The distribution of responses, thinned to the points that a figure can show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.statistics.intervals import student
from strag_sim.statistics.responses import RunResponses
from strag_sim.tables import Floats

# Points of a thinned distribution; a figure in a column of a page has about as many dots across.
POINTS = 1000


@dataclass(frozen=True)
class Tail:
    """The share of responses above a time, with its interval over runs; all of shape (points,).

    ``response`` rises and is in seconds; ``low`` and ``high`` are NaN with a single run.
    """

    response: Floats
    ccdf: Floats
    low: Floats
    high: Floats


def tail(runs: Sequence[RunResponses], confidence: float) -> Tail:
    """Return the share of responses above each of at most ``POINTS`` times that occurred.

    Parameters
    ----------
    runs : sequence of RunResponses
        The responses of each run.
    confidence : float
        In (0, 1), of the interval at each single time.

    Notes
    -----
    The points are spaced evenly in the share, and toward either end in its logarithm. At a given
    time the share is a mean, so its interval is the t interval over runs, cut to [0, 1].
    """
    times = _times(runs)
    above = np.array([1 - run.at_most(times) / run.count for run in runs])
    sizes = np.array([run.count for run in runs], dtype=np.float64)
    pooled = sizes @ above / sizes.sum()
    if len(runs) == 1:
        nothing = np.full(times.size, np.nan)
        return Tail(times, pooled, nothing, nothing)
    error = np.sqrt(((above - pooled) ** 2).sum(axis=0) / (len(runs) * (len(runs) - 1)))
    half = student(confidence, len(runs) - 1) * error
    return Tail(times, pooled, np.clip(pooled - half, 0, 1), np.clip(pooled + half, 0, 1))


def _times(runs: Sequence[RunResponses]) -> Floats:
    """Return times at which to look: each run offers some, and of all these every k-th is kept."""
    offered = max(3, 8 * POINTS // len(runs))
    times = np.unique(
        np.concatenate(
            [
                run.at_ranks(_ranks(run.count, offered, number / len(runs)))
                for number, run in enumerate(runs)
            ]
        )
    )
    return times[np.unique(np.linspace(0, times.size - 1, POINTS, dtype=np.int64))]


def _ranks(count: int, points: int, phase: float) -> NDArray[np.int64]:
    """Return about ``points`` ranks of ``count``, spaced evenly, and in the logarithm to each end.

    ``phase``, a share of a step, is another for each run: were all to offer the same ranks, their
    times would stand in heaps, and a figure would have a stair between two.
    """
    each = max(1, points // 3)
    shares = (np.arange(each) + phase) / each
    steps, even = (count**shares).astype(np.int64), (1 + shares * (count - 1)).astype(np.int64)
    return np.unique(np.concatenate([[1, count], steps, count + 1 - steps, even]))

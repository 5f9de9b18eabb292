"""A sketch of many responses: quantiles within 0.1 % in bounded memory, and merging that is exact.

References
----------
.. [1] Masson, Rim and Lee (2019), DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
   Relative-Error Guarantees, PVLDB 12.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from strag_sim.statistics.quantiles import rank
from strag_sim.tables import Floats, Ints

# Largest relative error of a quantile.
ERROR = 0.001
GAMMA = (1 + ERROR) / (1 - ERROR)
# How many of the largest values are kept as they are.
TOP = 1000
# Seconds; what is smaller counts as this, so that the number of buckets is bounded.
SMALLEST = 1e-12


@dataclass(frozen=True, eq=False)
class Sketch:
    """How many responses lie in each bucket, and the largest ones themselves.

    Bucket i holds the responses above GAMMA^(i - 1) and up to GAMMA^i seconds, and is told by the
    value in it that lies within ERROR of all of them [1]_. All fields are whole numbers or
    responses that occurred, and are the same for the same responses however they were parted
    and merged.

    Parameters
    ----------
    first : int
        The bucket of ``counts[0]``.
    counts : array of int, shape (buckets,)
        Responses of each bucket, those of ``top`` included; the first and the last are not 0.
    top : array of float
        The TOP largest responses (all, if they are fewer), rising, in seconds.
    """

    first: int
    counts: Ints
    top: Floats

    @classmethod
    def of(cls, response: Floats) -> Self:
        """Return the sketch of some responses in seconds, at least one; their order is nothing."""
        bucket = buckets(response)
        first = int(bucket.min())
        return cls(first, np.bincount(bucket - first), _largest(response))

    @classmethod
    def merged(cls, sketches: Iterable[Self]) -> Self:
        """Return the sketch of all responses of some sketches, at least one, in any order."""
        parts = list(sketches)
        first = min(part.first for part in parts)
        last = max(part.first + part.counts.size for part in parts)
        counts = np.zeros(last - first, np.int64)
        for part in parts:
            start = part.first - first
            counts[start : start + part.counts.size] += part.counts
        return cls(first, counts, _largest(np.concatenate([part.top for part in parts])))

    @property
    def count(self) -> int:
        """How many responses there are."""
        return int(self.counts.sum())

    def quantile(self, level: float) -> float:
        """Return the nearest-rank quantile: exact among the largest, else within ERROR of it."""
        return float(self.at_ranks(np.array([rank(level, self.count)]))[0])

    def at_ranks(self, ranks: Ints) -> Floats:
        """Return the responses of these ranks, counted from 1, as `quantile` does."""
        values = value(self.first + np.searchsorted(np.cumsum(self.counts), ranks, side="left"))
        # A bucket's value may lie above a response that is known as it is.
        values = np.minimum(values, self.top[0])
        place = ranks - 1 - (self.count - self.top.size)
        return np.where(place >= 0, self.top[np.maximum(place, 0)], values)

    def at_most(self, times: Floats) -> Ints:
        """Return how many responses are at most each time; those of its bucket all count as such.

        Exact for times that the largest responses reach.
        """
        below = np.concatenate(([0], np.cumsum(self.counts)))
        place = np.clip(buckets(times) - self.first + 1, 0, self.counts.size)
        known = self.count - self.top.size + np.searchsorted(self.top, times, side="right")
        return np.where(times >= self.top[0], known, np.minimum(below[place], self.count))


def buckets(times: Floats) -> Ints:
    """Return the bucket of each time, ceil(log(time) / log(GAMMA)) [1]_."""
    logs = np.log(np.maximum(times, SMALLEST))
    return np.ceil(logs / math.log(GAMMA)).astype(np.int64)


def value(bucket: Ints) -> Floats:
    """Return the time that stands for each bucket, 2 GAMMA^i / (GAMMA + 1), in seconds [1]_."""
    return np.asarray(2 / (GAMMA + 1) * np.exp(bucket * math.log(GAMMA)))


def _largest(response: Floats) -> Floats:
    """Return the TOP largest values, rising."""
    if response.size > TOP:
        response = np.partition(response, response.size - TOP)[-TOP:]
    return np.sort(response)

"""A rate over time that is made of straight pieces and repeats: what it is, and what has come."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RateCurve:
    """A rate per second over one period, from 0 to the last of ``edges`` (seconds, shape (n+1,)).

    Over piece i it goes straight from ``left[i]`` to ``right[i]``, both of shape (n,).
    """

    edges: Floats
    left: Floats
    right: Floats

    @property
    def period(self) -> float:
        """The length of a period in seconds."""
        return float(self.edges[-1])

    @property
    def mean(self) -> float:
        """The mean rate of a period."""
        return float(self._due[-1]) / self.period

    @property
    def peak(self) -> float:
        """The highest rate."""
        return float(max(self.left.max(), self.right.max()))

    def at(self, times: Floats) -> Floats:
        """Return the rate at times within a period."""
        piece = self._piece(self.edges, times)
        share = (times - self.edges[piece]) / self._lengths[piece]
        return self.left[piece] + share * (self.right[piece] - self.left[piece])

    def due(self, times: Floats) -> Floats:
        """Return how many arrivals are expected from 0 to times within a period."""
        piece = self._piece(self.edges, times)
        since = times - self.edges[piece]
        slope = (self.right[piece] - self.left[piece]) / self._lengths[piece]
        return self._due[piece] + since * (self.left[piece] + slope * since / 2)

    def when(self, due: Floats) -> Floats:
        """Return the times within a period until when so many arrivals are expected.

        Within a piece with rate r and slope m, r s + m s^2 / 2 = d is solved by the form of the
        root that also holds for m = 0, s = 2 d / (r + sqrt(r^2 + 2 m d)).
        """
        piece = self._piece(self._due, np.minimum(due, np.nextafter(self._due[-1], 0.0)))
        rest = np.maximum(due - self._due[piece], 0.0)
        start = self.left[piece]
        slope = (self.right[piece] - start) / self._lengths[piece]
        root = start + np.sqrt(np.maximum(start**2 + 2 * slope * rest, 0.0))
        since = np.divide(2 * rest, root, out=np.zeros_like(rest), where=root > 0)
        times: Floats = self.edges[piece] + np.minimum(since, self._lengths[piece])
        return times

    @cached_property
    def _lengths(self) -> Floats:
        return np.diff(self.edges)

    @cached_property
    def _due(self) -> Floats:
        """The arrivals expected from 0 to each edge."""
        pieces = (self.left + self.right) / 2 * self._lengths
        return np.concatenate(([0.0], np.cumsum(pieces)))

    @staticmethod
    def _piece(rising: Floats, values: Floats) -> NDArray[np.intp]:
        """Return the last piece that begins at or before each value."""
        found = np.searchsorted(rising, values, side="right") - 1
        return np.clip(found, 0, rising.size - 2)

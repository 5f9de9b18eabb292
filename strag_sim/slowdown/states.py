"""Workers that are slow for a while, alone or with their neighbours."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.parameters import is_finite, positive, refuse
from strag_sim.slowdown.episodes import residual
from strag_sim.slowdown.part import BLOCK, MOST, Combine, Streams, blocks, drawn
from strag_sim.slowdown.tracks import Intervals, Tracks, gathered, of_intervals
from strag_sim.units import Seconds

_EPISODES = 64  # drawn at a time for each track of a block


@dataclass(frozen=True, kw_only=True)
class States:
    """Workers that are slow by ``factor`` for a ``share`` of the time, for ``dwell`` at a stretch.

    A ``dwell`` that is a time is the mean of exponential ones (a two-state Markov chain). Stretches
    between are exponential. A ``factor`` that is a distribution is drawn for each slow stretch.
    Neighbours, ``shared_by`` of them, are slow together.
    """

    factor: Seconds | Distribution
    dwell: Seconds | Distribution
    share: float
    shared_by: int = 1
    enabled: bool = True

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        for name in ("factor", "dwell"):
            if not isinstance(getattr(self, name), Distribution):
                positive(**{name: getattr(self, name)})
        if not math.isfinite(self.slow.mean):
            raise refuse("dwell", self.dwell, "a law with a finite mean")
        if not (is_finite(self.share) and 0 < self.share < 1):
            raise refuse("share", self.share, "above 0 and below 1")
        if self.shared_by < 1:
            raise refuse("shared_by", self.shared_by, "at least 1")

    @cached_property
    def slow(self) -> Distribution:
        """The law of a slow stretch."""
        if isinstance(self.dwell, Distribution):
            return self.dwell
        return Exponential(mean=self.dwell)

    @property
    def between(self) -> float:
        """The mean of the stretches between slow ones, in seconds."""
        return self.slow.mean * (1 - self.share) / self.share

    def tracks(self, streams: Streams, workers: int, horizon: float, combine: Combine) -> Tracks:
        """Return a track for each ``shared_by`` neighbours."""
        owners = -(-workers // self.shared_by)
        period = min(horizon, MOST / max(owners, BLOCK) * (self.slow.mean + self.between))
        found = gathered([self._block(i, streams(i), period) for i in blocks(owners)])
        return of_intervals(found, np.arange(workers) // self.shared_by, owners, period, combine)

    def _block(self, block: int, rng: np.random.Generator, period: float) -> Intervals:
        """Return the slow stretches of a block of tracks, until the last is past ``period``."""
        shape = (_EPISODES, BLOCK)
        owner = np.broadcast_to(block * BLOCK + np.arange(BLOCK), shape)
        parts = []
        for start, end in self._stretches(rng, shape):
            value = drawn(self.factor, rng, start.shape)
            owners = owner[: start.shape[0]]
            parts.append(Intervals(owners.ravel(), start.ravel(), end.ravel(), value.ravel()))
            if end[-1].min() >= period:
                break
        return gathered(parts)

    def _stretches(
        self, rng: np.random.Generator, shape: tuple[int, int]
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the starts and ends of slow stretches, in the order of time, without end.

        The first is the one that is under way at 0; of length 0 where none is.
        """
        under_way = rng.random(shape[1]) < self.share
        now = np.where(under_way, residual(self.slow, rng, shape[1]), 0.0)
        yield np.zeros((1, shape[1])), now[None, :]
        while True:
            gaps = rng.standard_exponential(shape) * self.between
            dwells = self.slow.sample(rng, shape)
            ends = now + np.cumsum(gaps + dwells, axis=0)
            yield ends - dwells, ends
            now = ends[-1]

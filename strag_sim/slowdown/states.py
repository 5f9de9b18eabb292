"""Workers that are slow for a while, alone or with their neighbours."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.parameters import is_finite, positive, refuse
from strag_sim.slowdown.episodes import Residual
from strag_sim.slowdown.part import BLOCK, MOST, Combine, Factor, Streams, blocks, drawn
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

    factor: Factor | Distribution
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

    @cached_property
    def residual(self) -> Residual:
        """What is left of a slow stretch that is under way."""
        return Residual(self.slow)

    @property
    def between(self) -> float:
        """The mean of the stretches between slow ones, in seconds."""
        return self.slow.mean * (1 - self.share) / self.share

    def tracks(self, streams: Streams, workers: int, horizon: float, combine: Combine) -> Tracks:
        """Return a track for each ``shared_by`` neighbours."""
        shared_by = min(self.shared_by, workers)
        owners = -(-workers // shared_by)
        most = MOST / max(owners, BLOCK)
        period = min(horizon, most * (self.slow.mean + self.between))
        parts = []
        for block in blocks(owners):
            found, until = self._block(block, streams(block), owners, period, 2 * most)
            parts.append(found)
            period = min(period, until)
        track = np.arange(workers) // shared_by
        return of_intervals(gathered(parts), track, owners, period, combine)

    def _block(
        self, block: int, rng: np.random.Generator, owners: int, period: float, most: float
    ) -> tuple[Intervals, float]:
        """Return the slow stretches of a block of tracks, and until when they are all there.

        That is past ``period``, unless a track takes more than ``most``: where few dwells make up
        the mean, the others are many.
        """
        shape = (_EPISODES, BLOCK)
        owner = np.broadcast_to(block * BLOCK + np.arange(BLOCK), shape)
        parts: list[Intervals] = []
        until, stretches = 0.0, self._stretches(rng, shape)
        while until < period and (len(parts) - 1) * _EPISODES <= most:
            start, end = next(stretches)
            value = drawn(self.factor, rng, start.shape)
            whose = owner[: start.shape[0]]
            # What nobody will look up is not kept: 10^6 workers would need gigabytes for it.
            kept = (start < period) & (whose < owners)
            parts.append(Intervals(whose[kept], start[kept], end[kept], value[kept]))
            until = float(end[-1].min())
        return gathered(parts), until

    def _stretches(
        self, rng: np.random.Generator, shape: tuple[int, int]
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the starts and ends of slow stretches, in the order of time, without end.

        The first is the one that is under way at 0; of length 0 where none is.
        """
        under_way = rng.random(shape[1]) < self.share
        now = np.where(under_way, self.residual.sample(rng, shape[1]), 0.0)
        yield np.zeros((1, shape[1])), now[None, :]
        while True:
            gaps = rng.standard_exponential(shape) * self.between
            dwells = self.slow.sample(rng, shape)
            ends = now + np.cumsum(gaps + dwells, axis=0)
            yield ends - dwells, ends
            now = ends[-1]

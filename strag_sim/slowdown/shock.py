"""Events that slow many workers at once: a garbage collection, a network storm, a cold start."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from strag_sim.distributions.deterministic import Deterministic
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.parameters import is_finite, positive, refuse
from strag_sim.slowdown.episodes import Residual
from strag_sim.slowdown.part import BLOCK, MOST, Combine, Factor, Streams, blocks, drawn
from strag_sim.slowdown.tracks import Intervals, Tracks, gathered, of_intervals
from strag_sim.units import Seconds

_EVENTS = 256  # drawn at a time
_HITS = 256  # of a block of workers, drawn at a time
_MOST_AT_ONCE = 1000.0  # shocks under way, in the mean
MOST_HIT = 1 << 20  # workers that they hit, each counted as often as it is hit
# Streams of a part that are no block of workers.
_TIMES, _LENGTHS, _FACTORS, _UNDER_WAY = range(1 << 30, (1 << 30) + 4)


@dataclass(frozen=True, kw_only=True)
class Shock:
    """Shocks at a ``rate`` (per second) that slow each worker with the chance ``share``.

    Those hit are slow by ``factor`` for ``length``; either may be a distribution, drawn for each
    shock. Shocks that overlap combine as slowness does with sizes.
    """

    rate: float
    share: float
    factor: Factor | Distribution
    length: Seconds | Distribution
    enabled: bool = True

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        positive(rate=self.rate)
        for name in ("factor", "length"):
            if not isinstance(getattr(self, name), Distribution):
                positive(**{name: getattr(self, name)})
        if not (is_finite(self.share) and 0 < self.share <= 1):
            raise refuse("share", self.share, "above 0 and at most 1")
        if not math.isfinite(self.lasting.mean):
            raise refuse("length", self.length, "a law with a finite mean")
        if self.under_way > _MOST_AT_ONCE:
            text = f"such that at most {_MOST_AT_ONCE:g} shocks are under way in the mean"
            raise refuse("rate", self.rate, f"{text} (rate x mean length)")

    @cached_property
    def lasting(self) -> Distribution:
        """The law of the length of a shock."""
        if isinstance(self.length, Distribution):
            return self.length
        return Deterministic(value=self.length)

    @property
    def under_way(self) -> float:
        """How many shocks are under way at a time, in the mean."""
        return self.rate * self.lasting.mean

    @cached_property
    def residual(self) -> Residual:
        """What is left of the length of a shock that is under way."""
        return Residual(self.lasting)

    def hit(self, workers: int) -> float:
        """Return how many of so many workers are hit at a time, each as often as it is hit."""
        return self.under_way * self.share * workers

    def tracks(self, streams: Streams, workers: int, horizon: float, combine: Combine) -> Tracks:
        """Return a track for each worker."""
        if self.hit(workers) > MOST_HIT:
            raise refuse("rate", self.rate, f"such that at most {MOST_HIT} workers are hit at once")
        # An interval is cut wherever another begins or ends.
        cost = self.rate * (1 + self.share * workers * (1 + 2 * self.share * self.under_way))
        period = min(horizon, MOST / cost)
        start, end, factor = self._events(streams, period)
        parts = []
        for block in blocks(workers):
            event, place = self._hits(streams(block), start.size)
            owner = place + block * BLOCK
            kept = owner < workers
            event = event[kept]
            parts.append(Intervals(owner[kept], start[event], end[event], factor[event]))
        return of_intervals(gathered(parts), np.arange(workers), workers, period, combine)

    def _hits(self, rng: np.random.Generator, events: int) -> tuple[np.ndarray, np.ndarray]:
        """Return which shocks hit which tracks of a block, in the order of shocks.

        The gaps from hit to hit, along all that might be, are geometric: what is not hit costs
        nothing.
        """
        most, last, parts = events * BLOCK, -1, []
        while last < most:
            # A gap of 2^63 - 1, as rare hits give, must not overflow when gaps are added.
            gaps = np.minimum(rng.geometric(self.share, _HITS), most + 1)
            hits = last + np.cumsum(gaps)
            last = int(hits[-1])
            parts.append(hits)
        hits = np.concatenate(parts)
        return np.divmod(hits[hits < most], BLOCK)

    def _events(self, streams: Streams, period: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the starts, ends and factors of shocks: those under way at 0, then the others.

        Those under way are as many as a Poisson variable says (customers of an M/G/infinity
        queue), each with what is left of its length.
        """
        first = streams(_UNDER_WAY)
        count = int(first.poisson(self.under_way))
        ends = [self.residual.sample(first, count)]
        starts, factors = [np.zeros(count)], [drawn(self.factor, first, (count,))]
        times, lengths, strengths = (streams(i) for i in (_TIMES, _LENGTHS, _FACTORS))
        now = 0.0
        while now < period:
            start = now + np.cumsum(times.standard_exponential(_EVENTS)) / self.rate
            now = float(start[-1])
            starts.append(start)
            ends.append(start + self.lasting.sample(lengths, _EVENTS))
            factors.append(drawn(self.factor, strengths, (_EVENTS,)))
        start = np.concatenate(starts)
        kept = start < period
        return start[kept], np.concatenate(ends)[kept], np.concatenate(factors)[kept]

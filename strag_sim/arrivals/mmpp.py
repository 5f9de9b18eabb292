"""Arrivals at a rate that jumps between a few values: a Markov-modulated Poisson process.

Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", Performance
Evaluation 18 (1993).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.arrivals.rates import (
    UNKNOWN_RATE,
    check_batch,
    check_rescaling,
    in_batches,
    with_rate,
)
from strag_sim.distributions.parameters import not_negative, positive, refuse
from strag_sim.units import Seconds

MOST_STATES = 1000
# Changes of state an arrival: with more, the changes alone would take the time (10^6 arrivals at
# this many take 1.4 s). Of two states that change so often the dispersion is within 4 % of 1.
MOST_CHANGES = 100
# Drawn at a time, whatever is asked for, so that a longer draw begins alike.
_POINTS, _SOJOURNS = 4096, 65_536


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A state of an mmpp: arrivals at ``rate`` (per second), for a ``dwell`` of that mean."""

    rate: float
    dwell: Seconds

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        not_negative(rate=self.rate)
        positive(dwell=self.dwell)


@dataclass(frozen=True, kw_only=True)
class Mmpp:
    """Arrivals at a rate that goes through ``states`` in a cycle, with exponential stays.

    A run starts in the stationary law. The states' rates hold as they are, or are all multiplied
    so that the mean rate is ``rate`` or brings the ``offered_load``; ``batch`` as for poisson.
    """

    states: tuple[Phase, ...]
    rate: float | None = None
    offered_load: float | None = None
    batch: int = 1

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        object.__setattr__(self, "states", tuple(self.states))
        if not 1 <= len(self.states) <= MOST_STATES:
            given, allowed = len(self.states), f"a list of 1 to {MOST_STATES} states"
            raise ValueError(f"states: {given} are not allowed; states must be {allowed}")
        check_rescaling(self.rate, self.offered_load)
        check_batch(self.batch)
        if self._mean_of_states() <= 0:
            raise refuse("states", 0.0, "a list in which some rate is above 0")
        changes = len(self.states) / self._arrivals_of_cycle()
        if changes > MOST_CHANGES:  # never for NaN: judged once the load is a rate
            raise ValueError(
                f"states: {changes:.3g} changes an arrival are not allowed; there must be at most "
                f"{MOST_CHANGES}: give longer dwells or fewer states, or kind poisson, whose "
                "arrivals look the same where the rate changes so fast"
            )

    def at_capacity(self, mean_size: float, slots: int) -> "Mmpp":
        """Return the same arrivals with the offered load turned into a rate."""
        return with_rate(self, mean_size, slots)

    @property
    def mean_rate(self) -> float:
        """The requests a second; NaN while the offered load is no rate."""
        return self._factor() * self._mean_of_states() * self.batch

    @property
    def dispersion(self) -> float:
        """The limit of variance over mean of the number of requests; NaN as for ``mean_rate``.

        batch (1 + sum_i (r_i - r)^2 d_i^2 / sum_i r_i d_i), with r the mean of the rates r_i and
        mean dwells d_i: cycles are independent, so that of a renewal-reward process.
        """
        rates, dwells = self._rates(), self._dwells()
        mean = rates @ dwells / dwells.sum()
        excess = ((rates - mean) ** 2 @ dwells**2) / (rates @ dwells)
        return float(self.batch * (1 + excess))

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,).

        Points of a Poisson process of rate 1 are placed in the time in which the rate is 1, then
        put back to where so much work was due.
        """
        if self.offered_load is not None:
            raise ValueError(UNKNOWN_RATE)
        return in_batches(self.batch, count, lambda n: self._instants(rng, n))

    def _instants(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        stays = self._stays(rng)
        due, ends = np.zeros(1), np.zeros(1)  # expected arrivals until the end of each stay
        found, last = [np.empty(0)], 0.0
        for _ in range(-(-count // _POINTS)):
            points = last + np.cumsum(rng.standard_exponential(_POINTS))
            last = points[-1]
            while due[-1] < last:
                more_due, more_ends = next(stays)
                due, ends = np.concatenate((due, more_due)), np.concatenate((ends, more_ends))
            found.append(np.interp(points, due, ends))
            passed = int(np.searchsorted(due, last, side="right")) - 1
            due, ends = due[passed:], ends[passed:]
        return np.maximum.accumulate(np.concatenate(found)[:count])  # interp may round down

    def _stays(
        self, rng: np.random.Generator
    ) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Yield the expected arrivals and the time until the end of each stay, many at a time."""
        rates, dwells = self._rates(), self._dwells()
        first = np.searchsorted(np.cumsum(dwells)[:-1] / dwells.sum(), rng.random(), side="right")
        size = len(self.states)
        cycles = math.ceil(1.1 * _POINTS / self._arrivals_of_cycle())
        cycles = min(cycles, max(1, _SOJOURNS // size))
        order = np.resize((first + np.arange(size)) % size, cycles * size)
        due = end = 0.0
        while True:
            lengths = dwells[order] * rng.standard_exponential(order.size)
            dues, ends = due + np.cumsum(rates[order] * lengths), end + np.cumsum(lengths)
            due, end = dues[-1], ends[-1]
            yield dues, ends

    def _rates(self) -> NDArray[np.float64]:
        return np.array([state.rate for state in self.states], dtype=np.float64) * self._factor()

    def _dwells(self) -> NDArray[np.float64]:
        return np.array([state.dwell for state in self.states], dtype=np.float64)

    def _arrivals_of_cycle(self) -> float:
        """Return how many arrivals (of batches) a cycle through the states has in the mean."""
        return float(self._rates() @ self._dwells())

    def _mean_of_states(self) -> float:
        """Return the mean rate as the states have it, before it is rescaled."""
        dwells = math.fsum(state.dwell for state in self.states)
        return math.fsum(state.rate * state.dwell for state in self.states) / dwells

    def _factor(self) -> float:
        """Return what all rates are multiplied by; NaN while the offered load is no rate."""
        if self.offered_load is not None:
            return math.nan
        return 1.0 if self.rate is None else self.rate / self._mean_of_states()

"""The responses of a run as estimates need them: all of them in order, or a sketch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from strag_sim.statistics.quantiles import pooled_quantile, quantile
from strag_sim.statistics.sketch import Sketch
from strag_sim.tables import Floats, Ints


class Responses(Protocol):
    """Responses, of which quantiles and shares are asked; times in seconds."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    def quantile(self, level: float) -> float:
        """Return a nearest-rank quantile."""
        ...


class RunResponses(Responses, Protocol):
    """The responses of one run."""

    @property
    def top(self) -> Floats:
        """The largest ones, rising."""
        ...

    def at_ranks(self, ranks: Ints) -> Floats:
        """Return the responses of these ranks, counted from 1."""
        ...

    def at_most(self, times: Floats) -> Ints:
        """Return how many responses are at most each time."""
        ...


@dataclass(frozen=True, eq=False)
class Ordered:
    """The responses themselves, as ``top``: rising, at least one."""

    top: Floats

    @property
    def count(self) -> int:
        """How many there are."""
        return self.top.size

    def quantile(self, level: float) -> float:
        """Return a nearest-rank quantile, see `quantiles.quantile`."""
        return quantile(self.top, level)

    def at_ranks(self, ranks: Ints) -> Floats:
        """Return the responses of these ranks, counted from 1."""
        return self.top[ranks - 1]

    def at_most(self, times: Floats) -> Ints:
        """Return how many responses are at most each time."""
        return np.searchsorted(self.top, times, side="right")


@dataclass(frozen=True, eq=False)
class _Together:
    """The responses of several runs, each in order."""

    runs: Sequence[Floats]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(run.size for run in self.runs)

    def quantile(self, level: float) -> float:
        """Return a nearest-rank quantile of all of them."""
        return pooled_quantile(self.runs, level)


def pooled(runs: Sequence[RunResponses]) -> Responses:
    """Return the responses of all runs together: exact if every run has them, else a sketch."""
    if all(isinstance(run, Ordered) for run in runs):
        return _Together([run.top for run in runs])
    return Sketch.merged(run if isinstance(run, Sketch) else Sketch.of(run.top) for run in runs)

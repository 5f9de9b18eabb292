"""Exact sizes, task by task: for tests and worked examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.distribution import levels_of, numbers_of
from strag_sim.distributions.parameters import all_positive, refuse
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """Sizes that are read, not drawn.

    ``own[i]`` is the size of request i's own task, ``redundant[j][g]`` that of the j-th redundant
    task of group g; ``own`` may be left out where there are no own tasks.
    """

    own: tuple[Seconds, ...] | None = None
    redundant: tuple[tuple[Seconds, ...], ...] = ()

    def __post_init__(self) -> None:
        """Refuse an empty script, and sizes that are not above 0."""
        object.__setattr__(self, "redundant", tuple(tuple(row) for row in self.redundant))
        if self.own is not None:
            object.__setattr__(self, "own", tuple(self.own))
            all_positive("own", self.own)
        for j, row in enumerate(self.redundant):
            all_positive(f"redundant[{j}]", row)
        if self.own is None and not self.redundant:
            raise refuse("own", None, "a list of sizes, unless redundant is given")

    @property
    def mean(self) -> float:
        """The mean of the own sizes, or of all redundant ones if there are none; in seconds."""
        return float(np.mean(self._sizes()))

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the quantiles (nearest rank) of the sizes that ``mean`` is of, in seconds."""
        levels = levels_of(level)
        return numbers_of(np.quantile(self._sizes(), levels, method="inverted_cdf"))

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of the sizes that ``mean`` is of that are at most ``time``."""
        return share_up_to(numbers_of(time), np.sort(self._sizes()))

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Raise a ValueError: scripted sizes are read by position."""
        raise refuse("kind", "scripted", "a kind that can be drawn from; scripted sizes are read")

    def _sizes(self) -> NDArray[np.float64]:
        """Return the own sizes, or all redundant ones if there are none."""
        rows: Sequence[Sequence[float]] = self.redundant if self.own is None else (self.own,)
        return np.concatenate([numbers_of(row) for row in rows])


def share_up_to(time: NDArray[np.float64], ranked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of ``ranked`` (sorted) values that are at most ``time``."""
    return numbers_of(np.searchsorted(ranked, time, side="right") / len(ranked))

"""The law of measured values: each size is one of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim.distributions.columns import read_column
from strag_sim.distributions.distribution import levels_of, numbers_of
from strag_sim.distributions.parameters import all_positive, positive, refuse
from strag_sim.distributions.scripted import share_up_to
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Empirical:
    """Sizes drawn with equal chance from ``values``, or from a ``column`` of the file ``path``.

    The file is CSV, parquet or npy; its numbers times ``scale`` are seconds (0.001 for ms).
    """

    values: tuple[Seconds, ...] | None = None
    path: str | None = None
    column: str | None = None
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse both or neither source, and values that are not above 0."""
        if self.values is not None:
            object.__setattr__(self, "values", tuple(self.values))
        if (self.values is None) == (self.path is None):
            allowed = "given unless path is" if self.path is None else "left out beside path"
            raise refuse("values", self.values, allowed)
        if self.column is not None and self.path is None:
            raise refuse("column", self.column, "left out without path")
        positive(scale=self.scale)
        if self.values is not None:
            all_positive("values", self.values)
        else:
            self._check_file()

    @cached_property
    def mean(self) -> float:
        """The mean of the values, in seconds."""
        return float(np.mean(self.ranked))

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the quantiles (nearest rank: a value that occurs), in seconds."""
        levels = levels_of(level)
        return numbers_of(np.quantile(self.ranked, levels, method="inverted_cdf"))

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of values that are at most ``time``."""
        return share_up_to(numbers_of(time), self.ranked)

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape; with replacement."""
        return self.ranked.take(rng.integers(len(self.ranked), size=shape))

    def _check_file(self) -> None:
        """Read the file and refuse values that are not above 0, naming the first such row."""
        ranked = self.ranked  # reads it; NaN sorts last
        if not (ranked[0] > 0 and ranked[-1] < np.inf):
            wrong = ranked[0] if ranked[0] <= 0 else ranked[-1]
            raise refuse("path", self.path, f"a file of finite numbers above 0, but holds {wrong}")

    @cached_property
    def ranked(self) -> NDArray[np.float64]:
        """The values in rising order, in seconds; shape (n,)."""
        if self.path is None:
            return np.sort(numbers_of(self.values or ())) * self.scale
        return np.sort(read_column(self.path, self.column)) * self.scale

"""The law of a profile: latencies measured on real machines."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strag_sim import profiles
from strag_sim.distributions.curve import Curve
from strag_sim.distributions.parameters import positive, refuse


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Sizes with the law measured in a ``profile``, times ``scale``.

    ``profile`` is the name of a shipped one or a path. With ``per_worker`` each worker is bound
    to one of the measured machines, whose tables are ``machine_tables``; ``mean``, ``quantile``,
    ``cdf`` and ``sample`` are then still of all machines together. Of a model that was measured by
    batch size and ``concurrency`` (calls at once) the law is that of a batch of 1 at the
    concurrency asked for; those of larger batches are ``batch_tables``.
    """

    profile: str
    scale: float = 1.0
    per_worker: bool = False
    concurrency: int = 1

    def __post_init__(self) -> None:
        """Load the profile, so that one that is missing or broken is refused at once."""
        positive(scale=self.scale)
        if not isinstance(self.profile, str):
            raise refuse("profile", self.profile, "the name of a shipped profile, or a path")
        machines = self.profile_data.machines  # loads it
        if self.per_worker and not machines:
            allowed = f"false, as profile {self.profile!r} has no tables per machine"
            raise refuse("per_worker", self.per_worker, allowed)
        self._check_concurrency()

    @cached_property
    def profile_data(self) -> profiles.Profile:
        """The profile as loaded, not scaled."""
        return profiles.load(self.profile)

    @property
    def mean(self) -> float:
        """The mean of what ``sample`` draws (the table's, not the measured one), in seconds."""
        return self.curve.mean

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the times that a share ``level`` of sizes does not exceed, in seconds."""
        return self.curve.quantile(level)

    def cdf(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of sizes that are at most ``time``."""
        return self.curve.cdf(time)

    def sample(self, rng: np.random.Generator, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw sizes, in seconds, of this shape, from all machines together."""
        return self.curve.sample(rng, shape)

    def machine_tables(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each machine's quantile function on one grid of levels.

        Returns
        -------
        levels : array of float64, shape (L,)
            Rising from 0 to 1: every level of any machine, so that no table loses a point.
        values : array of float64, shape (M, L)
            Seconds, scaled; straight lines between. Row m is machine m of the profile.

        Raises
        ------
        ValueError
            If the profile has no tables per machine.
        """
        if not self.profile_data.machines:
            raise refuse("profile", self.profile, "a profile with tables per machine")
        return self._on_one_grid(self.profile_data.machines)

    @property
    def batches(self) -> tuple[int, ...]:
        """The batch sizes that were measured at this concurrency, rising; none without points."""
        return tuple(self._points)

    def batch_means(self, most: int) -> list[float]:
        """Return the mean seconds of batches of 1, 2, ... ``most``; see ``batch_tables``."""
        levels, values = self.batch_tables(most)
        return [float(np.trapezoid(row, levels)) for row in values]

    def batch_tables(self, most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the quantile function of each batch size up to ``most`` on one grid of levels.

        Returns
        -------
        levels : array of float64, shape (L,)
            Rising from 0 to 1: every level at which any batch size was measured.
        values : array of float64, shape (most, L)
            Seconds, scaled; straight lines between. Row b - 1 is a call with b requests.

        Raises
        ------
        ValueError
            If the profile has no points, or ``most`` is above the largest batch measured: beyond
            it nothing is known.

        Notes
        -----
        Of a size that was not measured each quantile lies on the straight line between those of
        its two neighbours. Weighted means of two quantile functions are quantile functions again;
        a spline through three of them may fall where they rise.
        """
        measured = self.batches
        if not measured:
            allowed = "a profile that was measured by batch size (its file holds points)"
            raise refuse("profile", self.profile, allowed)
        if not 1 <= most <= measured[-1]:
            allowed = f"1 to {measured[-1]}, the largest batch measured in {self.profile!r}"
            raise refuse("most", most, allowed)
        levels, values = self._on_one_grid(tuple(self._points.values()))
        sizes = np.arange(1, most + 1)
        above = np.searchsorted(measured, sizes)
        below = np.maximum(above - 1, 0)
        left, right = (np.array(measured)[places] for places in (below, above))
        # Sizes of 1 have themselves on both sides.
        share = ((sizes - left) / np.maximum(right - left, 1))[:, None]
        return levels, (1 - share) * values[below] + share * values[above]

    @cached_property
    def curve(self) -> Curve:
        """The table of all machines together, of a batch of 1, scaled."""
        table = self._points[1] if self._points else self.profile_data
        return Curve(table.levels, table.values * self.scale)

    @cached_property
    def _points(self) -> dict[int, profiles.Point]:
        """What was measured at this concurrency, by batch size, rising.

        Of a batch size that was measured under several loads, the first in the file.
        """
        points: dict[int, profiles.Point] = {}
        for point in self.profile_data.points:
            if point.concurrency == self.concurrency:
                points.setdefault(point.batch, point)
        return dict(sorted(points.items()))

    def _check_concurrency(self) -> None:
        """Refuse a concurrency that was not measured, or not with a batch of 1."""
        concurrency, points = self.concurrency, self.profile_data.points
        if type(concurrency) is not int or concurrency < 1:
            raise refuse("concurrency", concurrency, "a whole number of at least 1")
        if not points:
            if concurrency > 1:
                allowed = f"1, as profile {self.profile!r} was not measured by concurrency"
                raise refuse("concurrency", concurrency, allowed)
            return
        if not self._points:
            known = _listed({point.concurrency for point in points})
            allowed = f"one that profile {self.profile!r} was measured at: {known}"
            raise refuse("concurrency", concurrency, allowed)
        if 1 not in self._points:
            found = f"this one holds {_listed(self._points)}"
            allowed = f"measured with a batch of 1 at concurrency {concurrency}; {found}"
            raise refuse("profile", self.profile, allowed)

    def _on_one_grid(
        self, tables: tuple[profiles.Machine | profiles.Point, ...]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return every level of any table, shape (L,), and each table's values there, scaled."""
        levels = np.unique(np.concatenate([each.levels for each in tables]))
        values = np.stack([np.interp(levels, each.levels, each.values) for each in tables])
        return levels, values * self.scale


def _listed(numbers: Iterable[int]) -> str:
    """Return numbers for a message, rising."""
    return ", ".join(map(str, sorted(numbers)))

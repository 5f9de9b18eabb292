"""The law of a profile: latencies measured on real machines."""

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
    ``cdf`` and ``sample`` are then still of all machines together.
    """

    profile: str
    scale: float = 1.0
    per_worker: bool = False

    def __post_init__(self) -> None:
        """Load the profile, so that one that is missing or broken is refused at once."""
        positive(scale=self.scale)
        if not isinstance(self.profile, str):
            raise refuse("profile", self.profile, "the name of a shipped profile, or a path")
        machines = self.profile_data.machines  # loads it
        if self.per_worker and not machines:
            allowed = f"false, as profile {self.profile!r} has no tables per machine"
            raise refuse("per_worker", self.per_worker, allowed)

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
        machines = self.profile_data.machines
        if not machines:
            raise refuse("profile", self.profile, "a profile with tables per machine")
        levels = np.unique(np.concatenate([machine.levels for machine in machines]))
        values = np.stack([np.interp(levels, each.levels, each.values) for each in machines])
        return levels, values * self.scale

    @cached_property
    def curve(self) -> Curve:
        """The table of all machines together, scaled."""
        return Curve(self.profile_data.levels, self.profile_data.values * self.scale)

"""What every kind of arrivals offers, and what those of a known rate offer besides."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Arrivals(Protocol):
    """What every kind of arrivals offers.

    An open kind answers ``draw`` before a run starts; in a closed loop the clients' next requests
    depend on the answers, so the engines send them.
    """

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return the first ``count`` arrival times in seconds, in order, shape (count,).

        With the same generator a longer draw begins with the same times.
        """
        ...


@runtime_checkable
class Rated(Protocol):
    """Arrivals whose rate may be given as an offered load."""

    @property
    def offered_load(self) -> float | None:
        """The rate of requests times the mean size over the worker slots; None where not given."""
        ...

    def at_capacity(self, mean_size: float, slots: int) -> Arrivals:
        """Return the same arrivals with the offered load turned into a rate."""
        ...


@runtime_checkable
class Steady(Protocol):
    """Arrivals whose rate in the long run is known before any are drawn."""

    @property
    def mean_rate(self) -> float:
        """The requests a second in the long run."""
        ...

    @property
    def dispersion(self) -> float | None:
        """The limit of variance over mean of the number of requests in longer and longer windows.

        1 for Poisson arrivals, 0 for regular ones; None where the rate follows the clock.
        """
        ...

"""Clients that wait for their answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.distribution import Distribution


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Clients that send their next request once the last one is answered and thought about.

    ``think`` is a time or a distribution. With ``barrier`` a client sends a whole round at once
    and the next when the last of it is answered, as the collage authors' master does: ``true`` is
    a round of one group of the policy, a number a round of that many requests.
    First requests arrive at 0.
    """

    clients: int
    think: Distribution | None = None
    barrier: bool | int = False

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        if self.clients < 1:
            raise ValueError(f"clients: {self.clients} is not allowed; clients must be at least 1")
        if not isinstance(self.barrier, bool) and self.barrier < 1:
            raise ValueError(
                f"barrier: {self.barrier} is not allowed; barrier must be true, false "
                "or the number of requests of a round (at least 1)"
            )

    def round_of(self, group: int) -> int:
        """Return how many requests a client sends at once, for a policy with such groups."""
        if isinstance(self.barrier, bool):
            return group if self.barrier else 1
        return self.barrier

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Refuse: the arrivals of a closed loop depend on the answers."""
        raise ValueError("arrivals: a closed loop has no arrival times before it is run")

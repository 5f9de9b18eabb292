"""Relaunch: a request that takes too long is stopped and sent anew to another worker.

Wang, Joshi and Wornell, "Efficient Straggler Replication in Large-Scale Parallel Computing",
TOMPECS 2019 (relaunch without keeping the original).
"""

from dataclasses import dataclass

from strag_sim.policies.shape import Recovery, Shape, Task, after, at_least, own_recoveries
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Relaunch:
    """Stop an attempt after ``timeout`` and send the request anew, ``attempts`` times in all.

    The timeout counts from the attempt's release, as a client sees it; the last attempt has none.
    """

    timeout: Seconds
    attempts: int = 2

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(2, attempts=self.attempts)
        if not 0 < self.timeout < float("inf"):
            raise ValueError(
                f"timeout: {self.timeout} is not allowed; timeout must be a time above 0"
            )

    def shape(self) -> Shape:
        """Return the shape: one task an attempt, each released when the one before it expires."""
        attempt = Task("copy", release=after(self.timeout), expires=self.timeout)
        last = Task("copy", release=after(self.timeout))
        again = (attempt,) * (self.attempts - 2) + (last,)
        rows = tuple(range(1, self.attempts))
        return Shape(
            1,
            (Task("own", expires=self.timeout), *again),
            (*own_recoveries(1), Recovery(rows, 1, (0,), "relaunch")),
        )

"""Hedging: a second copy of a request that is still unanswered after a delay.

Dean and Barroso, "The Tail at Scale", CACM 2013.
"""

import re
from dataclasses import dataclass

from strag_sim.policies.shape import (
    Recovery,
    Shape,
    Task,
    after,
    at_least,
    own_recoveries,
    own_tasks,
)
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Hedge:
    """Send up to ``hedges`` further copies, ``delay`` apart, while a request is unanswered.

    ``delay`` is a time or a quantile of the service distribution, such as ``p95``; ``budget`` is
    the largest share of requests that may be hedged.
    """

    delay: Seconds | str
    hedges: int = 1
    budget: float = 1.0

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(1, hedges=self.hedges)
        check_delay("delay", self.delay)
        if not 0 <= self.budget <= 1:
            raise ValueError(
                f"budget: {self.budget} is not allowed; budget must be between 0 and 1 "
                "(the largest share of requests hedged)"
            )

    def shape(self) -> Shape:
        """Return the shape: an own task and hedges, any one of which answers."""
        hedges = (Task("hedge", release=after(self.delay)),) * self.hedges
        rows = tuple(range(1, self.hedges + 1))
        by_hedge = (Recovery(rows, 1, (0,), "hedge"),)
        return Shape(
            1, own_tasks(1) + hedges, own_recoveries(1) + by_hedge, hedge_budget=self.budget
        )


def check_delay(name: str, delay: float | str) -> None:
    """Raise a ValueError unless the delay is a time >= 0 or the name of a quantile."""
    if isinstance(delay, str):
        fine = re.fullmatch(r"p\d{1,2}(\.\d+)?", delay) and 0 < float(delay[1:]) < 100
    else:
        fine = 0 <= delay < float("inf")
    if not fine:
        raise ValueError(
            f"{name}: {delay!r} is not allowed; {name} must be a time, such as 20 ms, "
            "or a quantile of the service time, such as p95"
        )

"""Replication: copies of each request at once, the first answer wins.

Joshi, Liu and Soljanin, "On the Delay-Storage Trade-off in Content Download from Coded
Distributed Storage Systems", IEEE JSAC 2014; Gardner et al., "Redundancy-d", Oper. Res. 2017.
"""

from dataclasses import dataclass

from strag_sim.policies.shape import Recovery, Shape, Task, at_least, own_recoveries, own_tasks


@dataclass(frozen=True, kw_only=True)
class Replication:
    """Send each request to ``copies`` workers at once; the first answer wins.

    ``copies`` counts all of them; ``copy_model`` names the model that all but the first run
    (an approximate backup).
    """

    copies: int
    copy_model: str | None = None

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(1, copies=self.copies)

    def shape(self) -> Shape:
        """Return the shape: an own task and ``copies - 1`` copies, any one of which answers."""
        copies = (Task("copy", self.copy_model),) * (self.copies - 1)
        rows = tuple(range(1, self.copies))
        by_copy = (Recovery(rows, 1, (0,), "copy"),) if rows else ()
        return Shape(1, own_tasks(1) + copies, own_recoveries(1) + by_copy)

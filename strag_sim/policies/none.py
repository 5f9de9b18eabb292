"""No redundancy: one task a request."""

from dataclasses import dataclass

from strag_sim.policies.shape import Shape, own_recoveries, own_tasks


@dataclass(frozen=True, kw_only=True)
class NoRedundancy:
    """Send each request to one worker and wait for it."""

    def shape(self) -> Shape:
        """Return the shape: one own task, which answers."""
        return Shape(1, own_tasks(1), own_recoveries(1))

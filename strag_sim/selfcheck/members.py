"""An ensemble as a policy that a user might bring: one task a member, any quorum answers."""

from dataclasses import dataclass

from strag_sim.policies.shape import Recovery, Shape, Task, approximate


@dataclass(frozen=True, kw_only=True)
class Members:
    """Send each request to every one of ``models``; any ``quorum`` of them answer it."""

    models: tuple[str, ...]
    quorum: int

    def __post_init__(self) -> None:
        """Refuse a quorum that no ensemble could reach."""
        if not 1 <= self.quorum <= len(self.models):
            raise ValueError(
                f"quorum: {self.quorum} is not allowed; quorum must be at least 1 and at most the "
                f"number of models ({len(self.models)})"
            )

    def shape(self) -> Shape:
        """Return the shape: a task a member, any quorum of which answers the request."""
        members = tuple(Task("member", model) for model in self.models)
        rows = tuple(range(len(members)))
        answer = Recovery(rows, self.quorum, (0,), "ensemble", accuracy=approximate(None))
        return Shape(1, members, (answer,))

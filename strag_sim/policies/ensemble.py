"""Ensembles of models: each member predicts, and a quorum of them is an answer.

Pochelu, Petiton and Conche, "An efficient and flexible inference system for serving heterogeneous
ensembles of deep neural networks", IEEE Big Data 2021 (arXiv:2208.14049): an allocation matrix
puts the members on devices, and batching, prediction and combination run asynchronously. There all
members answer; quorum, deadline, copies and hedges are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from strag_sim.accuracies import COMBINERS, AccuracyTable, Combiner
from strag_sim.policies.coded import check_deadline
from strag_sim.policies.hedge import check_delay
from strag_sim.policies.shape import (
    Recovery,
    Shape,
    Task,
    after,
    approximate,
    at_least,
    check_accuracy,
    check_combiner,
)
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """Send each request (or each segment of it) to all ``members``, models of the scenario.

    It is answered when any ``quorum`` of them are in (default: all), after the scenario's
    ``decode``, which is the time to combine. With a ``deadline`` all are waited for until then, and
    what is there answers, as soon as it is a quorum (default: one). ``allocation`` says which
    member is on which device of the scenario, in batches of which size: ``worst-fit``, a CSV file
    or a matrix, devices by members. ``copies`` sends a member so many tasks in all, ``hedges`` a
    second one if it is not in after such a time; the first of them counts. ``accuracy`` names a
    table of it by the members that are in, made with the same ``combiner``.
    """

    members: tuple[str, ...]
    quorum: int | None = None
    deadline: Seconds | None = None
    allocation: str | tuple[tuple[int, ...], ...] | None = None
    combiner: Combiner = "average"
    accuracy: str | None = None
    copies: Mapping[str, int] | None = None
    hedges: Mapping[str, Seconds | str] | None = None

    def __hash__(self) -> int:
        """Return the same for equal ones; copies and hedges are mappings, which have no hash."""
        again = (tuple(sorted((self.copies or {}).items())), frozenset((self.hedges or {}).items()))
        return hash((self.members, self.quorum, self.deadline, self.allocation, *again))

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(1, members=len(self.members))
        if len(set(self.members)) < len(self.members):
            raise ValueError(f"members: {list(self.members)} is not allowed; name each once")
        if self.quorum is not None and not 1 <= self.quorum <= len(self.members):
            raise ValueError(
                f"quorum: {self.quorum} is not allowed; quorum must be at least 1 and at most the "
                f"number of members ({len(self.members)})"
            )
        if self.combiner not in COMBINERS:
            raise ValueError(
                f"combiner: {self.combiner!r} is not allowed; combiner must be average, majority "
                "or weighted"
            )
        check_deadline(self.deadline)
        for name, count in (self.copies or {}).items():
            at_least(2, **{f"copies.{name}": count})
        for name, delay in (self.hedges or {}).items():
            check_delay(f"hedges.{name}", delay)
        for key, named in (("copies", self.copies), ("hedges", self.hedges)):
            for name, value in (named or {}).items():
                if name not in self.members:
                    raise ValueError(
                        f"{key}.{name}: {value!r} is not allowed; the members are "
                        f"{', '.join(self.members)}"
                    )
        check_accuracy(
            self.accuracy,
            "ensemble",
            inputs=1,
            tasks=len(self.members),
            threshold=self.least,
        )
        check_combiner(self.accuracy, self.combiner)

    @property
    def least(self) -> int:
        """How many members answer at the least."""
        if self.quorum is not None:
            return self.quorum
        return len(self.members) if self.deadline is None else 1

    def accurate(self) -> float | AccuracyTable | None:
        """Return the accuracy of the answers, where it is known: a single member's is its model's.

        What several say together is known from a table only.
        """
        return approximate(self.members[0] if len(self.members) == 1 else None, self.accuracy)

    def shape(self) -> Shape:
        """Return the shape: a task a member, then their copies, then their hedges."""
        rows, hedges, copies = range(len(self.members)), self.hedges or {}, self.copies or {}
        again = [
            Task("copy", name, alternative=row)
            for row, name in enumerate(self.members)
            for _ in range(copies.get(name, 1) - 1)
        ]
        later = [
            Task("hedge", name, release=after(hedges[name]), alternative=row)
            for row, name in enumerate(self.members)
            if name in hedges
        ]
        tasks = (*(Task("member", name) for name in self.members), *again, *later)
        answer = Recovery(
            tuple(range(len(tasks))),
            self.least,
            (0,),
            "ensemble",
            decode=True,
            accuracy=self.accurate(),
            among=tuple(rows),
        )
        together = self.deadline is not None
        return Shape(1, tasks, (answer,), together=together, deadline=self.deadline)

"""The greedy search for a better allocation."""

from collections.abc import Sequence

from strag_sim.ensembles.allocation import Allocation
from strag_sim.ensembles.bound import Bound
from strag_sim.ensembles.costs import costs_of
from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member
from strag_sim.ensembles.neighbours import (
    BATCHES,
    exchanged,
    neighbours,
    replaced,
    room_of,
    traded,
)
from strag_sim.ensembles.searching import Judge, Score, Search, ascend


def greedy(
    start: Allocation,
    devices: Sequence[Device],
    members: Sequence[Member],
    score: Score,
    *,
    batches: Sequence[int] = BATCHES,
    max_neighbours: int = 100,
    max_iterations: int = 200,
    bound: Bound | None = None,
    segment: int = 1,
    seed: int = 0,
) -> Search:
    """Return the allocation that steepest ascent comes to from the start, and its steps.

    A step changes one instance: another batch size of ``batches`` or another device, one more or
    one less; each model keeps one, and all fit in memory. Only where no such change is better two
    are changed at once: batch sizes on a device traded, an instance replaced, or two exchanged.
    ``score`` is what is to be large, ``bound`` what it cannot exceed, so that fewer need be scored.
    Which are scored, and what ``seed`` does, stands with ``ascend``; ``segment`` is in samples.

    Pochelu, Petiton and Conche (arXiv:2208.14049) name a greedy algorithm on measured
    throughput; what it changes, and how many neighbours and steps it has, are our reading.
    """
    room = room_of(start.models, devices, members, batches)
    judge = Judge(devices, members, costs_of(devices, members, segment), score, bound)
    return ascend(
        start,
        room,
        judge,
        (neighbours, traded, replaced, exchanged),
        max_neighbours=max_neighbours,
        max_iterations=max_iterations,
        seed=seed,
    )

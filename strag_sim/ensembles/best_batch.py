"""The baseline: models stay where they are, and only their batch sizes are made better."""

from collections.abc import Sequence

from strag_sim.ensembles.allocation import Allocation
from strag_sim.ensembles.bound import Bound
from strag_sim.ensembles.costs import costs_of
from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member
from strag_sim.ensembles.neighbours import BATCHES, resized, room_of, traded
from strag_sim.ensembles.searching import Judge, Score, Search, ascend


def best_batch(
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
    """Return the allocation with the instances of the start and the best batch sizes found.

    That is the baseline of Pochelu, Petiton and Conche (arXiv:2208.14049), "optimizing the batch
    size of DNNs"; how they did it is not known. Here one size is changed at a time, that which
    raises the score most, and two of a device where memory keeps one alone from growing: by the
    steps of ``greedy``, so that it loses by what it may not change alone.
    """
    room = room_of(start.models, devices, members, batches)
    judge = Judge(devices, members, costs_of(devices, members, segment), score, bound)
    return ascend(
        start,
        room,
        judge,
        (resized, traded),
        max_neighbours=max_neighbours,
        max_iterations=max_iterations,
        seed=seed,
    )

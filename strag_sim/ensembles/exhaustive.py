"""The best of all allocations, where these are few."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from strag_sim.ensembles.allocation import Allocation, taken
from strag_sim.ensembles.bound import Bound
from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member
from strag_sim.ensembles.neighbours import BATCHES, Room, room_of
from strag_sim.ensembles.searching import Score, Search, Step
from strag_sim.errors import AllocationError

MOST_MATRICES = 1_000_000


def exhaustive(
    devices: Sequence[Device],
    members: Sequence[Member],
    score: Score,
    *,
    batches: Sequence[int] = BATCHES,
    bound: Bound | None = None,
    most: int = MOST_MATRICES,
) -> Search:
    """Return the allocation with the highest score of all that fit; the first of equal ones.

    Those whose ``bound`` does not exceed the best so far are not scored.

    Raises
    ------
    AllocationError
        If there are more than ``most`` matrices, or none of them fits.
    """
    room = room_of([member.name for member in members], devices, members, batches)
    cells = [len(room.sizes(d, m)) + 1 for d in range(len(devices)) for m in range(len(members))]
    if prod(cells) > most:
        raise AllocationError(
            f"{len(devices)} devices, {len(members)} models and batch sizes "
            f"{', '.join(map(str, room.batches))} are not allowed: they make {prod(cells):,} "
            f"matrices, and at most {most:,} are looked at; leave out batch sizes or use the "
            "greedy search"
        )
    best: tuple[Allocation, float] | None = None
    evaluated = pruned = 0
    for allocation in _all(room):
        if best and bound and bound(allocation) <= best[1]:
            pruned += 1
            continue
        found = score(allocation)
        evaluated += 1
        if best is None or found > best[1]:
            best = allocation, found
    if best is None:
        raise AllocationError(
            f"no allocation of {', '.join(member.name for member in members)} fits the memory of "
            f"{len(devices)} devices with batch sizes {', '.join(map(str, room.batches))}"
        )
    return Search(*best, (Step("all", best[1], evaluated, pruned),), evaluated, settled=True)


def _all(room: Room) -> Iterator[Allocation]:
    """Yield all matrices that fit and have each model."""
    names = tuple(member.name for member in room.members)
    for rows in product(*(list(_rows(room, d)) for d in range(len(room.devices)))):
        if all(any(column) for column in zip(*rows, strict=True)):
            yield Allocation(names, rows)


def _rows(room: Room, device: int) -> Iterator[tuple[int, ...]]:
    """Yield the rows of a device that fit its memory."""
    cells = [(0, *room.sizes(device, model)) for model in range(len(room.members))]
    memory = room.devices[device].memory
    yield from (row for row in product(*cells) if taken(row, room.members) <= memory)

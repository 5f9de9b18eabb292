"""What lies one instance away from an allocation, or two."""

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import NamedTuple

from strag_sim.ensembles.allocation import Allocation, Cell, taken
from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)


class Neighbour(NamedTuple):
    """An allocation, and what was changed to come to it."""

    change: str
    allocation: Allocation


class Room(NamedTuple):
    """What a search may do: devices, members in the order of the columns, and batch sizes."""

    devices: Sequence[Device]
    members: Sequence[Member]
    batches: Sequence[int]

    def sizes(self, device: int, model: int) -> tuple[int, ...]:
        """Return the batch sizes that an instance may have, as far as its times are known."""
        largest = self.members[model].largest(self.devices[device].kind)
        return tuple(batch for batch in self.batches if batch <= largest)

    def fit(self, allocation: Allocation, *devices: int) -> bool:
        """Return whether no row of these takes more memory than its device has."""
        return all(
            taken(allocation.batch[device], self.members) <= self.devices[device].memory
            for device in devices
        )

    def runs(self, device: int, cell: Cell) -> bool:
        """Return whether an instance could be on another device, as far as times are known."""
        return cell.batch <= self.members[cell.model].largest(self.devices[device].kind)


def room_of(
    models: Sequence[str],
    devices: Sequence[Device],
    members: Sequence[Member],
    batches: Sequence[int],
) -> Room:
    """Return what a search over allocations with these columns may do.

    Raises
    ------
    ValueError
        If there are no batch sizes, or one is below 1.
    """
    if not batches or min(batches) < 1:
        raise ValueError(
            f"batches: {list(batches)} is not allowed; batches must be sizes of at least 1"
        )
    named = {member.name: member for member in members}
    return Room(devices, [named[name] for name in models], sorted(set(batches)))


def neighbours(allocation: Allocation, room: Room) -> Iterator[Neighbour]:
    """Yield all that fit and differ in one instance: another size or device, one more or less.

    A model keeps one instance. What the paper's greedy algorithm may change is not known
    (arXiv:2208.14049), that it is one cell is our reading.
    """
    yield from resized(allocation, room)
    for cell in allocation.instances():
        yield from _moved(allocation, room, cell)
        if sum(row[cell.model] > 0 for row in allocation.batch) > 1:
            name = allocation.models[cell.model]
            without = allocation.with_cell(cell.device, cell.model, 0)
            yield Neighbour(f"{name} off device {cell.device}", without)
    for device, row in enumerate(allocation.batch):
        for model, batch in enumerate(row):
            if not batch:
                yield from _added(allocation, room, device, model)


def resized(allocation: Allocation, room: Room) -> Iterator[Neighbour]:
    """Yield all that fit and differ in one batch size."""
    for device, model, batch in allocation.instances():
        name = allocation.models[model]
        for size in room.sizes(device, model):
            changed = allocation.with_cell(device, model, size)
            if size != batch and room.fit(changed, device):
                yield Neighbour(f"{name} on device {device} from {batch} to {size}", changed)


def traded(allocation: Allocation, room: Room) -> Iterator[Neighbour]:
    """Yield all that fit with one batch size up, for another on the same device that goes down."""
    for up, down in permutations(allocation.instances(), 2):
        if up.device != down.device:
            continue
        names = [allocation.models[cell.model] for cell in (up, down)]
        for larger in room.sizes(up.device, up.model):
            for smaller in room.sizes(down.device, down.model):
                if larger <= up.batch or smaller >= down.batch:
                    continue
                raised = allocation.with_cell(up.device, up.model, larger)
                changed = raised.with_cell(down.device, down.model, smaller)
                if room.fit(changed, up.device):
                    sizes = f"{names[0]} to {larger}, {names[1]} to {smaller}"
                    yield Neighbour(f"{sizes} on device {up.device}", changed)


def exchanged(allocation: Allocation, room: Room) -> Iterator[Neighbour]:
    """Yield all that fit with two instances, of two models, in each other's place."""
    for one, other in combinations(allocation.instances(), 2):
        free = not allocation.batch[other.device][one.model]
        free &= not allocation.batch[one.device][other.model]
        if one.model == other.model or not free:
            continue
        if not (room.runs(other.device, one) and room.runs(one.device, other)):
            continue
        changed = _placed(_placed(allocation, one, other.device), other, one.device)
        if room.fit(changed, one.device, other.device):
            names = [allocation.models[cell.model] for cell in (one, other)]
            yield Neighbour(
                f"{names[0]} on device {one.device} and {names[1]} on {other.device} exchanged",
                changed,
            )


def replaced(allocation: Allocation, room: Room) -> Iterator[Neighbour]:
    """Yield all that fit with an instance of another model in the place of one of several.

    On the same device: where its memory is full, the second does not fit before the first is gone.
    """
    for cell in allocation.instances():
        if sum(row[cell.model] > 0 for row in allocation.batch) == 1:
            continue
        without = allocation.with_cell(cell.device, cell.model, 0)
        for model, batch in enumerate(allocation.batch[cell.device]):
            if not batch:
                for change, changed in _added(without, room, cell.device, model):
                    name = allocation.models[cell.model]
                    yield Neighbour(f"{change}, in place of {name}", changed)


def _moved(allocation: Allocation, room: Room, cell: Cell) -> Iterator[Neighbour]:
    """Yield an instance, as it is, on each device without its model that could have it."""
    for to, row in enumerate(allocation.batch):
        if row[cell.model] or not room.runs(to, cell):
            continue
        changed = _placed(allocation, cell, to)
        if room.fit(changed, to):
            name = allocation.models[cell.model]
            yield Neighbour(f"{name} from device {cell.device} to device {to}", changed)


def _added(allocation: Allocation, room: Room, device: int, model: int) -> Iterator[Neighbour]:
    """Yield an instance more, with each batch size that it may have."""
    for size in room.sizes(device, model):
        changed = allocation.with_cell(device, model, size)
        if room.fit(changed, device):
            name = allocation.models[model]
            yield Neighbour(f"{name} also on device {device}, batch size {size}", changed)


def _placed(allocation: Allocation, cell: Cell, device: int) -> Allocation:
    """Return the allocation with an instance on another device."""
    without = allocation.with_cell(cell.device, cell.model, 0)
    return without.with_cell(device, cell.model, cell.batch)

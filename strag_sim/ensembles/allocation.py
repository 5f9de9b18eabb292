"""The allocation matrix: which model of an ensemble is on which device, with what batch size."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from strag_sim.ensembles.devices import Device
from strag_sim.ensembles.members import Member


class Cell(NamedTuple):
    """An instance: its device (a row), its model (a column), and its batch size in samples."""

    device: int
    model: int
    batch: int


@dataclass(frozen=True)
class Allocation:
    """An allocation matrix (Pochelu, Petiton and Conche 2021, arXiv:2208.14049).

    That a cell is the batch size of the one instance of its model on its device, and 0 where there
    is none, is our reading; the text of the paper was not at hand. Whether a matrix fits its
    devices and members is asked of ``problem``.

    Parameters
    ----------
    models : tuple of str
        The names of the columns.
    batch : tuple of tuple of int
        Batch sizes in samples, a row a device, a column a model.
    """

    models: tuple[str, ...]
    batch: tuple[tuple[int, ...], ...]

    def instances(self) -> tuple[Cell, ...]:
        """Return the instances, those of a model beside each other, by device."""
        return tuple(
            Cell(device, model, row[model])
            for model in range(len(self.models))
            for device, row in enumerate(self.batch)
            if row[model]
        )

    def with_cell(self, device: int, model: int, batch: int) -> "Allocation":
        """Return the matrix with another batch size in one cell."""
        row = self.batch[device]
        changed = (*row[:model], batch, *row[model + 1 :])
        rows = (*self.batch[:device], changed, *self.batch[device + 1 :])
        return replace(self, batch=rows)

    def used(self, members: Sequence[Member]) -> tuple[float, ...]:
        """Return the bytes that the instances of each device take; members go by name."""
        named = {member.name: member for member in members}
        columns = [named[name] for name in self.models]
        return tuple(taken(row, columns) for row in self.batch)


def taken(row: Sequence[int], members: Sequence[Member]) -> float:
    """Return the bytes that the instances of a row take; members are in the order of the row."""
    return sum(member.footprint(batch) for batch, member in zip(row, members, strict=True) if batch)


def problem(
    allocation: Allocation, devices: Sequence[Device], members: Sequence[Member]
) -> str | None:
    """Return why a matrix cannot be put on these devices, for people to read; None if it can.

    The columns may have another order than the members, which go by name.
    """
    wrong = _misshapen(allocation, len(devices), [member.name for member in members])
    if wrong:
        return wrong
    named = {member.name: member for member in members}
    return next(_unfit(allocation, devices, named), None)


def _misshapen(allocation: Allocation, devices: int, names: Sequence[str]) -> str | None:
    """Return what is wrong with the numbers of rows and columns, and with their names."""
    models, rows = allocation.models, allocation.batch
    if len(set(models)) < len(models) or set(models) != set(names):
        return (
            f"models {', '.join(models)} are not allowed; there must be a column for each of "
            f"{', '.join(names)}"
        )
    if len(rows) != devices:
        return f"{len(rows)} rows are not allowed; there must be one for each of {devices} devices"
    for device, row in enumerate(rows):
        if len(row) != len(models):
            return (
                f"device {device}: {len(row)} batch sizes are not allowed; there must be one for "
                f"each of {len(models)} models"
            )
    return None


def _unfit(
    allocation: Allocation, devices: Sequence[Device], named: Mapping[str, Member]
) -> Iterator[str]:
    """Yield what is wrong with the cells, with the memory of devices, and with the models."""
    columns = [named[name] for name in allocation.models]
    for number, (device, row) in enumerate(zip(devices, allocation.batch, strict=True)):
        for member, batch in zip(columns, row, strict=True):
            largest = member.largest(device.kind)
            if batch and not largest:
                yield (
                    f"device {number}: model {member.name} is not allowed there; it has no times "
                    f"on a {device.kind}"
                )
            elif not 0 <= batch <= largest:
                yield (
                    f"device {number}: batch size {batch} of model {member.name} is not allowed; "
                    f"it must be 1 to {largest}, as far as times on a {device.kind} are known, or "
                    "0 for no instance"
                )
        if taken(row, columns) > device.memory:
            yield (
                f"device {number} is over-full: its instances take {taken(row, columns):,.0f} "
                f"bytes, its memory is {device.memory:,.0f}; lower batch sizes or move a model"
            )
    for column, name in enumerate(allocation.models):
        if not any(row[column] for row in allocation.batch):
            yield f"model {name} has no instance; give it a batch size on at least one device"

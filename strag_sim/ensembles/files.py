"""Allocation matrices as CSV: a column a model, a row a device."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from strag_sim.ensembles.allocation import Allocation
from strag_sim.errors import AllocationError
from strag_sim.units import shown
from strag_sim.whole import whole

# The first cell of the header; the numbers of the devices stand below it.
DEVICE = "device"
LARGEST = 10_000_000  # bytes
# Longer numbers are no batch sizes.
_DIGITS = 9


def read_allocation(path: Path | str) -> Allocation:
    """Return the matrix of a CSV file: ``device`` and the models, then ``0,32,0,8`` a device.

    Raises
    ------
    AllocationError
        If there is no such file, or it is none of a matrix: the line, and what is allowed.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise AllocationError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise AllocationError(f"{path}: is not allowed; it must be text (UTF-8)") from error
    if len(content) > LARGEST:
        raise AllocationError(f"{path}: too long; a matrix has at most {LARGEST:,} bytes")
    lines = _lines(text, str(path))
    line, header = next(lines, (1, []))
    models = _models(header, f"{path}:{line}")
    rows = [
        _row(cells, number, len(models), f"{path}:{line}")
        for number, (line, cells) in enumerate(lines)
    ]
    if not rows:
        raise AllocationError(
            f"{path}: has no devices; there must be a row a device below {DEVICE}"
        )
    return Allocation(models, tuple(rows))


def write_allocation(path: Path | str, allocation: Allocation) -> None:
    """Write a matrix as CSV, whole or not at all; an AllocationError says why it cannot be."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([DEVICE, *allocation.models])
    writer.writerows([device, *row] for device, row in enumerate(allocation.batch))
    try:
        with whole(Path(path)) as file:
            file.write(text.getvalue().encode("utf-8"))
    except OSError as error:
        raise AllocationError(f"{path}: cannot be written: {error.strerror or error}") from error


def _lines(text: str, path: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that are not blank, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from ((reader.line_num, cells) for cells in reader if cells)
    except csv.Error as error:
        raise AllocationError(f"{path}:{reader.line_num}: is no CSV: {error}") from error


def _models(header: list[str], place: str) -> tuple[str, ...]:
    """Return the names of the models, which stand in the header behind ``device``."""
    first, *models = header or [""]
    if first != DEVICE or not models:
        raise AllocationError(
            f"{place}: {shown(','.join(header))} is not allowed; the first line must be {DEVICE} "
            f"and the names of the models, such as {DEVICE},resnet,vgg"
        )
    for i, name in enumerate(models):
        if not name or name in models[:i]:
            raise AllocationError(
                f"{place}: {shown(name)} is not allowed as column {i + 2}; each model must have a "
                "name of its own"
            )
    return tuple(models)


def _row(cells: list[str], number: int, models: int, place: str) -> tuple[int, ...]:
    """Return the batch sizes of a line."""
    first, *sizes = cells
    if first.strip() != str(number):
        raise AllocationError(
            f"{place}: device {shown(first)} is not allowed; rows are devices in order, and this "
            f"must be {number}"
        )
    if len(sizes) != models:
        raise AllocationError(
            f"{place}: {len(sizes)} batch sizes are not allowed; there must be one for each of "
            f"{models} models"
        )
    for size in map(str.strip, sizes):
        if not (size.isascii() and size.isdigit() and len(size) <= _DIGITS):
            raise AllocationError(
                f"{place}: {shown(size)} is not allowed; a batch size must be a whole number of "
                "samples, or 0 for no instance"
            )
    return tuple(map(int, sizes))

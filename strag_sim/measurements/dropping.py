"""Rows that cannot be used: counted by reason, with the first of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from strag_sim.measurements.cells import BROKEN, FINE, REASONS
from strag_sim.units import shown


@dataclass(frozen=True)
class Dropped:
    """Why rows were left out, how many, the first of them (counted from 1), and its cell."""

    reason: str
    count: int
    first: int
    cell: str

    def text(self) -> str:
        """Return it as a message says it."""
        cell = f", {self.cell}" if self.cell else ""
        return f"{self.count:,} {self.reason} (first: row {self.first:,}{cell})"


class Tally:
    """Counts what is left out, piece by piece."""

    def __init__(self) -> None:
        self._counts = np.zeros(len(REASONS), np.int64)
        self._first: dict[int, tuple[int, str]] = {}
        self._rows = 0

    def add(
        self, reason: NDArray[np.int8], columns: Sequence[pa.Array], beside: dict[int, pa.Array]
    ) -> None:
        """Count the reasons of a piece, shape (rows, columns of times).

        ``beside`` are the cells of the worker and the order, by the reason that they give.
        """
        counts = np.bincount(reason.ravel(), minlength=len(REASONS))
        self._counts += counts
        for code in np.flatnonzero(counts):
            if code != FINE and code not in self._first:
                row, column = np.argwhere(reason == code)[0]
                cell = beside.get(int(code), columns[column])[int(row)].as_py()
                self._first[int(code)] = (
                    self._rows + int(row),
                    "" if cell is None else shown(cell),
                )
        self._rows += len(reason)

    def result(self, broken: Sequence[int], columns: int) -> tuple[Dropped, ...]:
        """Return what was left out, the most frequent reason first.

        ``broken`` are the rows, counted from 0 and rising, that were not even taken apart: they
        are in no piece, so that rows after them have a higher number than in their piece. Each
        counts for its times, one a column.
        """
        found = [
            Dropped(REASONS[code], int(self._counts[code]), _place(row, broken) + 1, cell)
            for code, (row, cell) in self._first.items()
        ]
        if broken:
            found.append(Dropped(REASONS[BROKEN], len(broken) * columns, broken[0] + 1, ""))
        return tuple(sorted(found, key=lambda fault: (-fault.count, fault.first)))


def _place(row: int, broken: Sequence[int]) -> int:
    """Return the place in the file of a row that is counted without the broken ones."""
    for place in broken:
        if place > row:
            break
        row += 1
    return row

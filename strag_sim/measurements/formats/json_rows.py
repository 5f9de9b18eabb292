"""JSON and JSON lines: rows as objects, lists or bare numbers."""

import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from strag_sim.errors import MeasurementsError
from strag_sim.measurements.formats.rows import MOST_COLUMNS, Rows, numbered
from strag_sim.measurements.stream import BUFFER, LONGEST_LINE, Stream, Text

PIECE = 2**14  # rows; Python objects take more room than arrays
VALUE = "value"  # the column of rows that are bare numbers
DEEPEST = 16  # objects within objects whose keys are columns
# Rows that are looked at for the names of columns: later ones may have keys that the first lacks.
LOOKED_AT = 1000
_BROKEN = object()
_BLANKS = re.compile(r"[ \t\r\n]*")


def json_lines(stream: Stream) -> Rows:
    """Return the rows of a file with one JSON value a line."""
    return _rows(stream, _lines(stream.text()))


def json_array(stream: Stream) -> Rows:
    """Return the rows of a file with one JSON array, read value by value."""
    text = stream.text(lines=False)
    if text.begins_with(b"{"):
        raise stream.wrong(
            "is a JSON object; it must be an array of objects or numbers; take the array out of it "
            "(jq '.KEY' FILE | strag-sim import - --format json), or say --format jsonl if every "
            "line is an object"
        )
    if not text.begins_with(b"["):
        raise stream.is_not("a JSON array")
    return _rows(stream, _items(stream, text))


def _lines(text: Text) -> Iterator[Any]:
    """Yield the value of each line that is not blank; ``_BROKEN`` for what is not JSON."""
    for line in io.BufferedReader(text, 2**20):
        if line.isspace():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            yield _BROKEN


def _items(stream: Stream, text: Text) -> Iterator[Any]:
    """Yield the values of the array, which may be in one line: one value at a time is decoded."""
    file = io.TextIOWrapper(io.BufferedReader(text, BUFFER), encoding="utf-8", newline="")
    decode = json.JSONDecoder().raw_decode
    buffer, at = file.read(BUFFER), 0
    at = _after_blanks(buffer, at) + 1  # behind the bracket
    if _after_blanks(buffer, at) == len(buffer) - 1 and buffer.endswith("]"):
        return
    while True:
        try:
            value, end = decode(buffer, _after_blanks(buffer, at))
            end = _after_blanks(buffer, end)
            if buffer[end : end + 1] not in {",", "]"}:
                raise ValueError(f"no comma after {buffer[at:end][:40]!r}")
        except RecursionError:
            raise stream.is_not("JSON", "nested too deeply") from None
        except ValueError as error:  # most often because the value goes on in the next piece
            more = file.read(max(BUFFER, len(buffer) - at))
            buffer, at = buffer[at:] + more, 0
            if not more or len(buffer) - len(more) > LONGEST_LINE:
                raise _cut(stream, buffer, str(error)) from None
            continue
        yield value
        if buffer[end] == "]":
            break
        at = end + 1
    if (buffer[end + 1 :] + file.read(BUFFER)).strip():
        raise stream.is_not("JSON", "more follows the array")


def _after_blanks(text: str, at: int) -> int:
    """Return the place of the next letter that is no blank."""
    return _BLANKS.match(text, at).end()  # type: ignore[union-attr]  # it always matches


def _cut(stream: Stream, buffer: str, reason: str) -> MeasurementsError:
    """Return the error of a value that cannot be decoded."""
    if len(buffer) > LONGEST_LINE:
        return stream.wrong(
            f"a row is longer than {LONGEST_LINE // 2**20} MiB, as no row of a table of times is, "
            "or is not JSON; make every measured time a row"
        )
    return stream.is_not("JSON", reason)


def _rows(stream: Stream, values: Iterator[Any]) -> Rows:
    """Return rows, with the names that the first of them have."""
    first = list(itertools.islice(values, LOOKED_AT))
    names = _names(first)
    if len(names) > MOST_COLUMNS:
        raise stream.wrong(
            f"a row has {len(names):,} columns; at most {MOST_COLUMNS:,} are allowed; "
            "make every value a row"
        )
    rows = Rows(
        names,
        lambda wanted: _pieces(itertools.chain(first, values), rows, wanted),
        bare=VALUE in names or any(isinstance(row, list) for row in first),
    )
    return rows


def _names(rows: Iterable[Any]) -> tuple[str, ...]:
    """Return the keys of objects (those within objects with a dot), places of lists, or VALUE."""
    names: dict[str, None] = {}
    for row in rows:
        if isinstance(row, dict):
            names.update(dict.fromkeys(_keys(row)))
        elif isinstance(row, list):
            names.update(dict.fromkeys(numbered(len(row))))
        elif row is not _BROKEN:
            names[VALUE] = None
    return tuple(names)


def _keys(row: dict[str, Any], depth: int = 1) -> Iterator[str]:
    """Yield the keys of an object, and of objects in it as ``outer.inner``, however deep."""
    for key, value in row.items():
        if isinstance(value, dict) and depth < DEEPEST:
            yield from (f"{key}.{inner}" for inner in _keys(value, depth + 1))
        else:
            yield key


def _pieces(
    values: Iterator[Any], rows: Rows, names: Sequence[str]
) -> Iterator[tuple[pa.Array, ...]]:
    """Yield the cells of some columns; broken rows are noted and left out."""
    at = 0
    while piece := list(itertools.islice(values, PIECE)):
        broken = [at + i for i, value in enumerate(piece) if value is _BROKEN]
        rows.broken.extend(broken)
        at += len(piece)
        if broken:
            piece = [value for value in piece if value is not _BROKEN]
        yield tuple(_column(piece, name) for name in names)


def _column(piece: list[Any], name: str) -> pa.Array:
    """Return the cells of one column; texts, if they are of several kinds."""
    cells = [_cell(row, name) for row in piece]
    try:
        return pa.array(cells)
    except (pa.ArrowException, OverflowError):
        return pa.array([_as_text(cell) for cell in cells], pa.string())


def _cell(row: Any, name: str) -> Any:
    """Return the cell of a row, None where there is none."""
    if isinstance(row, dict):
        return row[name] if name in row else _inner(row, name)
    if isinstance(row, list):
        return row[int(name)] if name.isdecimal() and int(name) < len(row) else None
    return row if name == VALUE else None


def _inner(row: dict[str, Any], name: str) -> Any:
    """Return the cell of an object within an object; keys may have dots of their own."""
    dots = [place for place, letter in enumerate(name) if letter == "."]
    for place in dots:
        within = row.get(name[:place])
        if isinstance(within, dict) and (cell := _cell(within, name[place + 1 :])) is not None:
            return cell
    return None


def _as_text(cell: Any) -> str | None:
    """Return a cell as text; what is no number keeps a form that is none."""
    return cell if cell is None or isinstance(cell, str) else json.dumps(cell, default=str)

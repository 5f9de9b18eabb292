"""CSV and TSV: tables as text, the first line naming the columns."""

import csv
import io
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.csv as pacsv

from strag_sim.measurements.formats.rows import MOST_COLUMNS, Rows, numbered
from strag_sim.measurements.stream import LONGEST_LINE, Stream, Text


def comma_separated(stream: Stream) -> Rows:
    """Return the rows of a CSV file."""
    return _rows(stream, ",")


def tab_separated(stream: Stream) -> Rows:
    """Return the rows of a TSV file."""
    return _rows(stream, "\t")


def _rows(stream: Stream, separator: str) -> Rows:
    """Return the rows of a table; one without a line of names is told by its first line."""
    text = stream.text()
    head = _cells(stream, text.first_line(), separator)
    bare = _is_bare(head)
    if not bare:
        text.skip_line()
    rows = Rows(
        numbered(len(head)) if bare else tuple(head),
        lambda names: _pieces(stream, text, rows, separator, names),
        bare,
    )
    return rows


def _cells(stream: Stream, line: bytes, separator: str) -> list[str]:
    """Return the cells of the first line."""
    if line.count(separator.encode()) >= MOST_COLUMNS:
        raise stream.wrong(
            f"line 1 has {line.count(separator.encode()) + 1:,} columns; at most {MOST_COLUMNS:,} "
            "are allowed; put every row on a line of its own"
        )
    line = line.rstrip(b"\r")
    if b"\r" in line:
        raise stream.wrong(
            "its lines end as on old Macs (CR alone); convert it: tr '\\r' '\\n' < FILE"
        )
    if not line.strip():
        raise stream.wrong("line 1 is blank; it must name the columns")
    csv.field_size_limit(LONGEST_LINE)
    head = next(csv.reader([line.decode("utf-8")], delimiter=separator))
    if len(head) == 1:
        other = next((s for s in (",", ";", "\t", "|") if s != separator and s in head[0]), None)
        hints = {",": "say --format csv", "\t": "say --format tsv"}
        if other:
            hint = hints.get(other, f"write it with {separator!r} between columns")
            if other == ";":  # as spreadsheets write where a comma is the decimal point
                hint += (
                    " and '.' in numbers, such as by pandas: read_csv(FILE, sep=';', decimal=',')"
                    ".to_csv(NEW, index=False)"
                )
            raise stream.wrong(f"its columns seem to be separated by {other!r}; {hint}")
    return [name.strip() for name in head]


def _is_bare(head: list[str]) -> bool:
    """Tell whether the first line is a row already: numbers, and not numbers that count columns."""
    try:
        numbers = [float(cell) for cell in head]
    except ValueError:
        return False
    counts = len(head) > 1 and all(cell.isdecimal() for cell in head)
    return not (counts and len(set(numbers)) == len(numbers))


def _pieces(
    stream: Stream, text: Text, rows: Rows, separator: str, names: Sequence[str]
) -> Iterator[tuple[pa.Array, ...]]:
    """Yield the cells of some columns as texts."""
    if text.is_over():
        return
    places = [rows.names.index(name) for name in names]

    def broken(row: pacsv.InvalidRow) -> str:
        rows.broken.append(row.number - 1)
        return "skip"

    wanted = list(dict.fromkeys(map(str, places)))
    try:
        reader = pacsv.open_csv(
            io.BufferedReader(text, 2**20),
            read_options=pacsv.ReadOptions(
                use_threads=False,
                block_size=LONGEST_LINE,
                column_names=list(numbered(len(rows.names))),
            ),
            parse_options=pacsv.ParseOptions(delimiter=separator, invalid_row_handler=broken),
            convert_options=pacsv.ConvertOptions(
                include_columns=wanted,
                column_types={name: pa.string() for name in wanted},
                strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,  # done while it was read
            ),
        )
        for batch in reader:
            yield tuple(batch.column(str(place)) for place in places)
    except pa.ArrowInvalid as error:
        raise stream.is_not("a table of text", str(error)) from error

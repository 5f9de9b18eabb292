"""The formats of measured times, one family a file: from an open stream to rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from strag_sim.measurements.formats.arrays import npy, npz
from strag_sim.measurements.formats.json_rows import json_array, json_lines
from strag_sim.measurements.formats.parquet import parquet
from strag_sim.measurements.formats.rows import Rows
from strag_sim.measurements.formats.text import comma_separated, tab_separated
from strag_sim.measurements.stream import Stream

__all__ = ["FORMATS", "Rows", "format_of", "rows_of"]

_TEXTS = {
    "csv": comma_separated,
    "tsv": tab_separated,
    "json": json_array,
    "jsonl": json_lines,
}
_BINARIES = {"parquet": parquet, "npy": npy, "npz": npz}
FORMATS = (*_TEXTS, *_BINARIES)
_ENDINGS = {**{f".{name}": name for name in FORMATS}, ".ndjson": "jsonl", ".pq": "parquet"}


def format_of(name: str) -> str | None:
    """Return the format that a file's ending says, None if it says none."""
    return _ENDINGS.get(PurePath(name).suffix.lower())


@contextmanager
def rows_of(stream: Stream, form: str) -> Iterator[Rows]:
    """Give the rows of a stream, which stays open meanwhile."""
    if form in _TEXTS:
        yield _TEXTS[form](stream)
        return
    with stream.seekable() as file:
        yield _BINARIES[form](stream, file)

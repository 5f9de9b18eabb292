"""``cells.parquet``: one row a cell and policy, written anew every so often while a sweep runs."""

import io
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from strag_sim.errors import ResultError
from strag_sim.sweep.job import Report, Row
from strag_sim.sweep.writing import write_whole

# The table is written anew after so many seconds, and so many times what writing it took.
OFTEN, SELDOM = 3.0, 20
# Rows that are held as Python's own before they are packed.
LOOSE = 5000

_TEXTS = ("policy", "label", "quantile_method", "host", "key")
_COUNTS = ("cell", "runs", "requests", "warm_up", "seed")
KINDS: dict[str, pa.DataType] = {
    **{name: pa.string() for name in _TEXTS},
    **{name: pa.int64() for name in _COUNTS},
    "seed": pa.uint64(),
    "stable": pa.bool_(),
}


class Table:
    """The rows of the cells that are done, and the file that they are written to."""

    def __init__(self, path: Path, parameters: Mapping[str, Sequence[Any]]) -> None:
        """``parameters`` are all values of each path, from which the kind of a column follows."""
        self.path = path
        self.kinds = {name: kind_of(values) for name, values in parameters.items()}
        self.loose: list[Row] = []
        self.packed: list[pa.Table] = []
        self.written = time.monotonic()
        self.took = 0.0

    def add(self, reports: Iterable[Report]) -> None:
        """Take in the rows of cells that are done; write them if the last time was long ago."""
        for report in reports:
            self.loose.extend(report.rows)
        if len(self.loose) >= LOOSE:
            self._pack()
        if time.monotonic() - self.written > max(OFTEN, SELDOM * self.took):
            self.write()

    def write(self) -> None:
        """Write all rows, in the order of the cells."""
        began = time.monotonic()
        self._pack()
        if self.packed:
            whole = pa.concat_tables(self.packed, promote_options="default")
            content = io.BytesIO()
            pq.write_table(whole.sort_by("cell"), content)
            write_whole(self.path, content.getvalue())
        self.written = time.monotonic()
        self.took = self.written - began

    def _pack(self) -> None:
        """Pack the loose rows."""
        if self.loose:
            names = dict.fromkeys(name for row in self.loose for name in row)
            self.packed.append(pa.table({name: self._column(name) for name in names}))
            self.loose.clear()

    def _column(self, name: str) -> pa.Array:
        """Return a column of the loose rows."""
        # A parameter that the summary has too, such as requests, is the summary's.
        kind = KINDS.get(name) or self.kinds.get(name, pa.float64())
        values = [row.get(name) for row in self.loose]
        if kind == pa.string():
            values = [value if value is None else text_of(value) for value in values]
        return pa.array(values, kind)


def kind_of(values: Iterable[Any]) -> pa.DataType:
    """Return what a column of such values is: of switches, whole numbers, numbers, or texts."""
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    if kinds <= {int, float}:
        return pa.float64()
    return pa.string()


def text_of(value: Any) -> str:
    """Return a value as a text; what is no text, as JSON."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def read_table(path: Path) -> pd.DataFrame:
    """Return the rows of a sweep; a ResultError where there are none yet."""
    try:
        return pd.read_parquet(path).astype({"stable": "boolean"})
    except FileNotFoundError:
        raise ResultError(
            f"{path.parent}: no cell of this sweep is done yet (there is no {path.name})"
        ) from None
    except (OSError, ValueError) as error:
        raise ResultError(f"{path}: is broken: {error}") from error

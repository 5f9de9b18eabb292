"""Parquet: columns of numbers, read some rows at a time."""

from collections.abc import Iterator, Sequence
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from strag_sim.measurements.formats.rows import PIECE, Rows
from strag_sim.measurements.stream import Stream


def parquet(stream: Stream, file: IO[bytes]) -> Rows:
    """Return the rows of a parquet file."""
    try:
        table = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise stream.is_not("parquet", str(error)) from error

    def pieces(names: Sequence[str]) -> Iterator[tuple[pa.Array, ...]]:
        try:
            for batch in table.iter_batches(PIECE, columns=list(dict.fromkeys(names))):
                yield tuple(batch.column(name) for name in names)
        except (pa.ArrowException, OSError) as error:
            raise stream.is_not("parquet", str(error)) from error

    return Rows(tuple(table.schema_arrow.names), pieces)

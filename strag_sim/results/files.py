"""The files of a result: tables as parquet, those for people also as CSV, the rest as text."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from strag_sim.errors import ResultError
from strag_sim.results.folder import MARK
from strag_sim.results.recorded import REQUESTS, TASKS, request_tables, task_tables
from strag_sim.results.timeline import write_timeline
from strag_sim.statistics import Sample

ESTIMATED = ("summary", "runs", "tail", "course")
# Attribution only where it was asked for; pairs not where responses were not kept, nor of earlier
# versions.
OPTIONAL = ("attribution", "pairs")
IN_CSV = ("summary", "attribution")


class Recording(NamedTuple):
    """A kind of recorded rows: their schema, whether a run has them, and one table a run."""

    schema: pa.Schema
    present: Callable[[Sample], bool]
    tables: Callable[[Sequence[Sample]], Iterator[pa.Table]]


RECORDINGS = {
    "requests": Recording(REQUESTS, lambda s: s.runs[0].requests is not None, request_tables),
    "tasks": Recording(TASKS, lambda s: s.runs[0].log is not None, task_tables),
}


def write_estimates(home: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the tables of estimates, by name; those that people read as CSV too."""
    for name, table in tables.items():
        pq.write_table(pa.Table.from_pandas(table), home / f"{name}.parquet")
        if name in IN_CSV:
            table.to_csv(home / f"{name}.csv", index=False, lineterminator="\n")


def write_recorded(home: Path, samples: Sequence[Sample]) -> None:
    """Write what was recorded, a run at a time."""
    for name, recording in RECORDINGS.items():
        if all(recording.present(sample) for sample in samples):
            with pq.ParquetWriter(home / f"{name}.parquet", recording.schema) as writer:
                for table in recording.tables(samples):
                    writer.write_table(table)
    if all(RECORDINGS["tasks"].present(sample) for sample in samples):
        write_timeline(home / "timeline.json", samples)


def write_texts(home: Path, scenario: str, provenance: Mapping[str, object]) -> None:
    """Write the resolved scenario and the provenance."""
    (home / "scenario.yaml").write_text(scenario, encoding="utf-8")
    text = json.dumps(dict(provenance), indent=2, default=str)
    (home / MARK).write_text(text + "\n", encoding="utf-8")


def read_estimates(home: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of estimates, by name."""
    there = (name for name in OPTIONAL if (home / f"{name}.parquet").is_file())
    return {name: pd.read_parquet(home / f"{name}.parquet") for name in (*ESTIMATED, *there)}


def read_texts(home: Path) -> tuple[str, dict[str, object]]:
    """Return the resolved scenario and the provenance."""
    provenance = json.loads((home / MARK).read_text(encoding="utf-8"))
    return (home / "scenario.yaml").read_text(encoding="utf-8"), provenance


def read_recorded(
    home: Path, name: str, label: str | None = None, run: int | None = None
) -> pd.DataFrame:
    """Return recorded rows from a folder, of one policy and run or of all."""
    path = home / f"{name}.parquet"
    if not path.is_file():
        raise not_recorded(name, str(home))
    chosen = [
        (key, "=", value) for key, value in (("label", label), ("run", run)) if value is not None
    ]
    rows: pd.DataFrame = _frame(pq.read_table(path, filters=chosen or None))
    return rows


def gather_recorded(
    samples: Sequence[Sample], name: str, label: str | None = None, run: int | None = None
) -> pd.DataFrame:
    """Return recorded rows from memory, of one policy and run or of all."""
    recording = RECORDINGS[name]
    if not all(recording.present(sample) for sample in samples):
        raise not_recorded(name, "this result")
    rows: pd.DataFrame = _frame(pa.concat_tables(recording.tables(samples)))
    for key, value in (("label", label), ("run", run)):
        rows = rows if value is None else rows[rows[key] == value]
    return rows


def _frame(table: pa.Table) -> pd.DataFrame:
    """Return recorded rows; bits of tasks stay whole numbers where some are null."""
    rows: pd.DataFrame = table.to_pandas()
    if "returned" in table.column_names:
        rows["returned"] = table["returned"].to_pandas(
            types_mapper={pa.int64(): pd.Int64Dtype()}.get
        )
    return rows


def not_recorded(name: str, where: str) -> ResultError:
    """Return the error that says how to have these rows recorded."""
    return ResultError(f"{where}: holds no {name}; run again with --record {name}")

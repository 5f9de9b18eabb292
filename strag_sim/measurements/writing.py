"""What is written of measurements: profiles and replay matrices, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from strag_sim import profiles
from strag_sim.errors import MeasurementsError
from strag_sim.measurements.rounds import rounds
from strag_sim.measurements.sample import Measurements
from strag_sim.measurements.table import profile_content
from strag_sim.profiles import RATIO
from strag_sim.units import seconds
from strag_sim.whole import whole

PROFILE, MATRIX = "profile", "matrix"
ENDINGS = {PROFILE: (".json",), MATRIX: (".csv", ".parquet", ".npy")}


def check_output(path: Path, kind: str, *, force: bool, source: Path | None = None) -> None:
    """Refuse an output that could not be written at the end: better before all is read.

    ``source`` is the file that is read, which is never overwritten.
    """
    if path.suffix.lower() not in ENDINGS[kind]:
        raise MeasurementsError(
            f"{path}: is not allowed; a {kind} must end in {' or '.join(ENDINGS[kind])}"
        )
    if not path.parent.is_dir():
        raise MeasurementsError(f"{path}: cannot be written: there is no folder {path.parent}")
    if path.is_dir():
        raise MeasurementsError(f"{path}: cannot be written: it is a folder")
    if source is not None and path.exists() and path.samefile(source):
        raise MeasurementsError(f"{path}: is the file that is read; write to another")
    if path.exists() and not force:
        raise MeasurementsError(f"{path}: exists already; --force overwrites it")


def relative(measurements: Measurements) -> Measurements:
    """Return measurements over their median (nearest rank): factors."""
    median = np.quantile(measurements.values, 0.5, method="inverted_cdf")
    return replace(measurements, values=measurements.values / median)


def write_profile(
    path: Path,
    measurements: Measurements,
    *,
    unit: str,
    name: str,
    description: str,
    source: str,
    licence: str,
) -> None:
    """Write the profile of measurements, its times in a unit; ``ratio`` for factors."""
    scale = 1.0 if unit == RATIO else seconds(f"1 {unit}")
    content = {
        "name": name,
        "description": description,
        "source": source,
        "licence": licence,
        **profile_content(measurements, unit=unit, scale=scale),
    }
    with _told(path):
        profiles.write(path, content)


def matrix(measurements: Measurements) -> NDArray[np.float64]:
    """Return the complete rounds, shape (rounds, workers), in order.

    Raises
    ------
    MeasurementsError
        If workers were not told apart, or no round has each of them once.
    """
    if measurements.worker is None:
        raise MeasurementsError(
            "--as: 'matrix' is not allowed, because workers are not told apart; name their column "
            "with --group, or say --wide if each column is a worker"
        )
    found = rounds(measurements)
    if not len(found.row):
        raise MeasurementsError(
            f"--as: 'matrix' is not allowed, because in none of {found.found:,} rounds each of "
            f"{len(measurements.names):,} workers was measured once; rounds are rows of one value "
            "of --order, or without it the k-th row of each worker"
        )
    of_rounds: NDArray[np.float64] = measurements.values[found.row]
    return of_rounds


def write_matrix(path: Path, values: NDArray[np.float64], names: tuple[str, ...]) -> None:
    """Write a matrix, a row a round and a column a worker; npy holds no names of workers."""
    with _told(path), whole(path) as file:
        _WRITERS[path.suffix.lower()](file, values, names)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in our words why a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise MeasurementsError(f"{path}: cannot be written: {error.strerror or error}") from error


def _npy(file: IO[bytes], values: NDArray[np.float64], names: tuple[str, ...]) -> None:
    np.save(file, values, allow_pickle=False)


def _csv(file: IO[bytes], values: NDArray[np.float64], names: tuple[str, ...]) -> None:
    pacsv.write_csv(_table(values, names), file)


def _parquet(file: IO[bytes], values: NDArray[np.float64], names: tuple[str, ...]) -> None:
    pq.write_table(_table(values, names), file)


def _table(values: NDArray[np.float64], names: tuple[str, ...]) -> Any:
    """Return a matrix as columns with names."""
    return pa.table([pa.array(np.ascontiguousarray(column)) for column in values.T], list(names))


_WRITERS = {".csv": _csv, ".parquet": _parquet, ".npy": _npy}

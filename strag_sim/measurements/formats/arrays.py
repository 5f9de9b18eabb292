"""npy and npz: arrays of numbers, read piece by piece; those that hold a pickle are refused."""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from strag_sim.measurements.formats.rows import MOST_COLUMNS, PIECE, Rows, numbered
from strag_sim.measurements.stream import Stream

VALUE = "value"  # the column of an array of one dimension
# An array in Fortran's order is read whole, up to so many bytes.
LARGEST_WHOLE = 2**28


def npy(stream: Stream, file: IO[bytes]) -> Rows:
    """Return the rows of one array: numbers, columns of numbers, or records with fields."""
    array = _Array(stream, stream.name, file)
    if array.dtype.names:
        return Rows(array.dtype.names, lambda names: _fields(array, names))
    if len(array.shape) == 1:
        return Rows((VALUE,), lambda names: ((cells,) * len(names) for cells in array.cells()))
    return _matrix(array)


def npz(stream: Stream, file: IO[bytes]) -> Rows:
    """Return the rows of several arrays of one length, each a column; or of a single matrix."""
    try:
        archive = zipfile.ZipFile(file)
        names = [n.removesuffix(".npy") for n in archive.namelist() if n.endswith(".npy")]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise stream.is_not("npz", str(error)) from error
    if not names:
        raise stream.wrong("is a zip archive without arrays; save it with numpy.savez")
    if len(names) == 1:
        return npy(stream, _member(stream, archive, names[0]))

    def pieces(wanted: Sequence[str]) -> Iterator[tuple[pa.Array, ...]]:
        arrays = [
            _Array(stream, f"{stream.name}: {name}", _member(stream, archive, name))
            for name in wanted
        ]
        if (
            any(len(a.shape) != 1 or a.dtype.names for a in arrays)
            or len({a.shape for a in arrays}) != 1
        ):
            shapes = ", ".join(f"{n} {a.shape}" for n, a in zip(wanted, arrays, strict=True))
            raise stream.wrong(
                f"the arrays must have one dimension and one length, but have {shapes}; "
                "choose others, or save a matrix as an npy file"
            )
        yield from zip(*(array.cells() for array in arrays), strict=True)

    return Rows(tuple(names), pieces)


def _member(stream: Stream, archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Return an array of an archive, open."""
    try:
        return archive.open(f"{name}.npy")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise stream.is_not("npz", str(error)) from error


def _matrix(array: "_Array") -> Rows:
    """Return the columns of a matrix."""
    columns = array.shape[1]
    if columns > MOST_COLUMNS:
        raise array.wrong(
            f"has {columns:,} columns; at most {MOST_COLUMNS:,} are allowed; "
            "rows are rounds, so transpose it if it holds a worker a row"
        )

    def pieces(names: Sequence[str]) -> Iterator[tuple[pa.Array, ...]]:
        places = [int(name) for name in names]
        for piece in array.pieces():
            yield tuple(pa.array(np.ascontiguousarray(piece[:, place])) for place in places)

    return Rows(numbered(columns), pieces, bare=True)


def _fields(array: "_Array", names: Sequence[str]) -> Iterator[tuple[pa.Array, ...]]:
    """Yield the fields of records."""
    for piece in array.pieces():
        yield tuple(_arrow(array, np.ascontiguousarray(piece[name])) for name in names)


def _arrow(array: "_Array", cells: NDArray[Any]) -> pa.Array:
    """Return cells as an arrow array."""
    try:
        return pa.array(cells.tolist() if cells.dtype.kind in "US" else cells)
    except (pa.ArrowException, TypeError) as error:
        raise array.wrong(
            f"holds {cells.dtype} of shape {cells.shape[1:]} a row, which are no times; "
            "save real numbers"
        ) from error


class _Array:
    """An array in a file, its head read."""

    def __init__(self, stream: Stream, name: str, file: IO[bytes]) -> None:
        self._stream, self._name, self._file = stream, name, file
        self.shape, self._fortran, self.dtype = self._head()
        if self.dtype.hasobject:
            raise self.wrong(
                "holds Python objects, that is, a pickle, and no pickle is ever loaded; "
                "save plain numbers: numpy.save(FILE, array.astype(float))"
            )
        if len(self.shape) not in {1, 2} or (self.dtype.names and len(self.shape) != 1):
            raise self.wrong(
                f"has the shape {self.shape}; it must have one dimension (measurements), "
                "or two (rounds, workers)"
            )
        if self.dtype.itemsize == 0 or self.dtype.kind in "cV" and not self.dtype.names:
            raise self.wrong(f"holds {self.dtype}, which are no times; save real numbers")

    def wrong(self, text: str) -> Exception:
        """Return the error that names the array."""
        return type(self._stream.wrong(""))(f"{self._name}: {text}")

    def cells(self) -> Iterator[pa.Array]:
        """Yield the cells of an array of one dimension, piece by piece."""
        for piece in self.pieces():
            yield _arrow(self, piece)

    def pieces(self) -> Iterator[NDArray[Any]]:
        """Yield some rows at a time."""
        width = self.shape[1] if len(self.shape) == 2 else 1
        if self._fortran and width > 1:
            yield self._whole()
            return
        step = max(1, PIECE // max(1, width))
        for start in range(0, self.shape[0], step):
            count = min(step, self.shape[0] - start)
            piece = self._take(count * width)
            yield piece.reshape(count, width) if len(self.shape) == 2 else piece

    def _whole(self) -> NDArray[Any]:
        """Return a matrix that lies in the file column by column."""
        count = self.shape[0] * self.shape[1]
        if count * self.dtype.itemsize > LARGEST_WHOLE:
            raise self.wrong(
                f"lies column by column (Fortran's order) and is larger than {LARGEST_WHOLE:,} "
                "bytes; save it row by row: numpy.save(FILE, numpy.ascontiguousarray(array))"
            )
        return self._take(count).reshape(self.shape, order="F")

    def _take(self, count: int) -> NDArray[Any]:
        """Return the next numbers of the file, in the machine's own order of bytes."""
        size = count * self.dtype.itemsize
        try:
            data = self._file.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise self._stream.is_not("npy", str(error)) from error
        if len(data) < size:
            raise self.wrong(f"is cut short: its head says shape {self.shape}; write it anew")
        numbers = np.frombuffer(data, self.dtype)
        return numbers if self.dtype.names else numbers.astype(self.dtype.newbyteorder("="))

    def _head(self) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
        """Return the shape, whether it is in Fortran's order, and the type of the numbers."""
        form: Any = np.lib.format
        readers: dict[Any, Callable[[IO[bytes]], Any]] = {
            (1, 0): form.read_array_header_1_0,
            (2, 0): form.read_array_header_2_0,
        }
        try:
            version = form.read_magic(self._file)
            shape, fortran, dtype = readers.get(version, form.read_array_header_2_0)(self._file)
        except (ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
            raise self._stream.is_not("npy", str(error)) from error
        return shape, fortran, dtype

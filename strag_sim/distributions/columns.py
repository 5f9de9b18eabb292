"""One column, or a whole matrix, of numbers from a data file."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.parameters import refuse

_ENDINGS = (".csv", ".parquet", ".npy")


def read_column(path: str | Path, column: str | None = None) -> NDArray[np.float64]:
    """Return a column of a CSV, parquet or npy file as doubles, shape (n,), n >= 1.

    Parameters
    ----------
    path : str or Path
        The file; its ending says what it is. npy files hold one array of one dimension.
    column : str, optional
        May be left out where there is only one.

    Raises
    ------
    ValueError
        Names ``path`` or ``column``, whichever is wrong.
    """
    numbers = _from_npy(path, column) if _is_npy(path) else _column(_frame(path), path, column)
    if numbers.ndim != 1 or not numbers.size or numbers.dtype.kind not in "iuf":
        raise refuse("path", str(path), "a file with a column of at least one number")
    return numbers.astype(np.float64)


def read_matrix(path: str | Path) -> NDArray[np.float64]:
    """Return all columns of a CSV, parquet or npy file as doubles, shape (rows, columns).

    A CSV file opens with a line of names; an npy file holds an array of two dimensions. A
    ValueError names ``path`` and the first cell that is no finite number above 0.
    """
    if _is_npy(path):
        numbers = _from_npy(path, None)
    else:
        frame = _frame(path)
        unnamed = [name for name in map(str, frame.columns) if re.fullmatch(r"\d+\.\d+", name)]
        if unnamed:
            text = f"a table whose first line names its columns, not {unnamed[0]}"
            raise refuse("path", str(path), text)
        numbers = frame.to_numpy()
    if numbers.ndim != 2 or not numbers.size or numbers.dtype.kind not in "iuf":
        raise refuse("path", str(path), "a file of rows and columns of numbers and nothing else")
    matrix = numbers.astype(np.float64)
    wrong = np.argwhere(~((matrix > 0) & (matrix < np.inf)))
    if wrong.size:
        row, column = wrong[0]
        cell = f"row {row + 1}, column {column + 1} holds {matrix[row, column]}"
        raise refuse("path", str(path), f"a matrix of finite numbers above 0, but {cell}")
    return matrix


def _is_npy(path: str | Path) -> bool:
    """Return whether a file is one of numpy's; a ValueError for an ending that is not known."""
    ending = Path(path).suffix.lower()
    if ending not in _ENDINGS:
        raise refuse("path", str(path), f"a file ending in {', '.join(_ENDINGS)}")
    return ending == ".npy"


def _from_npy(path: str | Path, column: str | None) -> NDArray[Any]:
    """Return the array of an npy file, which names no columns."""
    if column is not None:
        raise refuse("column", column, "left out with a npy file")
    try:
        numbers: NDArray[Any] = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise refuse("path", str(path), "a npy file of plain numbers") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    return numbers


def _frame(path: str | Path) -> Any:
    """Return the table in a CSV or parquet file, as pandas has it."""
    import pandas as pd  # slow to import, and only needed here

    read: Any = pd.read_csv if Path(path).suffix.lower() == ".csv" else pd.read_parquet
    try:
        return read(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:  # what pandas and pyarrow raise for broken files
        raise refuse("path", str(path), f"a table that can be read ({_reason(error)})") from error


def _column(frame: Any, path: str | Path, column: str | None) -> NDArray[Any]:
    """Return a column of a table; the only one where none is named."""
    names = [str(name) for name in frame.columns]
    wanted = names[0] if column is None and len(names) == 1 else column
    if wanted not in names:
        shown = ", ".join(names[:20])
        raise refuse("column", column, f"a column of {path}: {shown}")
    numbers: NDArray[Any] = frame.iloc[:, names.index(wanted)].to_numpy()
    return numbers


def _unreadable(path: str | Path, error: OSError) -> ValueError:
    """Return the error for a file that cannot be read."""
    return refuse("path", str(path), f"a readable file ({_reason(error)})")


def _reason(error: Exception) -> str:
    """Return the first line of why."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.splitlines()[0] if text else type(error).__name__

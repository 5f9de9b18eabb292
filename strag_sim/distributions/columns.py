"""One column of numbers or of times, or a whole matrix, from a data file."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.parameters import refuse
from strag_sim.units import seconds, shown

_ENDINGS = (".csv", ".parquet", ".npy")
# What names no column, but is a number of a first row.
_FRACTION = re.compile(r"[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?")
# Times of day without a date; and a time with its zone: Z, +02, +0200 or +02:00.
_OF_DAY = re.compile(r"\s*\d{1,2}:\d\d:\d\d(\.\d+)?\s*")
_ZONED = re.compile(r".*\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)\s*")


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
    numbers = _read(path, column)
    if numbers.dtype.kind not in "iuf":
        raise refuse("path", str(path), "a file with a column of at least one number")
    return numbers.astype(np.float64)


def read_times(
    path: str | Path, column: str | None = None, unit: str | None = None
) -> NDArray[np.float64]:
    """Return a column of times in seconds, shape (n,), n >= 1; NaN where one is missing.

    Parameters
    ----------
    path, column
        As for `read_column`. Numbers count from wherever the file has it; dates with times (ISO
        8601, such as 2023-11-16 18:17:03.98) and times of day count from the first row.
    unit : str, optional
        Of numbers: s, ms, us or ns.

    Raises
    ------
    ValueError
        Names ``path``, ``column`` or ``unit``, whichever is wrong, and the first wrong row.
    """
    stamps = _read(path, column)
    if stamps.dtype.kind in "iuf":
        return stamps.astype(np.float64) * seconds(f"1 {unit or 's'}")
    if stamps.dtype.kind not in "MOUT":
        raise refuse("path", str(path), "a file with a column of at least one number or date")
    if unit is not None:
        raise ValueError("unit: goes with numbers; the column holds dates or texts")
    return _since_first(stamps)


def _read(path: str | Path, column: str | None) -> NDArray[Any]:
    """Return a column as the file has it, shape (n,), n >= 1."""
    values = _from_npy(path, column) if _is_npy(path) else _column(_frame(path), path, column)
    if values.ndim != 1 or not values.size:
        raise refuse("path", str(path), "a file with a column of at least one number")
    return values


def _since_first(stamps: NDArray[Any]) -> NDArray[np.float64]:
    """Return dates or texts as seconds since the first that is not missing, else NaN."""
    import pandas as pd  # slow to import, and only needed here

    column = pd.Series(stamps).dropna()
    texts = column.astype(str)
    numbers = pd.to_numeric(texts, errors="coerce").notna()
    if numbers.any():
        raise _not_all(texts[~numbers], "a number, as others are")
    zoned = texts.map(lambda text: bool(_ZONED.fullmatch(text)))
    if zoned.any() and not zoned.all():
        raise _not_all(texts[~zoned], "a time with its zone, as others have one")
    if texts.map(lambda text: bool(_OF_DAY.fullmatch(text))).all():
        times: Any = pd.to_timedelta(texts.str.strip(), errors="coerce")
    else:
        times = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    if times.isna().any():
        raise _not_all(texts[times.isna()], "a number or a date such as 2023-11-16 18:17:03.98")
    since: Any = (times - times.iloc[0]).dt.total_seconds() if len(times) else times
    result: NDArray[np.float64] = since.reindex(range(stamps.size)).to_numpy(dtype=np.float64)
    return result


def _not_all(wrong: Any, what: str) -> ValueError:
    """Return the error for the first of the wrong rows."""
    row, text = wrong.index[0], wrong.iloc[0]
    return ValueError(f"path: arrival {row + 1} is {shown(text)}; every time must be {what}")


def read_matrix(path: str | Path) -> NDArray[np.float64]:
    """Return all columns of a CSV, parquet or npy file as doubles, shape (rows, columns).

    A CSV file opens with a line of names; an npy file holds an array of two dimensions. A
    ValueError names ``path`` and the first cell that is no finite number above 0.
    """
    if _is_npy(path):
        numbers = _from_npy(path, None)
    else:
        frame = _frame(path)
        unnamed = [name for name in map(str, frame.columns) if _FRACTION.fullmatch(name)]
        if unnamed:
            text = f"a table whose first line names its columns, not {unnamed[0]}"
            raise refuse("path", str(path), text)
        _refuse_texts(frame, path)
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


def _refuse_texts(frame: Any, path: str | Path) -> None:
    """Raise a ValueError that names the first cell of a table that is no number."""
    import pandas as pd  # slow to import, and only needed here

    for column, name in enumerate(frame.columns):
        cells = frame.iloc[:, column]
        if cells.dtype.kind not in "iuf" and len(cells):
            row = int(pd.to_numeric(cells, errors="coerce").isna().argmax())
            cell = f"row {row + 1}, column {name} holds {shown(cells.iloc[row])}"
            raise refuse("path", str(path), f"a matrix of numbers and nothing else, but {cell}")


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

    is_csv = Path(path).suffix.lower() == ".csv"
    read: Any = pd.read_csv if is_csv else pd.read_parquet
    try:
        frame = read(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:  # what pandas and pyarrow raise for broken files
        raise refuse("path", str(path), f"a table that can be read ({_reason(error)})") from error
    # Where lines are longer than the first, pandas takes their first cell for the name of the row.
    if is_csv and not frame.index.equals(pd.RangeIndex(len(frame))):
        raise refuse("path", str(path), "a table with a name for each column in its first line")
    return frame


def _column(frame: Any, path: str | Path, column: str | None) -> NDArray[Any]:
    """Return a column of a table; the only one where none is named."""
    names = [str(name) for name in frame.columns]
    wanted = names[0] if column is None and len(names) == 1 else column
    if wanted not in names:
        allowed = f"a column of {path}: {', '.join(names[:20])}"
        if column is None:
            raise ValueError(f"column: missing; column must be {allowed}")
        raise refuse("column", column, allowed)
    numbers: NDArray[Any] = frame.iloc[:, names.index(wanted)].to_numpy()
    return numbers


def _unreadable(path: str | Path, error: OSError) -> ValueError:
    """Return the error for a file that cannot be read."""
    return refuse("path", str(path), f"a readable file ({_reason(error)})")


def _reason(error: Exception) -> str:
    """Return the first line of why."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.splitlines()[0] if text else type(error).__name__

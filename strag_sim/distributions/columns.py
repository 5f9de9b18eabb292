"""One column of numbers from a data file."""

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
    ending = Path(path).suffix.lower()
    if ending not in _ENDINGS:
        raise refuse("path", str(path), f"a file ending in {', '.join(_ENDINGS)}")
    try:
        numbers = _from_npy(path, column) if ending == ".npy" else _from_frame(path, column)
    except OSError as error:
        raise refuse("path", str(path), f"a readable file ({_reason(error)})") from error
    if numbers.ndim != 1 or not numbers.size or numbers.dtype.kind not in "iuf":
        raise refuse("path", str(path), "a file with a column of at least one number")
    return numbers.astype(np.float64)


def _from_npy(path: str | Path, column: str | None) -> NDArray[Any]:
    """Return the array of an npy file, which names no columns."""
    if column is not None:
        raise refuse("column", column, "left out with a npy file")
    try:
        numbers: NDArray[Any] = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise refuse("path", str(path), "a npy file of plain numbers") from error
    return numbers


def _from_frame(path: str | Path, column: str | None) -> NDArray[Any]:
    """Return a column of a CSV or parquet file."""
    import pandas as pd  # slow to import, and only needed here

    read: Any = pd.read_csv if Path(path).suffix.lower() == ".csv" else pd.read_parquet
    try:
        frame = read(path)
    except ValueError as error:  # what pandas and pyarrow raise for broken files
        raise refuse("path", str(path), f"a table that can be read ({_reason(error)})") from error
    names = [str(name) for name in frame.columns]
    wanted = names[0] if column is None and len(names) == 1 else column
    if wanted not in names:
        shown = ", ".join(names[:20])
        raise refuse("column", column, f"a column of {path}: {shown}")
    numbers: NDArray[Any] = frame.iloc[:, names.index(wanted)].to_numpy()
    return numbers


def _reason(error: Exception) -> str:
    """Return the first line of why."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.splitlines()[0] if text else type(error).__name__

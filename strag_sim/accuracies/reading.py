"""Tables of accuracies from files: found by name or path, and checked."""

from functools import lru_cache
from pathlib import Path

from strag_sim.accuracies.content import SHELF, table_of
from strag_sim.accuracies.table import AccuracyTable

REMEDY = "to change a table by hand, leave sha256 out"


def read_accuracy(name_or_path: str, folder: Path | None = None) -> AccuracyTable:
    """Read a table of accuracies and check it.

    Parameters
    ----------
    name_or_path : str
        A shipped table's name, or a path: whatever holds a slash or ends in ``.json``.
    folder : Path, optional
        Where relative paths begin; default the current folder.

    Raises
    ------
    AccuracyError
        If it is missing, cannot be read, does not fit its checksum, or is no table.
    """
    return _checked(*SHELF.found(name_or_path, folder))


def names() -> list[str]:
    """Return the names of the shipped tables, sorted."""
    return SHELF.names()


@lru_cache(maxsize=64)  # by content: a policy reads its table at each look at its shape
def _checked(where: str, raw: bytes) -> AccuracyTable:
    """Return the table that a file says, or raise the error that says why there is none."""
    content = SHELF.parsed(where, raw)
    if content.get("sha256") is not None:
        SHELF.check_digest(where, content, REMEDY)
    return table_of(content, where)

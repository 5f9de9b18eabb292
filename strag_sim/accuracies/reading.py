"""Tables of accuracies from files: found by name or path, and checked."""

import difflib
import json
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from strag_sim.accuracies.content import digest, table_of, wrong
from strag_sim.accuracies.table import AccuracyTable
from strag_sim.errors import AccuracyError


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
    if is_path(name_or_path):
        path = (folder or Path()) / name_or_path
        return _checked(str(path), _bytes_of(path))
    if name_or_path not in names():
        raise AccuracyError(_unknown(name_or_path))
    return _checked(name_or_path, _shipped().joinpath(f"{name_or_path}.json").read_bytes())


def names() -> list[str]:
    """Return the names of the shipped tables, sorted."""
    files = (Path(entry.name) for entry in _shipped().iterdir())
    return sorted(file.stem for file in files if file.suffix == ".json")


def is_path(name_or_path: str) -> bool:
    """Tell a path (it holds a slash or ends in ``.json``) from a shipped table's name."""
    return "/" in name_or_path or "\\" in name_or_path or name_or_path.endswith(".json")


def _shipped() -> Any:
    """Return the folder of shipped tables, wherever the package is installed."""
    return resources.files("strag_sim.accuracies").joinpath("data")


def _unknown(name: str) -> str:
    """Return the message for a name that no shipped table has."""
    near = difflib.get_close_matches(name, names(), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return (
        f"accuracy: {name!r} is not allowed; accuracy must be one of {', '.join(names())}, "
        f"or a path ending in .json{hint}"
    )


def _bytes_of(path: Path) -> bytes:
    """Return what stands in a file."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
        reason = getattr(error, "strerror", None) or str(error)
        raise wrong(str(path), f"be a file that can be read ({reason})") from error


@lru_cache(maxsize=64)  # by content: a policy reads its table at each look at its shape
def _checked(where: str, raw: bytes) -> AccuracyTable:
    """Return the table that a file says, or raise the error that says why there is none."""
    content = _parsed(where, raw)
    if not isinstance(content, dict):
        raise wrong(where, "be a JSON object with the keys of a table")
    stated = content.get("sha256")
    if stated is not None and stated != digest(content):
        raise wrong(
            where,
            f"fit its sha256 {str(stated)[:12]}..., but what it holds gives "
            f"{digest(content)[:12]}...; the file was changed or damaged since it was written (to "
            "change a table by hand, leave sha256 out)",
        )
    return table_of(content, where)


def _parsed(where: str, raw: bytes) -> Any:
    """Return what the JSON says; NaN and infinities, which JSON lacks, are refused."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise wrong(where, f"be JSON, but is not ({error}); is the file cut short?") from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON number")

"""A folder that is written whole or not at all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from strag_sim.errors import ResultError
from strag_sim.whole import whole

MARK, SWEEP = "provenance.json", "sweep.json"
# What belongs to a result and so goes with it when a new one takes its place; what was drawn and
# compared too, which would show other numbers than the tables beside it. Whatever else the user put
# into the folder stays.
ESTIMATES = ("summary", "runs", "tail", "course", "pairs", "attribution")
IN_CSV = ("summary.csv", "attribution.csv")
TABLES = (*IN_CSV, *(f"{name}.parquet" for name in ESTIMATES), "scenario.yaml", MARK)
RECORDED = ("requests.parquet", "tasks.parquet", "timeline.json")
_KINDS = (
    *("ccdf", "cdf", "variance", "timeline", "paths", "attribution", "pareto", "accuracy-p99"),
    *("warm-up", "gain"),
)
_ENDINGS = ("pdf", "png", "svg", "pgf", "data.csv", "caption.json")
FIGURES = tuple(f"{kind}.{ending}" for kind in _KINDS for ending in _ENDINGS)
COMPARED = ("compare.csv", "compare.tex", "report.html")


def is_sweep(folder: str | Path) -> bool:
    """Return whether a folder holds a sweep, not a result."""
    return (Path(folder) / SWEEP).is_file()


def check_target(folder: str | Path) -> Path:
    """Return the folder as it is on disk, links followed; ResultError unless it may be written.

    It may if it is not there, is empty, or holds a result.
    """
    target = Path(os.path.realpath(folder))
    if not target.exists():
        return target
    if not target.is_dir():
        raise ResultError(f"{folder}: is a file; name a folder for the result")
    if any(target.iterdir()) and not (target / MARK).is_file():
        raise ResultError(
            f"{folder}: holds other files and no result (no {MARK}); nothing was written. "
            "Name a new folder, or empty this one"
        )
    return target


def write_file(path: Path, content: str | bytes, what: str) -> None:
    """Write a file whole; a ResultError says why it cannot be, and ``what`` it was to hold."""
    try:
        with whole(path) as file:
            file.write(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        reason = error.strerror or error
        raise ResultError(f"{path}: cannot write the {what}: {reason}") from error


def write_folder(folder: str | Path, write: Callable[[Path], None]) -> Path:
    """Let ``write`` fill a new folder beside this one, then put it in this one's place.

    Whoever looks finds the old result or the new one, whole. A ResultError says why it could not
    be written; the old result is then as it was.
    """
    target = check_target(folder)
    new = target.with_name(f".{target.name}.new-{os.getpid()}")
    try:
        new.mkdir(parents=True)
        write(new)
        _keep_others(target, new)
        _flush(new)
        _replace(target, new)
    except OSError as error:
        reason = error.strerror or error
        raise ResultError(f"{folder}: cannot write the result: {reason}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return target


def _keep_others(target: Path, new: Path) -> None:
    """Copy what is in the old folder and belongs to no result into the new one."""
    others = target.iterdir() if target.exists() else ()
    for entry in others:
        if entry.name in (*TABLES, *RECORDED, *FIGURES, *COMPARED):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)


def _flush(folder: Path) -> None:
    """Wait until all files and the folder itself are on the disk, not only in its cache."""
    for path in (*folder.iterdir(), folder):
        if path.is_symlink():
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _replace(target: Path, new: Path) -> None:
    """Rename the new folder to the target; an old one steps aside first and is then removed."""
    if not target.exists():
        new.rename(target)
        return
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)

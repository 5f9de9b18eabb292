"""The folder of a sweep: who may write to it, and what it says of itself."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from strag_sim.errors import ResultError, SweepError
from strag_sim.sweep.cells import MARK
from strag_sim.sweep.writing import PART, write_whole

LOCK = ".lock"
TABLE, STATUS, FAILURES, LOG = "cells.parquet", "status.json", "failures.json", "sweep.log"


def check_folder(folder: Path) -> None:
    """Raise a ResultError unless a sweep may be kept here.

    It may where there is nothing, or another sweep: cells of both are kept side by side.
    """
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"{folder}: is a file; name a folder for the sweep")
    if folder.is_dir() and not (folder / MARK).is_file():
        others = [entry.name for entry in folder.iterdir() if entry.name not in (LOCK, LOG)]
        if others:
            raise ResultError(
                f"{folder}: holds other files and no sweep (no {MARK}); nothing was written. "
                "Name a new folder, or empty this one"
            )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other sweeps out of a folder, which is made; a SweepError says who is in it.

    The lock ends with the process that holds it, however it ends. Where a file system knows no
    locks there is none: files are whole all the same, and only the last sweep has its table.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a+")
    except OSError as error:
        raise SweepError(f"{folder}: cannot be written: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise SweepError(
                f"{folder}: another sweep is running here ({file.read().strip()}); wait for it, or "
                "name another folder with --output"
            ) from None
        except OSError:
            yield
            return
        file.truncate(0)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        file.write(f"process {os.getpid()} on {socket.gethostname()} since {since}")
        file.flush()
        _sweep_up(folder)
        yield


def holder(folder: Path) -> str | None:
    """Return who is sweeping in a folder; None if nobody is."""
    with suppress(OSError), (folder / LOCK).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip()
    return None


def read_json(path: Path) -> Any:
    """Return what a file of a sweep says; a ResultError where it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultError(
            f"{path.parent}: no sweep here (no {path.name}); give the folder of a sweep"
        ) from None
    except (OSError, ValueError) as error:
        raise ResultError(f"{path}: is broken: {error}") from error


def write_json(path: Path, value: object) -> None:
    """Write what a file of a sweep says."""
    write_whole(path, (json.dumps(value, indent=1, default=str) + "\n").encode())


def _sweep_up(folder: Path) -> None:
    """Remove what writers that were killed have left."""
    for room in (folder, *folder.glob("cells/*"), *folder.glob("runs/*")):
        for path in room.glob(f".*{PART}"):
            with suppress(OSError):
                path.unlink()

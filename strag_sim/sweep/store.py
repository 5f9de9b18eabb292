"""The files of cells: one with a cell's numbers, one on how they were made, one of its runs."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strag_sim.sweep.writing import write_whole

Content = dict[str, Any]


@dataclass(frozen=True)
class CellStore:
    """The files of cells below a folder, by their keys.

    ``cells/KEY.json`` is a cell: once it is there, the cell is done. It holds nothing that differs
    from time to time or from host to host; that stands in ``KEY.made.json``. Its second line is
    the digest of its first.
    """

    folder: Path

    def cell(self, key: str) -> Path:
        """Return the file of a cell."""
        return self.folder / "cells" / key[:2] / f"{key}.json"

    def made(self, key: str) -> Path:
        """Return the file on how a cell was made."""
        return self.folder / "cells" / key[:2] / f"{key}.made.json"

    def runs(self, key: str) -> Path:
        """Return the file of the runs of a cell."""
        return self.folder / "runs" / key[:2] / f"{key}.pickle"

    def read(self, key: str) -> tuple[Content | None, bool]:
        """Return a cell, None if it is not here or damaged; and whether it is damaged."""
        try:
            text = self.cell(key).read_bytes()
        except OSError:
            return None, False
        line, _, seal = text.partition(b"\n")
        if seal != _digest(line) + b"\n":
            return None, True
        content: Content = json.loads(line)
        return content, False

    def read_made(self, key: str) -> Content:
        """Return how a cell was made; nothing where that is not known."""
        try:
            content: Content = json.loads(self.made(key).read_bytes())
        except (OSError, ValueError):
            return {}
        return content

    def write(self, key: str, content: Mapping[str, object], made: Mapping[str, object]) -> None:
        """Write a cell; the file that tells that it is done comes last."""
        write_whole(self.made(key), json.dumps(made, indent=1).encode())
        line = json.dumps(content, separators=(",", ":")).encode()
        write_whole(self.cell(key), line + b"\n" + _digest(line) + b"\n")


def plain_rows(rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """Return rows of a table for JSON: None where there is no number, and numpy's as Python's."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    """Return one value for JSON."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value if isinstance(value, str | int | float | bool) else None


def _digest(line: bytes) -> bytes:
    """Return the digest of a line, as text."""
    return hashlib.sha256(line).hexdigest().encode()

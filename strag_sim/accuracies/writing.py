"""Tables of accuracies into files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from strag_sim.accuracies.table import AccuracyTable
from strag_sim.whole import whole

# Lists that have a line for each of their objects.
_LISTS = ("sets", "bins", "numbers")


def write_accuracy(table: AccuracyTable, path: Path) -> None:
    """Write the file of a table (made with `table_of`), with its ``sha256``.

    The file appears whole or not at all; an OSError says why it cannot be.
    """
    with whole(path) as file:
        file.write(_lines({**table.content, "sha256": table.sha256}).encode("utf-8"))


def _lines(content: Mapping[str, Any]) -> str:
    """Return JSON with one line a key and entry, for differences that can be read."""
    lines = []
    for key, value in content.items():
        if key in _LISTS and value:
            rows = ",\n".join("  " + json.dumps(row) for row in value)
            lines.append(f" {json.dumps(key)}: [\n{rows}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"

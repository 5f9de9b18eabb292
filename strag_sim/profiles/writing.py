"""Profiles into files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from strag_sim.profiles.content import profile_of
from strag_sim.profiles.profile import FORMAT
from strag_sim.shelf import digest
from strag_sim.whole import whole

# What stands between the values of lists that have a line for each of their objects; the samples
# of a point are many, so that blanks would make a fifth of the file.
_LISTS = {"machines": (", ", ": "), "points": (",", ":")}


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write a profile file: the content, with ``format`` and ``sha256`` added.

    The file appears whole or not at all. What it may hold stands at the head of this package;
    a ProfileError says if the content is no profile.
    """
    complete = {"format": FORMAT, **content, "sha256": "known once all else is right"}
    profile_of(str(path), complete)
    complete["sha256"] = digest(complete)
    with whole(path) as file:
        file.write(_lines(complete).encode("utf-8"))


def _lines(content: Mapping[str, Any]) -> str:
    """Return JSON with one line a key, machine and point, for differences that can be read."""
    lines = []
    for key, value in content.items():
        if key in _LISTS:
            rows = ",\n".join("  " + json.dumps(row, separators=_LISTS[key]) for row in value)
            lines.append(f" {json.dumps(key)}: [\n{rows}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"

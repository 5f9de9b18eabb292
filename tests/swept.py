"""Small sweeps, and their bytes."""

from pathlib import Path

TINY = {
    "name": "tiny",
    "runs": 3,
    "requests": 200,
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "service": {"kind": "exponential", "mean": "10 ms"},
    "workers": {"count": 4},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
    "sweep": {"arrivals.offered_load": [0.2, 0.4], "workers.count": [4, 8, 16]},
}
YAML = """\
name: tiny
runs: 3
requests: 200
arrivals: {kind: poisson, offered_load: 0.3}
service: {kind: exponential, mean: 10 ms}
workers: {count: 4}
policies: [{kind: none}, {kind: replication, copies: 2}]
sweep:
  arrivals.offered_load: [0.2, 0.4]
  workers.count: [4, 8, 16]
"""


def cells_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all cells by their keys; not of how they were made."""
    files = sorted((folder / "cells").rglob("*.json"))
    return {f.stem: f.read_bytes() for f in files if not f.name.endswith(".made.json")}


def written_of(folder: Path) -> dict[str, int]:
    """Return when each cell was written."""
    files = sorted((folder / "cells").rglob("*.json"))
    return {f.stem: f.stat().st_mtime_ns for f in files if not f.name.endswith(".made.json")}


def parts_of(folder: Path) -> list[Path]:
    """Return the files that were begun and never finished."""
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]

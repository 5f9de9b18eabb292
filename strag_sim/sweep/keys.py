"""What a cell is called: a digest of all that decides its numbers, the number of runs apart."""

import hashlib
import importlib.metadata
import inspect
import json
import sys
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from strag_sim.results import inputs
from strag_sim.scenario import Scenario, plain

LETTERS = 32  # of a digest
PACKAGE = "strag_sim"
# What comes before a scenario or after its numbers: an edit there makes no cell another.
APART = (
    "accuracy",
    "allocating",
    "capacity",
    "cli",
    "compare",
    "fitting",
    "measurements",
    "plots",
    "profiler",
    "selfcheck",
    "sweep",
    "theory",
)
# Whose versions may change a number; the compiled engine, numpy's streams, scipy's quantiles.
LIBRARIES = ("numpy", "numba", "scipy")


@cache
def code() -> str:
    """Return a digest of the sources that decide numbers, and of the libraries beneath them."""
    digest = hashlib.sha256()
    for name, text in _sources(files(PACKAGE), ""):
        digest.update(f"{name}\0".encode() + text + b"\0")
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    digest.update(json.dumps([versions, sys.version_info[:2]]).encode())
    return digest.hexdigest()[:LETTERS]


def cell_key(scenario: Scenario) -> str:
    """Return the key of a cell: equal for equal numbers, whatever the scenario is called.

    ``runs`` is no part of it, so that more runs of a cell belong to the same one.
    """
    told = [told_of(scenario), inputs(scenario.setups()), _own(scenario), code()]
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]


def told_of(scenario: Scenario) -> dict[str, object]:
    """Return what a cell tells of its scenario: all of it but its name and its runs."""
    told = plain(scenario)
    return {key: told[key] for key in told if key not in ("name", "runs", "sweep")}


def _sources(folder: Traversable, place: str) -> list[tuple[str, bytes]]:
    """Return the files below a folder of the package with their names, in their order."""
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{place}{entry.name}"
        if entry.is_dir() and name not in (*APART, "__pycache__"):
            found += _sources(entry, f"{name}/")
        elif entry.name.endswith(".py"):
            found.append((name, entry.read_bytes()))
    return found


def _own(scenario: Scenario) -> list[str]:
    """Return digests of the modules that users' own policies come from."""
    kinds = {type(entry.policy) for entry in scenario.policies}
    own = sorted(
        {
            path
            for kind in kinds
            if kind.__module__.partition(".")[0] != PACKAGE and (path := _file_of(kind)) is not None
        }
    )
    return [_digest(path) for path in own]


def _file_of(kind: type) -> str | None:
    """Return where a class is written; None where that is no file."""
    try:
        return inspect.getsourcefile(kind)
    except (TypeError, OSError):
        return None


def _digest(path: str) -> str:
    """Return the digest of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

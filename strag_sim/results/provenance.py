"""Where a result comes from: enough to make it again, or to say why it cannot be."""

import hashlib
import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import UTC, datetime

from strag_sim.accuracies import AccuracyTable
from strag_sim.codes import costs
from strag_sim.distributions.profile import Profile
from strag_sim.machine import processor
from strag_sim.payload import Payload
from strag_sim.policies.ensemble import Ensemble
from strag_sim.setup import Setup

PACKAGES = ("numpy", "scipy", "numba", "simpy", "pandas", "pyarrow", "matplotlib")


def provenance(setups: Iterable[Setup], **known: object) -> dict[str, object]:
    """Return what is known of a result, for JSON: ``known`` first, then what can be found out.

    ``files`` are those whose numbers went in (traces, matrices, measurements, allocations), with
    their digests; ``rates`` how fast a core encodes by itself, None where nothing is said of what
    requests carry.
    The time is UTC, of now; ``git`` is the commit of the working directory, None outside one.
    """
    return {
        **known,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": sys.argv,
        "git": _git(),
        **inputs(setups),
        "versions": {
            "strag-sim": importlib.metadata.version("strag-sim"),
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in PACKAGES},
        },
        "machine": {
            "system": platform.platform(),
            "processor": processor(),
            "cores": os.cpu_count(),
        },
    }


def inputs(setups: Iterable[Setup]) -> dict[str, object]:
    """Return what went into some setups beside the scenario, each with its digest, for JSON."""
    parts = list(_parts(list(setups)))
    paths = [path for each in parts for path in _paths(each)]
    return {
        "profiles": {
            each.profile: each.profile_data.sha256 for each in parts if isinstance(each, Profile)
        },
        "accuracies": {table.sha256: table.name for table in _tables(parts)},
        "rates": asdict(costs.shipped()) if any(isinstance(p, Payload) for p in parts) else None,
        "files": {path: _digest(path) for path in dict.fromkeys(paths)},
    }


def _git() -> dict[str, object] | None:
    """Return the commit of the working directory, and whether files differ from it."""
    commit = _answer("git", "rev-parse", "HEAD")
    if commit is None:
        return None
    changed = _answer("git", "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit, "changed": bool(changed)}


def _answer(*command: str) -> str | None:
    """Return what a command prints, or None where it fails or does not exist."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _parts(value: object) -> Iterator[object]:
    """Yield all dataclasses in some setups, however deep in mixtures and models, in order."""
    inside: Iterable[object] = ()
    if is_dataclass(value):
        yield value
        inside = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, Mapping):
        inside = value.values()
    elif isinstance(value, list | tuple) and not (value and isinstance(value[0], int | float)):
        inside = value  # the numbers of a long script or trace hold no parts
    for each in inside:
        yield from _parts(each)


def _paths(part: object) -> Iterator[str]:
    """Yield the files whose numbers a part holds: a trace, a matrix, an allocation."""
    path = getattr(part, "path", None)
    if isinstance(path, str):
        yield path
    if isinstance(part, Ensemble) and str(part.allocation).endswith(".csv"):
        yield str(part.allocation)


def _tables(parts: Iterable[object]) -> Iterator[AccuracyTable]:
    """Yield the tables by which answers of some policies are charged."""
    for each in parts:
        if isinstance(each, Setup):
            given = (recovery.accuracy for recovery in each.policy.shape().recoveries)
            yield from (table for table in given if isinstance(table, AccuracyTable))


def _digest(path: str) -> str | None:
    """Return the SHA-256 of a file, None where it can no longer be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None

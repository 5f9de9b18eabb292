"""Where a result comes from: enough to make it again, or to say why it cannot be."""

import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

from strag_sim.distributions.profile import Profile
from strag_sim.setup import Setup

PACKAGES = ("numpy", "scipy", "numba", "simpy", "pandas", "pyarrow", "matplotlib")


def provenance(setups: Iterable[Setup], **known: object) -> dict[str, object]:
    """Return what is known of a result, for JSON: ``known`` first, then what can be found out.

    The time is UTC, of now; ``git`` is the commit of the working directory, None outside one.
    """
    return {
        **known,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": sys.argv,
        "git": _git(),
        "profiles": {each.profile: each.profile_data.sha256 for each in _profiles(list(setups))},
        "versions": {
            "strag-sim": importlib.metadata.version("strag-sim"),
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in PACKAGES},
        },
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
        },
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


def _processor() -> str:
    """Return the name of the processor, as well as this system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0].strip() if names else platform.processor() or platform.machine()


def _profiles(value: object) -> list[Profile]:
    """Return all profiles in some setups, however deep in mixtures and models, in order."""
    if isinstance(value, Profile):
        return [value]
    if is_dataclass(value):
        inside: Iterable[object] = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, Mapping):
        inside = value.values()
    elif isinstance(value, list | tuple):
        # The numbers of a long script or trace hold no profile.
        inside = () if value and isinstance(value[0], int | float) else value
    else:
        return []
    return [profile for each in inside for profile in _profiles(each)]

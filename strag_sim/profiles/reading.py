"""Profiles from files: found by name or path, checked, in seconds."""

import difflib
import json
from importlib import resources
from pathlib import Path
from typing import Any

from strag_sim.errors import ProfileError
from strag_sim.profiles.content import profile_of, wrong
from strag_sim.profiles.profile import Profile
from strag_sim.profiles.writing import digest


def load(name_or_path: str, folder: Path | None = None) -> Profile:
    """Load a profile and check it.

    Parameters
    ----------
    name_or_path : str
        A shipped profile's name, or a path: whatever holds a slash or ends in ``.json``.
    folder : Path, optional
        Where relative paths begin; default the current folder.

    Raises
    ------
    ProfileError
        If it is missing, cannot be read, does not fit its checksum, or is no profile.
    """
    if is_path(name_or_path):
        path = (folder or Path()) / name_or_path
        return _checked(str(path), _bytes_of(path))
    if name_or_path not in names():
        raise ProfileError(_unknown(name_or_path))
    return _checked(name_or_path, _shipped().joinpath(f"{name_or_path}.json").read_bytes())


def names() -> list[str]:
    """Return the names of the shipped profiles, sorted."""
    files = (Path(entry.name) for entry in _shipped().iterdir())
    return sorted(file.stem for file in files if file.suffix == ".json")


def is_path(name_or_path: str) -> bool:
    """Tell a path (it holds a slash or ends in ``.json``) from a shipped profile's name."""
    return "/" in name_or_path or "\\" in name_or_path or name_or_path.endswith(".json")


def _shipped() -> Any:
    """Return the folder of shipped profiles, wherever the package is installed."""
    return resources.files("strag_sim.profiles").joinpath("data")


def _unknown(name: str) -> str:
    """Return the message for a name that no shipped profile has."""
    near = difflib.get_close_matches(name, names(), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return (
        f"profile: {name!r} is not allowed; profile must be one of {', '.join(names())}, "
        f"or a path ending in .json{hint}"
    )


def _bytes_of(path: Path) -> bytes:
    """Return what stands in a file."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
        reason = getattr(error, "strerror", None) or str(error)
        raise wrong(str(path), f"be a file that can be read ({reason})") from error


def _checked(where: str, raw: bytes) -> Profile:
    """Return the profile that a file says, or raise the error that says why there is none."""
    content = _parsed(where, raw)
    if not isinstance(content, dict):
        raise wrong(where, "be a JSON object with the keys of a profile")
    stated = content.get("sha256")
    if not isinstance(stated, str):
        raise wrong(where, "hold sha256, its checksum (strag_sim.profiles.write adds it)")
    if stated != digest(content):
        raise wrong(
            where,
            f"fit its sha256 {stated[:12]}..., but what it holds gives {digest(content)[:12]}...; "
            "the file was changed or damaged since it was written (to change a profile, write "
            "it anew with strag_sim.profiles.write)",
        )
    return profile_of(where, content)


def _parsed(where: str, raw: bytes) -> Any:
    """Return what the JSON says; NaN and infinities, which JSON lacks, are refused."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise wrong(where, f"be JSON, but is not ({error}); is the file cut short?") from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON number")

"""Profiles from files: found by name or path, checked, in seconds."""

from pathlib import Path

from strag_sim.profiles.content import SHELF, profile_of
from strag_sim.profiles.profile import Profile

REMEDY = "to change a profile, write it anew with strag_sim.profiles.write"


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
    where, raw = SHELF.found(name_or_path, folder)
    content = SHELF.parsed(where, raw)
    if not isinstance(content.get("sha256"), str):
        raise SHELF.wrong(where, "hold sha256, its checksum (strag_sim.profiles.write adds it)")
    SHELF.check_digest(where, content, REMEDY)
    return profile_of(where, content)


def names() -> list[str]:
    """Return the names of the shipped profiles, sorted."""
    return SHELF.names()

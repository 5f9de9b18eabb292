"""What a profile file may say, checked, and turned into seconds."""

from collections.abc import Mapping
from typing import Any

from strag_sim.errors import ProfileError
from strag_sim.profiles.entries import law, objects, text
from strag_sim.profiles.model import model_of
from strag_sim.profiles.points import date_of, environment_of, points_of
from strag_sim.profiles.profile import FORMAT, RATIO, Machine, Profile
from strag_sim.shelf import Shelf
from strag_sim.units import seconds, shown

SHELF = Shelf("strag_sim.profiles", "profile", "profiles", "profile", ProfileError)


def profile_of(where: str, content: Mapping[str, Any]) -> Profile:
    """Return the profile that parsed JSON describes; ``where`` is its path or name.

    Raises
    ------
    ProfileError
        If it describes none; the message says what is missing or wrong.
    """
    try:
        return _profile(content)
    except ValueError as error:  # its text is what a profile must do and this one does not
        raise SHELF.wrong(where, str(error)) from error


def _profile(content: Mapping[str, Any]) -> Profile:
    """Return the profile; a ValueError says what a profile must do that this one does not."""
    if content.get("format") != FORMAT:
        raise ValueError(f"hold format {FORMAT!r}, but holds {shown(content.get('format'))}")
    unit = text(content, "unit")
    factor = _factor(unit)
    return Profile(
        name=text(content, "name"),
        **law(content, factor, ""),
        description=text(content, "description"),
        unit=unit,
        machines=tuple(
            _machine(row, factor, f"machines[{m}].")
            for m, row in enumerate(objects(content, "machines"))
        ),
        source=text(content, "source"),
        licence=text(content, "licence"),
        sha256=text(content, "sha256"),
        tail=_optional(content, "tail"),
        points=points_of(content, factor),
        environment=environment_of(content),
        command=_optional(content, "command"),
        date=date_of(content),
        model=model_of(content),
    )


def _machine(row: Mapping[str, Any], factor: float, place: str) -> Machine:
    """Return what was measured on one machine."""
    return Machine(name=text(row, "name", place), **law(row, factor, place))


def _optional(content: Mapping[str, Any], key: str) -> str:
    """Return a text, empty where there is none."""
    return text(content, key) if key in content else ""


def _factor(unit: str) -> float:
    """Return the seconds in one unit; a ratio, such as to a median, has none."""
    if unit == RATIO:
        return 1.0
    try:
        return seconds(f"1 {unit}")
    except ValueError:
        raise ValueError(
            f"state its unit as one of ns, us, ms, s, min, h, ratio, not {unit!r}"
        ) from None

"""What a profile file may say, checked, and turned into seconds."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.errors import ProfileError
from strag_sim.profiles.profile import FORMAT, RATIO, Machine, Profile
from strag_sim.units import seconds, shown


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
        raise wrong(where, str(error)) from error


def wrong(where: str, wanted: str) -> ProfileError:
    """Return the error that names a profile and what it must do."""
    return ProfileError(f"profile: {where!r} is not allowed; profile must {wanted}")


def _profile(content: Mapping[str, Any]) -> Profile:
    """Return the profile; a ValueError says what a profile must do that this one does not."""
    if content.get("format") != FORMAT:
        raise ValueError(f"hold format {FORMAT!r}, but holds {shown(content.get('format'))}")
    unit = _text(content, "unit")
    factor = _factor(unit)
    machines = content.get("machines", [])
    if not isinstance(machines, list) or not all(isinstance(row, dict) for row in machines):
        raise ValueError("hold machines as a list of objects")
    return Profile(
        **_measured(content, factor, ""),
        description=_text(content, "description"),
        unit=unit,
        machines=tuple(
            Machine(**_measured(row, factor, f"machines[{m}].")) for m, row in enumerate(machines)
        ),
        source=_text(content, "source"),
        licence=_text(content, "licence"),
        sha256=_text(content, "sha256"),
        tail=_text(content, "tail") if "tail" in content else "",
    )


def _measured(content: Mapping[str, Any], factor: float, place: str) -> dict[str, Any]:
    """Return the fields that a profile and each of its machines share, times in seconds."""
    n = content.get("n")
    if not isinstance(n, int) or isinstance(n, bool) or n < 0:
        raise ValueError(f"hold {place}n, the number of measurements >= 0, but holds {shown(n)}")
    levels, values = _table(content, place)
    return {
        "name": _text(content, "name", place),
        "n": n,
        "mean": _amount(content, "mean", place) * factor,
        "std": _amount(content, "std", place) * factor,
        "levels": levels,
        "values": values * factor,
    }


def _table(
    content: Mapping[str, Any], place: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return levels and values, of one shape (L,), L >= 2, in the unit of the file."""
    levels, values = (_numbers(content, key, place) for key in ("levels", "values"))
    if len(levels) != len(values) or len(levels) < 2:
        raise ValueError(
            f"hold as many {place}values as {place}levels, at least 2, but holds "
            f"{len(values)} and {len(levels)}"
        )
    if levels[0] != 0 or levels[-1] != 1:
        raise ValueError(f"hold {place}levels that begin with 0 and end with 1")
    _in_order(f"{place}levels", levels, np.diff(levels) > 0, "rise")
    _in_order(f"{place}values", values, np.diff(values) >= 0, "never fall")
    if values[0] <= 0:
        raise ValueError(f"hold {place}values above 0, but values[0] is {values[0]}")
    return levels, values


def _in_order(
    name: str, numbers: NDArray[np.float64], fine: NDArray[np.bool_], wanted: str
) -> None:
    """Require order, naming the first number that breaks it."""
    if not fine.all():
        i = int(np.argmin(fine)) + 1
        raise ValueError(
            f"hold {name} that {wanted}, but [{i}] is {numbers[i]} after {numbers[i - 1]}"
        )


def _numbers(content: Mapping[str, Any], key: str, place: str) -> NDArray[np.float64]:
    """Return a list of numbers."""
    numbers = content.get(key)
    if not isinstance(numbers, list) or not all(_is_number(number) for number in numbers):
        raise ValueError(f"hold {place}{key} as a list of finite numbers")
    return np.array(numbers, dtype=np.float64)


def _amount(content: Mapping[str, Any], key: str, place: str) -> float:
    """Return a finite number of at least 0."""
    amount: Any = content.get(key)
    if not _is_number(amount) or amount < 0:
        raise ValueError(f"hold {place}{key} as a finite number >= 0, but holds {shown(amount)}")
    return float(amount)


def _is_number(value: Any) -> bool:
    """Tell whether it is a number that a double holds."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _text(content: Mapping[str, Any], key: str, place: str = "") -> str:
    """Return a text that is not empty."""
    text = content.get(key)
    if not isinstance(text, str) or not text:
        raise ValueError(f"hold {place}{key} as text, but holds {shown(text)}")
    return text


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

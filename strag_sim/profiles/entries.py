"""The entries of a profile file, checked; a ValueError says what a profile must do there."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.shelf import is_number
from strag_sim.units import shown


def law(content: Mapping[str, Any], factor: float, place: str) -> dict[str, Any]:
    """Return n, mean, std, levels and values, times ``factor`` where they are times.

    Here and below ``place`` stands before the key in messages, such as ``machines[3].``.
    """
    n: Any = content.get("n")
    if not _is_whole(n) or n < 0:
        raise ValueError(f"hold {place}n, the number of measurements >= 0, but holds {shown(n)}")
    levels, values = _table(content, place)
    return {
        "n": n,
        "mean": amount(content, "mean", place) * factor,
        "std": amount(content, "std", place) * factor,
        "levels": levels,
        "values": values * factor,
    }


def numbers(content: Mapping[str, Any], key: str, place: str) -> NDArray[np.float64]:
    """Return a list of finite numbers."""
    listed = content.get(key)
    wanted = ValueError(f"hold {place}{key} as a list of finite numbers")
    # All types and values at once: a file may hold a hundred thousand numbers.
    if not isinstance(listed, list) or not set(map(type, listed)) <= {int, float}:
        raise wanted
    try:
        found = np.array(listed, dtype=np.float64)
    except OverflowError:
        raise wanted from None
    if not np.isfinite(found).all():
        raise wanted
    return found


def amount(content: Mapping[str, Any], key: str, place: str) -> float:
    """Return a finite number of at least 0."""
    found: Any = content.get(key)
    if not is_number(found) or found < 0:
        raise ValueError(f"hold {place}{key} as a finite number >= 0, but holds {shown(found)}")
    return float(found)


def count(content: Mapping[str, Any], key: str, place: str) -> int:
    """Return a whole number of at least 1."""
    found: Any = content.get(key)
    if not _is_whole(found) or found < 1:
        raise ValueError(f"hold {place}{key} as a whole number >= 1, but holds {shown(found)}")
    return int(found)


def text(content: Mapping[str, Any], key: str, place: str = "") -> str:
    """Return a text that is not empty."""
    found = content.get(key)
    if not isinstance(found, str) or not found:
        raise ValueError(f"hold {place}{key} as text, but holds {shown(found)}")
    return found


def objects(content: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of objects, empty where the key is missing."""
    found = content.get(key, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError(f"hold {key} as a list of objects")
    return found


def _is_whole(value: Any) -> bool:
    """Tell whether it is a whole number, and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)


def _table(
    content: Mapping[str, Any], place: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return levels and values, of one shape (L,), L >= 2, in the unit of the file."""
    levels, values = (numbers(content, key, place) for key in ("levels", "values"))
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


def _in_order(name: str, found: NDArray[np.float64], fine: NDArray[np.bool_], wanted: str) -> None:
    """Require order, naming the first number that breaks it."""
    if not fine.all():
        i = int(np.argmin(fine)) + 1
        raise ValueError(f"hold {name} that {wanted}, but [{i}] is {found[i]} after {found[i - 1]}")

"""The entries of a table's file, checked; a ValueError says what a table must do there."""

from collections.abc import Mapping
from typing import Any

from strag_sim.accuracies.table import Bin, Entry, Number, Survivors
from strag_sim.shelf import is_number
from strag_sim.units import shown

Row = Mapping[str, Any]


def survivors(row: Row, inputs: int, tasks: int, place: str) -> Survivors:
    """Return the accuracy by a set of tasks.

    Here and below ``place`` stands before the key in messages, such as ``sets[3].``.
    """
    returned = row.get("returned")
    if not isinstance(returned, list) or not all(is_whole(task, 0, tasks - 1) for task in returned):
        raise ValueError(
            f"hold {place}returned as a list of tasks from 0 to {tasks - 1}, but holds "
            f"{shown(returned)}"
        )
    if not returned or len(set(returned)) < len(returned):
        raise ValueError(
            f"hold {place}returned with at least one task, and each once, but holds "
            f"{shown(returned)}"
        )
    return Survivors(
        returned=tuple(sorted(returned)), places=_places(row, inputs, place), **_numbers(row, place)
    )


def bin_of(row: Row, place: str) -> Bin:
    """Return the accuracy by a bin of gain."""
    gain = row.get("gain")
    if not isinstance(gain, list) or len(gain) != 2 or not all(map(is_number, gain)):
        raise ValueError(f"hold {place}gain as two numbers, but holds {shown(gain)}")
    if not 0 <= gain[0] < gain[1]:
        raise ValueError(
            f"hold {place}gain as two numbers >= 0 of which the first is smaller, but holds "
            f"{shown(gain)}"
        )
    return Bin(gain=(float(gain[0]), float(gain[1])), **_numbers(row, place))


def number(row: Row, tasks: int, place: str) -> Number:
    """Return the accuracy by the number of tasks."""
    return Number(returned=whole_number(row, "returned", tasks, place), **_numbers(row, place))


def entry(row: Row, place: str) -> Entry:
    """Return an accuracy alone."""
    return Entry(**_numbers(row, place))


def objects(content: Row, key: str) -> list[dict[str, Any]]:
    """Return a list of objects, empty where the key is missing."""
    found = content.get(key, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError(f"hold {key} as a list of objects, but holds {shown(found)}")
    return found


def text(content: Row, key: str, place: str = "") -> str:
    """Return a text that is not empty."""
    found = content.get(key)
    if not isinstance(found, str) or not found:
        raise ValueError(f"hold {place}{key} as text, but holds {shown(found)}")
    return found


def whole_number(row: Row, key: str, most: int, place: str) -> int:
    """Return a whole number from 1 to ``most``."""
    found: Any = row.get(key)
    if not is_whole(found, 1, most):
        raise ValueError(
            f"hold {place}{key} as a whole number from 1 to {most}, but holds {shown(found)}"
        )
    return int(found)


def is_whole(value: Any, low: int, high: int) -> bool:
    """Tell whether it is a whole number between these, and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _numbers(row: Row, place: str) -> dict[str, Any]:
    """Return value, low, high and agreement; the last three may be null or missing."""
    value = _share(row, "value", place)
    if value is None:
        raise ValueError(f"hold {place}value as a share from 0 to 1, but holds {shown(None)}")
    low, high, agreement = (_share(row, key, place) for key in ("low", "high", "agreement"))
    if (low is None) != (high is None):
        raise ValueError(f"hold {place}low and {place}high both, or neither")
    if low is not None and high is not None and not low <= value <= high:
        raise ValueError(
            f"hold {place}value between low and high, but {value:g} is not in {low:g} to {high:g}"
        )
    return {"value": value, "low": low, "high": high, "agreement": agreement}


def _share(row: Row, key: str, place: str) -> float | None:
    """Return a share, or None for null or where the key is missing."""
    found = row.get(key)
    if found is None:
        return None
    if not _is_share(found):
        hint = " (a share, not per cent)" if is_number(found) and 1 < found <= 100 else ""
        raise ValueError(
            f"hold {place}{key} as a share from 0 to 1, but holds {shown(found)}{hint}"
        )
    return float(found)


def _places(row: Row, inputs: int, place: str) -> tuple[float | None, ...]:
    """Return the accuracy by place in the group, empty where it is not known."""
    found = row.get("places")
    if found is None:
        return ()
    fine = isinstance(found, list) and len(found) == inputs
    if not fine or not all(each is None or _is_share(each) for each in found):
        raise ValueError(
            f"hold {place}places as {inputs} shares from 0 to 1 or null, one for each request of a "
            f"group, but holds {shown(found)}"
        )
    return tuple(None if each is None else float(each) for each in found)


def _is_share(value: Any) -> bool:
    """Tell whether it is a number from 0 to 1."""
    return is_number(value) and 0 <= value <= 1

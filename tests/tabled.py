"""Tables of accuracies for tests: a number of its own for every set of tasks that may return."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any


def value_of(returned: Sequence[int]) -> float:
    """Return the accuracy that a set of tasks has in these tables: the set can be read off it."""
    return sum(2.0 ** -(task + 1) for task in returned)


@cache
def table(
    inputs: int, tasks: int, least: int, *, by_place: bool = False, kind: str = "lagrange"
) -> str:
    """Return the path of a table of all sets of at least ``least`` of the tasks.

    By place, the i-th request of a group has the accuracy of its set divided by i + 1.
    """
    sets = [
        {"returned": list(returned), "value": value_of(returned)}
        | ({"places": [value_of(returned) / (i + 1) for i in range(inputs)]} if by_place else {})
        for count in range(least, tasks + 1)
        for returned in combinations(range(tasks), count)
    ]
    unknown = {"low": None, "high": None, "agreement": None}
    return _written(kind, inputs, tasks, [{**unknown, **each} for each in sets])


@cache
def _by_number(kind: str, inputs: int, tasks: int, values: tuple[tuple[int, float], ...]) -> str:
    sets = [
        {"returned": list(returned), "value": value, "low": None, "high": None, "agreement": None}
        for count, value in values
        for returned in combinations(range(tasks), count)
    ]
    return _written(kind, inputs, tasks, sets)


def by_number(inputs: int, tasks: int, values: Mapping[int, float], kind: str = "lagrange") -> str:
    """Return the path of a table by the number of tasks that returned, whichever these are."""
    return _by_number(kind, inputs, tasks, tuple(values.items()))


def _written(kind: str, inputs: int, tasks: int, sets: list[dict[str, Any]]) -> str:
    """Return the path of a table of these sets."""
    content = {
        "format": 1,
        "name": f"test-{inputs}-{tasks}",
        "title": "numbers by which sets can be told apart",
        "source": "tests",
        "code": {"kind": kind, "inputs": inputs, "tasks": tasks},
        "charges": "all",
        "sets": sets,
    }
    path = Path(tempfile.mkdtemp()) / "table.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)

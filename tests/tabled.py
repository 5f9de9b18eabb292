"""Tables of accuracies for tests: a number of its own for every set of tasks that may return."""

import json
import tempfile
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path


def value_of(returned: Sequence[int]) -> float:
    """Return the accuracy that a set of tasks has in these tables: the set can be read off it."""
    return sum(2.0 ** -(task + 1) for task in returned)


@cache
def table(inputs: int, tasks: int, least: int, *, by_place: bool = False) -> str:
    """Return the path of a table of all sets of at least ``least`` of the tasks.

    By place, the i-th request of a group has the accuracy of its set divided by i + 1.
    """
    sets = [
        {"returned": list(returned), "value": value_of(returned)}
        | ({"places": [value_of(returned) / (i + 1) for i in range(inputs)]} if by_place else {})
        for count in range(least, tasks + 1)
        for returned in combinations(range(tasks), count)
    ]
    content = {
        "format": 1,
        "name": f"test-{inputs}-{tasks}-{least}",
        "title": "numbers by which sets can be told apart",
        "source": "tests",
        "code": {"kind": "lagrange", "inputs": inputs, "tasks": tasks},
        "charges": "all",
        "sets": [{"low": None, "high": None, "agreement": None, **each} for each in sets],
    }
    path = Path(tempfile.mkdtemp()) / "table.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)

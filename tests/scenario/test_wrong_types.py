"""Whatever stands at a key of an ensemble's scenario, it is read or told what is wrong."""

import math
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from ensemble_scenarios import DEVICES, put

from strag_sim.errors import ScenarioError
from strag_sim.scenario import dump, load

KEYS = ("devices", "job", "models", "policies", "arrivals")
JUNK: list[Any] = [
    *(None, True, 0, -1, 2, 1.5, 10**9, 10**400, 5e-324, math.nan, math.inf),
    *("", "x", "p95", "worst-fit", "none.csv", "20 ms", "1 GB"),
    *([], {}, [[]], [{}], {"x": 1}, {"kind": None}, {1: 2}, [1, 2], ["red"], b"x"),
    *([[8, 0]] * 4, {"red": 10**9}, {"red": 2}, [[1] * 9] * 9),
]


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each value that stands in a document, of nested ones too."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, (*path, step))


PATHS = [path for key in KEYS for path in paths(DEVICES[key], (key,))]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_anything_at_a_key_is_read_or_refused_in_words(path: tuple[str | int, ...]) -> None:
    """No other error than a ScenarioError, which names its path; what is read is dumped whole."""
    for junk in JUNK:
        document = deepcopy(DEVICES)
        put(document, path, junk)
        told: tuple[str, ...] = ()
        try:
            scenario = load(document)
        except ScenarioError as error:
            told = error.problems
        else:
            again = load(dump(scenario))
            assert again == scenario
            assert hash(again) == hash(scenario)
            assert scenario.setups()
        assert all(": " in problem and len(problem) < 900 for problem in told)

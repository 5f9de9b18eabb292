"""An accuracy is looked up by set and place, then by set, by gain, by number; else not known."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.accuracies import AccuracyTable, table_of

NOT_KNOWN = -1


def made(**keys: Any) -> AccuracyTable:
    """Return a table of a code with 2 inputs and 4 tasks, and these keys."""
    content = {
        "format": 1,
        "name": "made",
        "title": "Made up.",
        "source": "This test.",
        "code": {"kind": "lagrange", "inputs": 2, "tasks": 4},
        "charges": "all",
    }
    return table_of({**content, **keys})


def found(table: AccuracyTable, *asked: tuple[int, int]) -> list[float]:
    """Return the accuracies at pairs of a mask and a place, -1 for those that are not known."""
    returned, place = np.array(asked, dtype=np.int64).T
    accuracy = table.accuracy(returned, place)
    return np.where(np.isnan(accuracy), NOT_KNOWN, accuracy).tolist()


def test_by_set_and_place() -> None:
    """A place that was not measured, and one that is not known, have the value of the set."""
    table = made(
        sets=[
            {"returned": [0, 3], "value": 0.5, "places": [0.4, None]},
            {"returned": [2, 1], "value": 0.7},
        ]
    )

    assert found(table, (0b1001, 0), (0b1001, 1), (0b1001, -1)) == [0.4, 0.5, 0.5]
    assert found(table, (0b0110, 0), (0b0110, 1), (0b0110, -1)) == [0.7, 0.7, 0.7]


def test_by_number_where_the_set_is_not_there() -> None:
    """The set goes first; two tasks are known by number, three are not."""
    table = made(sets=[{"returned": [0, 1], "value": 0.9}], numbers=[{"returned": 2, "value": 0.8}])

    assert found(table, (0b0011, 0), (0b0101, 0), (0b0111, 0)) == [0.9, 0.8, NOT_KNOWN]
    assert table.least == 2


def test_by_gain() -> None:
    """Where the set is not there, and before the number; a gain of 1 is in a bin from 1 on.

    Worked by hand for 2 inputs at cos(pi/4) = 0.707 and -0.707 and 4 tasks at 1, 0.5, -0.5 and -1.
    The line through tasks at x and y has, at z, the weights (z - y)/(x - y) and (x - z)/(x - y):
    tasks 0 and 3 have the gain 1, as no point lies outside of them; tasks 1 and 2 have, at 0.707,
    1.207 and 0.207: 1.414; tasks 0 and 1 have, at -0.707, 2.414 and 3.414: 5.828; tasks 0 and 2
    have 0.138 and 1.138: 1.276. A single task has the gain 1, and tells no two answers apart.
    """
    table = made(
        sets=[{"returned": [2, 3], "value": 0.2}],
        bins=[
            {"gain": [1, 1.2], "value": 0.9},
            {"gain": [1.4, 1.42], "value": 0.7},
            {"gain": [5.8, 5.9], "value": 0.3},
        ],
        numbers=[{"returned": 2, "value": 0.1}, {"returned": 1, "value": 0.05}],
    )

    assert found(table, (0b1001, 0), (0b0110, 0), (0b0011, 1)) == [0.9, 0.7, 0.3]
    assert found(table, (0b1100, 0)) == [0.2]  # its gain is 5.828 too
    assert found(table, (0b0101, 0), (0b0001, 0)) == [0.1, 0.05]

    by_gain = made(bins=[{"gain": [1, 1.2], "value": 0.9}])
    assert found(by_gain, (0b1001, 0), (0b0101, 0), (0b0001, 0)) == [0.9, NOT_KNOWN, NOT_KNOWN]
    assert by_gain.least == 2


def test_what_no_table_knows() -> None:
    """No task, and tasks that the code has not, are no set."""
    table = made(numbers=[{"returned": 1, "value": 0.8}])

    assert found(table, (0, 0), (0b10000, 0), (-1, 0)) == [NOT_KNOWN] * 3


def test_the_last_of_63_tasks() -> None:
    """Its bit is the largest that a whole number of engines has."""
    code = {"kind": "lagrange", "inputs": 2, "tasks": 63}
    table = made(code=code, sets=[{"returned": [0, 62], "value": 0.6}])

    assert found(table, (1 | 1 << 62, 1), (1 << 62, 1)) == [0.6, NOT_KNOWN]


SHARES = st.floats(0, 1)
SETS = [s for count in (1, 2, 3, 4) for s in combinations(range(4), count)]


@given(
    values=st.dictionaries(st.sampled_from(SETS), st.tuples(SHARES, st.none() | SHARES)),
    numbers=st.dictionaries(st.integers(1, 4), SHARES, min_size=1),
    asked=st.lists(st.tuples(st.integers(0, 15), st.integers(-1, 1)), min_size=1),
)
def test_as_one_would_look_it_up_by_hand(
    values: dict[tuple[int, ...], tuple[float, float | None]],
    numbers: dict[int, float],
    asked: list[tuple[int, int]],
) -> None:
    """Answer by answer: the first place has its own value, or that of the set."""
    table = made(
        sets=[
            {"returned": list(s), "value": v, "places": [p, None]} for s, (v, p) in values.items()
        ],
        numbers=[{"returned": n, "value": v} for n, v in numbers.items()],
    )

    def by_hand(mask: int, place: int) -> float:
        tasks = tuple(task for task in range(4) if mask >> task & 1)
        if tasks not in values:
            return numbers.get(len(tasks), NOT_KNOWN)
        value, first = values[tasks]
        return first if place == 0 and first is not None else value

    assert found(table, *asked) == [by_hand(*each) for each in asked]


def test_many_answers_at_once() -> None:
    """A million answers have the values of their 22 sets."""
    sets = [s for count in (4, 5, 6) for s in combinations(range(6), count)]
    table = made(
        code={"kind": "lagrange", "inputs": 4, "tasks": 6},
        sets=[{"returned": list(s), "value": len(s) / 10} for s in sets],
    )
    rng = np.random.default_rng(5)
    masks = np.array([each.mask for each in table.sets])
    chosen = rng.integers(0, masks.size, 1_000_000)

    accuracy = table.accuracy(masks[chosen], rng.integers(0, 4, chosen.size))

    assert (accuracy == np.array([len(s) / 10 for s in sets])[chosen]).all()


def test_by_number_over_sets() -> None:
    """Sets alone give a mean and a spread; a number that stands there goes before the mean."""
    table = made(
        sets=[
            {"returned": [0, 1], "value": 0.5, "low": 0.4, "high": 0.6},
            {"returned": [0, 2], "value": 0.7},
            {"returned": [0, 1, 2], "value": 0.9, "low": 0.8, "high": 1},
        ],
        numbers=[{"returned": 4, "value": 0.95}],
    )

    two, three, four = (table.number(count) for count in (2, 3, 4))
    assert two is not None
    assert three is not None
    assert four is not None
    assert two.value == pytest.approx(0.6)
    assert (two.low, table.spread(2)) == (None, (0.5, 0.7))
    assert (three.value, three.low, table.spread(3)) == (0.9, 0.8, None)
    assert (four.value, table.number(1)) == (0.95, None)


def test_tables_are_equal_if_they_say_the_same() -> None:
    """So that paths with the same table are one way; a number that differs makes another table."""
    one, same, other = (made(numbers=[{"returned": 2, "value": v}]) for v in (0.5, 0.5, 0.6))

    assert one == same
    assert hash(one) == hash(same)
    assert one != other

"""The accuracy of answers: by their ways, by the tasks that had returned, by their places."""

import math

import numpy as np
import pytest
from measured import outcome_of, paths_of
from tabled import table

from strag_sim.accuracies import read_accuracy
from strag_sim.statistics.accuracy import (
    answer_accuracy,
    places,
    right_answers,
    tasks_returned,
)
from strag_sim.tables import Outcome


def outcome(path: list[int], returned: list[int], group: list[int]) -> Outcome:
    """Return an outcome with these columns."""
    arrival = np.arange(len(path), dtype=np.float64)
    return outcome_of(arrival, arrival + 1)._replace(
        path=np.array(path, np.int16),
        returned=np.array(returned, np.int64),
        group=np.array(group, np.int32),
    )


BY_PLACE = paths_of(
    {"own": 0.9, "coded": math.nan},
    (None, read_accuracy(table(2, 3, 2, by_place=True))),
    ((), (0, 1, 2)),
)


def test_each_by_its_way_and_its_place() -> None:
    """0b011 is 3/4 and 0b110 is 3/8; half of that at place 1."""
    known = outcome([1, 1, 0, 1], [0b011, 0b011, 0b001, 0b110], [0, 0, 1, 1])

    assert answer_accuracy(known, BY_PLACE).tolist() == [0.75, 0.375, 0.9, 0.1875]


def test_without_places_by_the_set_alone() -> None:
    """As for an oracle, whose requests are of groups of several policies."""
    known = outcome([1, 1], [0b011, 0b110], [5, 3])

    assert answer_accuracy(known, BY_PLACE, placed=False).tolist() == [0.75, 0.375]


def test_a_set_that_was_not_measured_is_not_known() -> None:
    """One task of three is fewer than the table has."""
    known = outcome([1, 1], [0b001, 0b111], [0, 0])

    accuracy = answer_accuracy(known, BY_PLACE)
    assert math.isnan(accuracy[0])
    assert math.isnan(right_answers(np.array([0, 2]), accuracy, BY_PLACE))


def test_where_no_task_is_noted_the_one_task_has_returned() -> None:
    """Nothing is noted of a policy whose tables are of a single task, such as a collage."""
    paths = paths_of({"own": 0.9, "collage": math.nan}, (None, _collage()), ((), (4,)))
    known = outcome([1, 0], [], [0, 0])

    assert answer_accuracy(known, paths).tolist() == [0.5, 0.9]


def _collage():
    return read_accuracy(table(4, 1, 1))


def test_answers_without_tables_are_summed_by_way() -> None:
    """Nine of 0.9 and one of 0.8; a way that nobody took does no harm."""
    paths = paths_of({"own": 0.9, "copy": 0.8, "resend": math.nan})

    assert right_answers(np.array([9, 1, 0]), np.zeros(0), paths) == pytest.approx(8.9)


def test_places() -> None:
    """They count from 0 in each group."""
    assert places(np.array([4, 4, 4, 5, 6, 6], np.int32)).tolist() == [0, 1, 2, 0, 0, 1]
    assert places(np.array([0], np.int32)).tolist() == [0]


def test_tasks_are_numbered_as_in_their_recovery() -> None:
    """Tasks 2, 3 and 4 of a group are 0, 1 and 2 of the table: 0b01100 is its 0b011."""
    later = BY_PLACE._replace(tasks=((), (2, 3, 4)))
    known = outcome([1, 1], [0b01100, 0b11000], [0, 0])

    assert answer_accuracy(known, later).tolist() == [0.75, 0.1875]


def test_tasks_that_are_always_the_same_need_no_note() -> None:
    """As of a recovery that needs all of its tasks; nothing is known of own answers."""
    paths = BY_PLACE._replace(returned=np.array([0b1, 0b110]))

    assert tasks_returned(outcome([1, 0], [], [0, 0]), paths).tolist() == [0b110, -1]
    assert tasks_returned(outcome([1, 0], [0b011, 0b1], [0, 0]), BY_PLACE).tolist() == [0b011, -1]

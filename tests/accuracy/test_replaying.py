"""Requests of a simulation on real images: what comes out is what was charged."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch
pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")

import strag_sim  # noqa: E402
from strag_sim.accuracies import AccuracyTable, write_accuracy  # noqa: E402
from strag_sim.errors import TrainingError  # noqa: E402
from strag_sim.results import Result  # noqa: E402

# The scheme of a table, its policy, and the way to what is recovered.
POLICIES: dict[str, tuple[dict[str, Any], str]] = {
    "collage-2": ({"kind": "collage", "grid": 2}, "collage"),
    "lagrange-2-3": ({"kind": "lagrange", "inputs": 2, "tasks": 3, "threshold": 2}, "coded"),
    "parity-sum-2": ({"kind": "parity", "inputs": 2}, "parity"),
    "polynomial-2-2-4": ({"kind": "lagrange", "inputs": 2, "tasks": 4, "threshold": 3}, "coded"),
}


def simulated(table: AccuracyTable, folder: Path, **keys: Any) -> Result:
    """Simulate the policy of a table, and record its requests."""
    path = folder / f"{table.name}.json"
    write_accuracy(table, path)
    assert table.uncoded is not None
    policy = POLICIES[table.name.removeprefix("digits-")][0]
    scenario = {
        "seed": 5,
        "runs": 2,
        "requests": 4_000,
        "warm_up": 101,
        "arrivals": {"kind": "poisson", "offered_load": 0.3},
        "service": {"kind": "exponential", "mean": "10 ms"},
        "accuracy": table.uncoded.value,
        "workers": {"count": 8},
        "policies": [{**policy, "accuracy": str(path), **keys}],
    }
    return strag_sim.simulate(strag_sim.load(scenario), record="requests")


@pytest.fixture(params=POLICIES)
def table(request: pytest.FixtureRequest, digits: Any, models: Path) -> AccuracyTable:
    """Return the table of a scheme."""
    measured: AccuracyTable = accuracy.measured(
        accuracy.scheme(request.param), digits, models, "tests"
    )
    return measured


def test_what_comes_out_is_what_was_charged(
    table: AccuracyTable, digits: Any, models: Path, tmp_path: Path
) -> None:
    """Each way within the table's interval, and within 2 points: 500 images, drawn again."""
    rows = simulated(table, tmp_path).requests()

    found = {each.way: each for each in accuracy.replay(rows, table, digits, models)}

    way = POLICIES[table.name.removeprefix("digits-")][1]
    assert found[way].answers > 200
    assert sum(each.answers for each in found.values()) == 2 * found["all"].answers
    for each in found.values():
        print(f"{table.name} {each.way}: {each.charged:.3f} charged, {each.actual.value:.3f}")
        assert each.inside
        assert abs(each.actual.value - each.charged) < 0.02


def test_other_tasks_than_had_returned_give_other_answers(
    digits: Any, models: Path, tmp_path: Path
) -> None:
    """Results that are taken for those of other tasks: far from what was charged."""
    table = accuracy.measured(accuracy.scheme("lagrange-2-3"), digits, models, "tests")
    rows = simulated(table, tmp_path).requests()
    rows["returned"] = rows["returned"].map({0b011: 0b110, 0b101: 0b011, 0b110: 0b101})
    rows["accuracy"] = 1 - rows["accuracy"]

    found = accuracy.replay(rows, table, digits, models)

    assert all(abs(each.actual.value - each.charged) > 0.1 for each in found)


def test_also_where_the_number_of_results_differs(
    digits: Any, models: Path, tmp_path: Path
) -> None:
    """At a deadline two or three of three have returned, or they are waited for by accuracy."""
    table = accuracy.measured(accuracy.scheme("lagrange-2-3"), digits, models, "tests")
    least = float(np.sort([each.value for each in table.sets if len(each.returned) == 2])[1])
    for keys in ({"deadline": "15 ms"}, {"least_accuracy": least}):
        rows = simulated(table, tmp_path, **keys).requests()

        (coded, _) = accuracy.replay(rows, table, digits, models)

        numbers = rows["returned"].astype("int64").map(int.bit_count).value_counts()
        assert set(numbers.index) == {2, 3}
        assert coded.inside
        assert abs(coded.actual.value - coded.charged) < 0.02


def test_a_table_of_other_images_is_refused(digits: Any, models: Path, tmp_path: Path) -> None:
    """Its scheme cannot be known from its name alone."""
    table = accuracy.measured(accuracy.scheme("collage-2"), digits, models, "tests")
    rows = simulated(table, tmp_path).requests()
    table.content["data_hash"] = "0" * 64

    with pytest.raises(TrainingError, match="was not measured on digits; give --data"):
        accuracy.replay(rows, table, digits, models)


def test_models_that_are_not_there(digits: Any, models: Path, tmp_path: Path) -> None:
    """The message says which command makes them."""
    table = accuracy.measured(accuracy.scheme("collage-2"), digits, models, "tests")
    rows = simulated(table, tmp_path).requests()

    with pytest.raises(TrainingError, match="accuracy train --schemes collage-2"):
        accuracy.replay(rows, table, digits, tmp_path)


def test_groups_that_were_not_measured_whole_are_left_out(digits: Any, models: Path) -> None:
    """The group in which the warm-up ends, and a short last one."""
    import pandas as pd

    rows = pd.DataFrame(
        {
            "run": 0,
            "request": [1, 2, 3, 4, 5, 6],
            "group": [0, 1, 1, 2, 2, 3],
            "path": ["own", "own", "parity", "own", "own", "own"],
            "returned": pd.array([None, None, 0b101, None, None, None], dtype="Int64"),
            "accuracy": 0.5,
        }
    )
    table = accuracy.measured(accuracy.scheme("parity-sum-2"), digits, models, "tests")

    found = {each.way: each.answers for each in accuracy.replay(rows, table, digits, models)}

    assert found == {"own": 3, "parity": 1, "all": 4}

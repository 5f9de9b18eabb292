"""From images to accuracy tables to a simulated scenario, in seconds."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.torch
pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")

import strag_sim  # noqa: E402
from strag_sim.accuracies import AccuracyTable, read_accuracy, write_accuracy  # noqa: E402
from strag_sim.scenario import load  # noqa: E402

# Scheme -> its policy in a scenario, and the least accuracy of what is recovered from the fewest
# results, which a model that learnt nothing has not (it has 0.1).
POLICIES: dict[str, tuple[dict[str, Any], float]] = {
    "collage-2": ({"kind": "collage", "grid": 2}, 0.3),
    "lagrange-2-3": ({"kind": "lagrange", "inputs": 2, "tasks": 3, "threshold": 2}, 0.6),
    "berrut-4-5": ({"kind": "berrut", "inputs": 4, "stragglers": 1}, 0.4),
    "parity-sum-2": ({"kind": "parity", "inputs": 2}, 0.4),
    "polynomial-2-2-4": ({"kind": "lagrange", "inputs": 2, "tasks": 4, "threshold": 3}, 0.3),
}


@pytest.fixture(params=POLICIES)
def measured(request: pytest.FixtureRequest, digits: Any, models: Path) -> tuple[str, Any]:
    """Return a scheme's name and its table."""
    scheme = accuracy.scheme(request.param)
    return scheme.name, accuracy.measured(scheme, digits, models, "the command")


def written(table: AccuracyTable, folder: Path) -> str:
    """Write a table, and return its path."""
    path = folder / f"{table.name}.json"
    write_accuracy(table, path)
    return str(path)


def test_a_table_is_read_as_it_was_written(measured: tuple[str, Any], tmp_path: Path) -> None:
    """It has every set of every size, sound intervals, and models that learnt something."""
    name, table = measured
    scheme = accuracy.scheme(name)

    assert read_accuracy(written(table, tmp_path)) == table
    assert table.name == f"digits-{name}"
    assert (table.inputs, table.tasks, table.least) == (scheme.inputs, scheme.tasks, scheme.least)
    assert table.uncoded is not None
    assert table.uncoded.value > 0.3
    for each in (*table.sets, *table.numbers):
        assert 0 <= each.low <= each.value <= each.high <= 1
        assert each.agreement is not None
    assert table.numbers[0].value > POLICIES[name][1]


def test_a_simulated_scenario_has_that_accuracy(measured: tuple[str, Any], tmp_path: Path) -> None:
    """Every answer that was recovered has the accuracy of a set and a place of the table."""
    name, table = measured
    policy = {**POLICIES[name][0], "accuracy": written(table, tmp_path)}
    scenario = load(
        {
            "arrivals": {"kind": "poisson", "rate": 20},
            "service": {"kind": "exponential", "mean": "10 ms"},
            "accuracy": table.uncoded.value,
            "workers": {"count": 6},
            "policies": [policy],
            "requests": 2_000,
            "runs": 1,
            "seed": 1,
        }
    )

    answers = strag_sim.simulate(scenario, record="requests").requests()
    recovered = answers[answers["path"] != "own"]["accuracy"]

    places = [value for each in table.sets for value in each.places if value is not None]
    assert len(recovered) > 100
    assert set(recovered.round(6)) <= {round(value, 6) for value in places}

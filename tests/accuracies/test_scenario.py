"""The shipped scenario of accuracy charges own answers what its tables say of them."""

from pathlib import Path

import pytest

import strag_sim
from strag_sim.accuracies import read_accuracy

SCENARIO = Path(__file__).parents[2] / "scenarios/accuracy_at_p99.yaml"


def test_own_answers_are_as_accurate_as_the_model_of_the_tables() -> None:
    """All tables have the same uncoded models."""
    scenario = strag_sim.load(SCENARIO)
    tables = {
        table for entry in scenario.policies if (table := getattr(entry.policy, "accuracy", None))
    }

    assert len(tables) >= 5
    for table in tables:
        uncoded = read_accuracy(table).uncoded
        assert uncoded is not None
        assert scenario.accuracy == pytest.approx(uncoded.value, abs=5e-5)

"""What is recorded and told of the tasks that answers were decoded from."""

from dataclasses import dataclass
from typing import Any

import pytest
from tabled import table

import strag_sim
from strag_sim.accuracies import read_accuracy
from strag_sim.policies.shape import Shape, own_recoveries, own_tasks
from strag_sim.results import Result


@dataclass(frozen=True, kw_only=True)
class Said:
    """A user's policy with a text of its own under the name of a key of others."""

    accuracy: str = "high"

    def shape(self) -> Shape:
        """Return the shape."""
        return Shape(1, own_tasks(1), own_recoveries(1))


def simulated(*policies: Any, workers: int = 6, requests: int = 240) -> Result:
    """Simulate some policies, and record their requests."""
    scenario = {
        "arrivals": {"kind": "poisson", "offered_load": 0.2},
        "service": {"kind": "exponential", "mean": "10 ms"},
        "workers": {"count": workers},
        "runs": 1,
        "requests": requests,
        "policies": list(policies),
    }
    return strag_sim.simulate(strag_sim.load(scenario), record="requests")


def test_provenance_names_the_tables_of_any_policy() -> None:
    """By their checksums; a text that is no table does no harm."""
    path = table(2, 3, 2)
    lagrange = {"kind": "lagrange", "inputs": 2, "tasks": 3, "threshold": 2, "accuracy": path}

    known = simulated(lagrange, Said()).provenance["accuracies"]

    assert known == {read_accuracy(path).sha256: read_accuracy(path).name}


def test_bits_beyond_those_of_a_float_survive(tmp_path: Any) -> None:
    """Sixty tasks beside a policy without any: each answer had the thirty of its threshold."""
    path = table(1, 60, 60)  # of all sixty; of thirty it knows nothing
    wide = {"kind": "lagrange", "inputs": 1, "tasks": 60, "threshold": 60, "accuracy": path}
    made = simulated({"kind": "none"}, wide, workers=60)

    for result in (made, Result.open(made.save(tmp_path / "out"))):
        rows = result.requests()
        decoded = rows[rows["label"] != "none"]["returned"]
        assert {int(each).bit_count() for each in decoded} == {60}
        assert rows[rows["label"] == "none"]["returned"].isna().all()


@pytest.mark.parametrize(
    "policy",
    [{"kind": "mds", "inputs": 2, "tasks": 3}, {"kind": "mds", "inputs": 70, "tasks": 70}],
)
def test_what_is_not_noted_is_empty(policy: dict[str, Any]) -> None:
    """Any two of three may have returned; and seventy are too many to be told. Oracles likewise."""
    rows = simulated(policy, {"kind": "oracle"}, workers=70, requests=280).requests()

    assert rows["returned"].isna().all()

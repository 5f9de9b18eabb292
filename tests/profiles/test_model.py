"""What a profile file says of its model is read, or refused with one message."""

from pathlib import Path
from typing import Any

import pytest
from by_batch import content, point

from strag_sim import profiles
from strag_sim.errors import ProfileError
from strag_sim.profiles import Model

WHOLE = {"parameters": 60_190_000, "memory": 761_140_000, "memory_per_sample": 9, "accuracy": 0.83}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (WHOLE, Model(**WHOLE)),
        ({"memory": 1}, Model(memory=1)),
        ({"accuracy": 1}, Model(accuracy=1.0)),
        ({"accuracy": 0}, Model(accuracy=0.0)),
    ],
)
def test_figures_are_read(tmp_path: Path, given: dict[str, Any], read: Model) -> None:
    """As they stand in the file, whatever its unit; None is what it does not say."""
    path = tmp_path / "x.json"
    profiles.write(path, content(point(1), model=given))

    assert profiles.load(str(path)).model == read


def test_most_profiles_have_none() -> None:
    """As those that are no models."""
    assert profiles.load("faas-aws").model is None


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            {},
            "hold model as an object of parameters, memory, memory_per_sample, accuracy, but hold",
        ),
        ([1], r"hold model as an object of .*, but holds \[1\]"),
        (None, "hold model as an object of .*, but holds None"),
        ({"weights": 3}, "hold in model nothing but parameters, .*, but holds 'weights'"),
        ({"memory": 0}, "hold model.memory as a whole number >= 1, but holds 0"),
        ({"memory": 1.5}, "hold model.memory as a whole number >= 1, but holds 1.5"),
        ({"parameters": True}, "hold model.parameters as a whole number >= 1, but holds True"),
        ({"memory_per_sample": "1 GB"}, "hold model.memory_per_sample as a whole number >= 1, but"),
        ({"accuracy": 83.5}, "hold model.accuracy as a share, 0 to 1, but holds 83.5"),
        ({"accuracy": None}, "hold model.accuracy as a share, 0 to 1, but holds None"),
    ],
)
def test_what_is_no_figure_is_refused(tmp_path: Path, model: Any, message: str) -> None:
    """Nothing is written."""
    with pytest.raises(ProfileError, match=message):
        profiles.write(tmp_path / "x.json", content(point(1), model=model))

    assert not (tmp_path / "x.json").exists()

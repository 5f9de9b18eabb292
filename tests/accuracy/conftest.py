"""What tests of coded models share: digits, and a few models that were trained for seconds."""

from pathlib import Path
from typing import Any

import pytest

# One of each kind of model. The uncoded one serves for Berrut.
TRAINED = ("collage-2", "lagrange-2-3", "parity-sum-2", "polynomial-2-2-4", "berrut-4-5")
STEPS = 25  # of each model


@pytest.fixture(scope="session")
def digits() -> Any:
    """Return the digits of scikit-learn."""
    return pytest.importorskip("strag_sim.accuracy").images()


@pytest.fixture(scope="session")
def models(digits: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with models of one seed, trained for a few steps."""
    accuracy = pytest.importorskip("strag_sim.accuracy")
    folder = tmp_path_factory.mktemp("models")
    asked = accuracy.Asked(
        schemes=accuracy.schemes(TRAINED),
        images=digits,
        folder=folder,
        count=1,
        steps=STEPS,
        tiny=True,
    )
    list(accuracy.train(asked, accuracy.missing(asked)))
    return folder

"""From images to accuracy tables to a simulated scenario, in seconds."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch
pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")

from conftest import TRAINED  # noqa: E402

import strag_sim  # noqa: E402
from strag_sim.accuracies import read_accuracy, write_accuracy  # noqa: E402

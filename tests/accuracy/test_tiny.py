"""From images to accuracy tables to a simulated scenario, in seconds."""

import pytest

pytestmark = pytest.mark.torch
pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")

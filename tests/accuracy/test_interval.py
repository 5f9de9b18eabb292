"""The interval over seeds: by hand, and as often right as it says."""

import numpy as np
import pytest

pytestmark = pytest.mark.torch
pytest.importorskip("torch")
interval = pytest.importorskip("strag_sim.accuracy.measuring.interval")


def test_students_interval_by_hand() -> None:
    """0.90, 0.94, 0.98: s = 0.04, and t(2) = 4.303, so +- 4.303 x 0.04 / sqrt(3)."""
    found = interval.estimate([0.90, 0.94, 0.98], 10**6)

    assert found.value == pytest.approx(0.94)
    assert found.low == pytest.approx(0.94 - 4.30265 * 0.04 / 3**0.5, abs=1e-6)
    assert found.high == 1.0  # and not 1.039


def test_wilsons_interval_by_hand() -> None:
    """Seeds that agree by chance know no more than 90 of 100 answers: 0.826 to 0.945."""
    found = interval.estimate([0.9, 0.9, 0.9], 100)

    assert (found.low, found.high) == (
        pytest.approx(0.8256, abs=1e-4),
        pytest.approx(0.9448, abs=1e-4),
    )


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_ends(share: float) -> None:
    """All right, or none: the interval ends there, and is not empty."""
    found = interval.estimate([share], 500)

    assert found.low <= found.value <= found.high
    assert 0 < found.high - found.low < 0.01


def test_as_often_right_as_it_says() -> None:
    """Of three seeds that differ, 95 % or more hold the truth; one seed's binomial one does not."""
    rng = np.random.Generator(np.random.PCG64(7))
    trials, truth, spread, answers = 2000, 0.9, 0.02, 500
    inside = alone = 0
    for _ in range(trials):
        of_seed = np.clip(rng.normal(truth, spread, 3), 0, 1)
        shares = rng.binomial(answers, of_seed) / answers
        found = interval.estimate(list(shares), 3 * answers)
        inside += found.low <= truth <= found.high
        planted = interval.estimate([float(shares.mean())], 3 * answers)
        alone += planted.low <= truth <= planted.high

    deviation = (0.95 * 0.05 / trials) ** 0.5
    assert inside / trials > 0.95 - 4 * deviation
    assert alone / trials < 0.95 - 4 * deviation

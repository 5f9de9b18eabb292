"""The held-out check itself: its sums are right, and a wrong table fails it."""

import numpy as np
import pytest

from strag_sim import profiles
from strag_sim.distributions.profile import Profile
from verification import heldout

UNIFORM = np.array([0.0, 1.0])


@pytest.mark.parametrize("k", [1, 8, 12, 16])
def test_order_statistics_of_the_uniform_law(k):
    """E[X_(k:n)] is k / (n + 1), from one line and from ten thousand measurements."""
    grid = (np.arange(10_000) + 0.5) / 10_000

    assert heldout.mean_of_kth(UNIFORM, UNIFORM, k) == pytest.approx(k / 17, abs=1e-12)
    assert heldout.measured_mean_of_kth(grid, k) == pytest.approx(k / 17, abs=1e-6)


def test_a_bent_line_by_hand():
    """Two draws: the larger is above 1/2 for 3/4. Values u, then 1/2 + 3 (u - 1/2).

    E = int_0^1 Q(u) 2u du = 1/12 + int_(1/2)^1 (3u - 1) 2u du = 1/12 + 7/4 - 3/4 = 13/12.
    """
    levels, values = np.array([0, 0.5, 1]), np.array([0, 0.5, 2])

    assert heldout.mean_of_kth(levels, values, 2, n=2) == pytest.approx(13 / 12)


@pytest.mark.parametrize("name", ["lambda-java21", "faas-gcp", "collage-vm"])
def test_means_are_those_of_draws(name):
    """100,000 rounds of 16 draws, within 4 standard errors."""
    law = profiles.load(name)
    rounds = Profile(profile=name).sample(np.random.default_rng(1), (100_000, 16))
    rounds.sort(axis=1)

    for k in heldout.QUORUMS:
        drawn = rounds[:, k - 1]
        error = drawn.mean() - heldout.mean_of_kth(law.levels, law.values, k)
        assert abs(error) <= 4 * drawn.std() / np.sqrt(len(drawn))


@pytest.mark.parametrize("name", ["lambda-java21", "azure-fresh-vm-memset", "planetlab-rtt"])
def test_draws_of_a_law_pass(name):
    """Of 10,000 draws, half predicts the other half, as measurements would."""
    drawn = Profile(profile=name).sample(np.random.default_rng(2), 10_000)

    line = heldout.row(name, drawn)

    assert line["p99"] <= heldout.P99_LIMIT
    assert line["kofn"] <= heldout.MEAN_LIMIT / 5
    assert line["exp_p99"] > heldout.P99_LIMIT


def test_a_table_without_a_tail_fails(monkeypatch):
    """Planted fault: the table forgets what lies beyond p98."""
    tabled = heldout.tabled

    def cut(half):
        levels, values = tabled(half)
        return levels, np.minimum(values, np.interp(0.98, levels, values))

    monkeypatch.setattr(heldout, "tabled", cut)
    drawn = Profile(profile="lambda-java21").sample(np.random.default_rng(2), 10_000)

    assert heldout.row("cut", drawn)["p99"] > heldout.P99_LIMIT


def test_a_drift_shows_in_the_split_in_time_alone():
    """Measurements that double halfway: mixed halves predict each other, earlier ones do not."""
    drawn = Profile(profile="azure-fresh-vm-memset").sample(np.random.default_rng(3), 10_000)
    drawn[5_000:] *= 2

    line = heldout.row("drift", drawn, timed=True)

    assert line["p99"] < 0.02
    assert line["in_time_p99"] == pytest.approx(0.5, abs=0.03)
    assert line["in_time_kofn"] == pytest.approx(0.5, abs=0.03)
    assert np.isnan(heldout.row("not in order", drawn)["in_time_p99"])

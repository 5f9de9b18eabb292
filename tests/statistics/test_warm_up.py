"""MSER-5 against a case worked by hand, and against queues that start empty."""

import numpy as np
import pytest

from strag_sim.statistics import mser


def test_by_hand():
    """Batches of means 0, 4, 4, 6, 6, 5, 5, 5: with d dropped, sum of squares / (8 - d)^2.

    d = 0: mean 35/8, sum of squares 179 - 1225/8 = 25.875, over 64 is 0.404; d = 1: mean 5, 4 over
    49 is 0.0816; d = 2: mean 31/6, 163 - 961/6 = 2.8333 over 36 is 0.0787; d = 3: mean 27/5,
    147 - 729/5 = 1.2 over 25 is 0.048; d = 4: mean 21/4, 111 - 441/4 = 0.75 over 16 is 0.0469,
    which is the least of all and at the bound of half: no answer. With four more batches of 5, it
    is d = 5 that leaves nothing but fives, and an error of 0, below the bound of 6: 25 requests.
    """
    means = [0, 4, 4, 6, 6, 5, 5, 5]

    assert mser(np.repeat(np.array(means, dtype=float), 5)) is None
    assert mser(np.repeat(np.array([*means, 5, 5, 5, 5], dtype=float), 5)) == 25


def test_what_is_settled_is_kept():
    """A constant series, and one that varies from its first value on, drop nothing."""
    assert mser(np.ones(100)) == 0
    assert mser(np.tile([1.0, 2.0, 0.0, 3.0, 1.5], 40)) == 0


def test_a_ramp_is_dropped():
    """Values that rise for 200 requests and then stay: they are dropped, and few more."""
    rng = np.random.default_rng(1)
    series = np.minimum(np.arange(2000) / 200, 1) + rng.normal(0, 0.05, 2000)

    cut = mser(series)
    assert 150 <= cut <= 260


@pytest.mark.parametrize("length", [0, 3, 19])
def test_too_short(length):
    """Fewer than four batches are no series."""
    assert mser(np.ones(length)) is None


def test_a_large_mean_loses_nothing():
    """A million seconds added to every value changes no cut: sums are about the mean."""
    rng = np.random.default_rng(2)
    series = np.minimum(np.arange(1000) / 100, 1) + rng.normal(0, 0.1, 1000)

    assert mser(series + 1e6) == mser(series) > 0

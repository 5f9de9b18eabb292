"""Tables of quantiles keep the mean and the spread of what was measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from strag_sim.distributions.curve import Curve
from strag_sim.measurements import end_for, levels_for, quantile_table
from strag_sim.measurements.table import tail_of


def lines(table):
    """Return the levels and values of a table as arrays."""
    return np.array(table["levels"]), np.array(table["values"])


def moments(levels, values):
    """Return the mean and the standard deviation of a table's lines."""
    curve = Curve(levels, values)
    return curve.mean, curve.std


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(0.001, 1000)))
def test_values_never_fall_and_stay_within_the_measurements(values):
    """Whatever was measured, the table is a quantile function between its extremes."""
    levels, quantiles = lines(quantile_table(values))

    assert np.all(np.diff(quantiles) >= 0)
    assert (levels[0], levels[-1]) == (0, 1)
    assert quantiles[0] == pytest.approx(values.min(), rel=1e-5)
    assert quantiles[-1] <= values.max() * (1 + 1e-5)


def test_two_measurements_by_hand():
    """1 and 3: flat to level 1/4, a line to level 3/4, flat again; mean 2, variance 2/3."""
    levels, values = lines(quantile_table(np.array([1.0, 3.0])))

    assert np.interp([0, 0.25, 0.5, 0.75, 1], levels, values).tolist() == [1, 1, 2, 3, 3]
    assert moments(levels, values) == pytest.approx((2, np.sqrt(2 / 3)), rel=1e-4)


def test_moments_are_those_of_draws():
    """Mean and standard deviation are those of the law that is drawn from."""
    levels, values = np.array([0, 0.5, 1]), np.array([1.0, 2.0, 7.0])

    draws = Curve(levels, values).sample(np.random.default_rng(4), 1_000_000)
    mean, std = moments(levels, values)

    assert mean == 3  # (1 + 2) / 4 + (2 + 7) / 4
    # (1 + 2 + 4) / 6 + (4 + 14 + 49) / 6 less the mean squared
    assert std == pytest.approx(np.sqrt(74 / 6 - 9))
    assert abs(draws.mean() - mean) <= 4 * std / 1000


@pytest.mark.parametrize("n", [100, 200, 1500, 9000, 60_000])
def test_heavy_tails_keep_mean_and_spread(n):
    """Of a lognormal with CV 1.3, the mean to 1 %, the standard deviation to 2 %."""
    sample = np.random.default_rng(n).lognormal(0, 1, n)

    mean, std = moments(*lines(quantile_table(sample)))

    assert mean == pytest.approx(sample.mean(), rel=0.01)
    assert std == pytest.approx(sample.std(), rel=0.02)


def test_the_plotting_positions_of_numpy_would_be_noticed():
    """Negative control: with extremes that weigh half, a lone straggler among 200 is lost."""
    sample = np.concatenate([np.linspace(1, 1.1, 199), [3.0]])
    levels = levels_for(sample.size)

    _, halved = moments(levels, np.quantile(sample, levels))
    _, std = moments(*lines(quantile_table(sample)))

    assert halved < 0.7 * sample.std()
    # A line up to the straggler has its mean; its spread is a little less than that of one point.
    assert 0.9 * sample.std() < std < sample.std()


@pytest.fixture(scope="module")
def outlier():
    """A million measurements, the largest of which lies far beyond all others."""
    sample = np.random.default_rng(5).exponential(1, 1_000_000)
    sample[7] = 2000.0
    return sample


def test_a_lone_maximum_does_not_stretch_the_last_line(outlier):
    """The law ends where its mean is the measured one, and says so."""
    table = quantile_table(outlier)
    levels, values = lines(table)
    straight = np.quantile(outlier, levels, method="hazen")

    assert moments(levels, straight)[1] > 3 * outlier.std()  # what a line to 2000 would do
    assert moments(levels, values)[0] == pytest.approx(outlier.mean(), rel=1e-5)
    # What one measurement among a million adds to the variance, no table of 1,010 points can hold.
    without = outlier[outlier < 2000].std()
    assert without * 0.99 < moments(levels, values)[1] < outlier.std()
    said = tail_of(outlier, values[-1])
    assert said.startswith(f"The law ends at {values[-1]:g}, so that its mean is the measured one")
    assert "1,000,000 measurements, 2000," in said


def test_an_ordinary_maximum_is_kept():
    """And the text counts the measurements that the tail rests on."""
    sample = np.linspace(1, 2, 200)
    table = quantile_table(sample)

    assert table["values"][-1] == 2
    assert tail_of(sample, 2.0) == (
        "The law ends at the largest of 200 measurements; beyond level 0.99 it rests on 2 of them."
    )


def test_the_end_that_gives_a_mean():
    """By hand: 1 up to level 0.9, then a line; mean 1.1 needs an end at 3. Bounded both ways."""
    levels, values = np.array([0, 0.9, 1]), np.array([1.0, 1.0, np.inf])

    assert end_for(1.1, levels, values) == pytest.approx(3)
    assert end_for(0.5, levels, values) == 1
    assert end_for(1.1, levels, np.array([1.0, 1.0, 2.0])) == 2

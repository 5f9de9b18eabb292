"""Welch's plot: what it draws, worked by hand."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from measured import sample_of

from strag_sim import plots
from strag_sim.plots.marks import kept
from strag_sim.plots.warm_up import smooth
from strag_sim.results import Result
from strag_sim.statistics import estimate


def test_the_moving_average_by_hand():
    """Of 1, 2, 6, 3, 8, 5 with two on either side: narrower at the beginning, as Welch has it."""
    values = np.array([1.0, 2, 6, 3, 8, 5])

    assert smooth(values, 2).tolist() == [1, 3, 4, pytest.approx(24 / 5)]
    assert smooth(values, 0).tolist() == values.tolist()


@pytest.fixture(scope="module")
def axes():
    """Return the axes of two runs whose responses rise from 100 ms, on average, to 300 ms."""
    runs = [np.repeat([0.05, 0.3], 20), np.repeat([0.15, 0.3], 20)]
    sample = sample_of(*runs)
    result = Result.of([sample], [estimate(sample)], "", {}, confidence=0.95)
    return plots.warm_up(result, Figure().add_subplot())


def test_runs_are_averaged(axes):
    """The pale line is the mean over runs of each request, in milliseconds."""
    pale, bold = axes.get_lines()[:2]

    assert pale.get_xdata().tolist() == list(range(40))
    np.testing.assert_allclose(pale.get_ydata(), np.repeat([100.0, 300.0], 20))
    assert bold.get_ydata()[0] == pytest.approx(100)
    assert 100 < bold.get_ydata()[20] < 300
    assert axes.get_ylabel() == "mean response (ms)"


def test_the_cut_is_marked(axes):
    """With its number."""
    assert [text.get_text() for text in axes.texts] == ["warm-up: 0"]
    assert axes.get_lines()[2].get_xdata() == [0, 0]


def test_its_data_are_both_lines_in_seconds(axes):
    """The moving average ends before the means do."""
    pale, bold = axes.get_lines()[:2]
    data = kept(axes)

    np.testing.assert_allclose(1e3 * data["response"], pale.get_ydata())
    np.testing.assert_allclose(1e3 * data["smoothed"].dropna(), bold.get_ydata())
    assert data["smoothed"].isna().sum() == 2

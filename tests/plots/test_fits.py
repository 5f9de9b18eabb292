"""The figure of fits: the measured curve, those of the laws, and what the legend says."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from strag_sim import fitting, plots
from strag_sim.distributions.lognormal import Lognormal

VALUES = Lognormal(mean=0.15, cv=0.5).sample(np.random.default_rng(6), 4000)


@pytest.fixture(scope="module")
def fitted() -> tuple[fitting.Fit, ...]:
    """Return three fits, of which one has no law."""
    return (
        *fitting.fit(VALUES, ["lognormal", "shifted-exponential"]),
        fitting.Fit("pareto", reason="for a test"),
    )


def test_curves_are_the_shares_above(fitted):
    """Measured at its own values; of a law, what its cdf leaves; in ms."""
    ax = plots.fits(VALUES, fitted, Figure().add_subplot())
    measured, law, *_ = (line.get_data() for line in ax.get_lines())

    share = np.array([np.mean(time < VALUES * 1e3) for time in measured[0]])
    assert measured[1] == pytest.approx(share, abs=1.01 / 4000)
    drawn = np.isfinite(law[1])
    assert law[1][drawn] == pytest.approx(1 - fitted[0].law.cdf(law[0][drawn] / 1e3))
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_xlabel() == "time t (ms)"


def test_the_tail_is_drawn_to_the_last_value(fitted):
    """However many values there are, every one of the last ten is a step."""
    ax = plots.fits(VALUES, fitted, Figure().add_subplot())
    times = ax.get_lines()[0].get_xdata()

    assert len(times) < 1600
    assert set(np.sort(VALUES)[-10:] * 1e3) <= set(times)


def test_legend_names_the_laws_and_their_distance(fitted):
    """And no family without a law."""
    ax = plots.fits(VALUES, fitted, Figure().add_subplot())

    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts == ["measured"] + [f"{f.family} (KS {f.goodness.ks:.3f})" for f in fitted[:2]]


def test_factors_have_no_unit(fitted):
    """A profile of ratios is no profile of times."""
    ax = plots.fits(VALUES, fitted, Figure().add_subplot(), seconds=False)

    assert ax.get_xlabel() == "factor f"
    assert ax.get_lines()[0].get_xdata()[-1] == VALUES.max()


@pytest.mark.parametrize("spread", [1e-3, 0.5, 3.0])
def test_ticks_are_few_and_told_apart(spread):
    """Whether times differ by a thousandth or by powers of ten."""
    values = Lognormal(mean=0.15, cv=spread).sample(np.random.default_rng(6), 1000)
    fits = fitting.fit(values, ["lognormal"])
    figure = plots.figure_of(lambda ax: plots.fits(values, fits, ax))
    figure.draw_without_rendering()
    ax = figure.axes[0]

    low, high = ax.get_xlim()
    ticks = [tick for tick in ax.get_xticks() if low <= tick <= high]
    labels = ax.xaxis.get_major_formatter().format_ticks(ticks)
    assert 2 <= len(ticks) <= 9
    assert len(set(labels)) == len(labels)


def test_legend_and_labels_lie_within_the_figure(fitted):
    """Nothing is cut off, and the legend covers no data."""
    figure = plots.figure_of(lambda ax: plots.fits(VALUES, fitted, ax))
    figure.draw_without_rendering()
    ax = figure.axes[0]
    legend, page = ax.get_legend().get_window_extent(), figure.bbox

    assert legend.y0 >= ax.get_window_extent().y1
    assert legend.x1 <= page.x1
    assert legend.y1 <= page.y1

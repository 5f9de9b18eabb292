"""The figure of tails: what it draws, and that its bytes do not change."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from measured import simulated

from strag_sim import plots
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics import estimate


@pytest.fixture(scope="module")
def result():
    """Return the result of a stable and of an unstable policy."""
    samples = [simulated("none", requests=10_000), simulated("flooded", 1.3, requests=10_000)]
    estimates = [estimate(sample) for sample in samples]
    return Result.of(samples, estimates, "", {}, confidence=0.95)


def test_curve_is_the_tail(result):
    """The line passes through the p99 that the summary gives, and falls."""
    ax = Figure().add_subplot()

    assert plots.ccdf(result, ax) is ax
    time, share = ax.get_lines()[0].get_data()
    assert np.all(np.diff(share) <= 0)
    assert share[0] == 1
    crossing = time[np.flatnonzero(share > 0.01)[-1] + 1]
    assert crossing == pytest.approx(result.summary()["p99"][0], rel=0.01)
    assert share[-1] >= 10 / 50_000


def test_legend_names_every_policy(result):
    """The unstable one too, which has no curve."""
    ax = plots.ccdf(result, Figure().add_subplot())

    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts == ["none", "flooded (unstable)"]
    assert ax.get_yscale() == "log"
    assert ax.get_xlabel() == "response time t (s)"


def test_a_long_tail_is_drawn_on_a_logarithmic_axis():
    """Of two policies one is some fifty times slower than the other's median, so both are seen."""
    samples = [simulated("idle", 0.1, requests=10_000), simulated("busy", 0.8, requests=10_000)]
    result = Result.of(samples, [estimate(each) for each in samples], "", {}, confidence=0.95)

    ax = plots.ccdf(result, Figure().add_subplot())
    assert ax.get_xscale() == "log"
    assert {"0.1", "1", "10"} <= {text.get_text() for text in ax.get_xticklabels()}
    alone = Result.of(samples[:1], [estimate(samples[0])], "", {}, confidence=0.95)
    assert plots.ccdf(alone, Figure().add_subplot()).get_xscale() == "linear"


def test_legend_and_labels_lie_within_the_figure(result):
    """Nothing is cut off, and the legend covers no data."""
    figure = plots.draw(result, "ccdf")
    figure.draw_without_rendering()
    ax = figure.axes[0]
    legend, page = ax.get_legend().get_window_extent(), figure.bbox

    assert legend.y0 >= ax.get_window_extent().y1
    assert legend.x0 >= page.x0
    assert legend.x1 <= page.x1
    assert legend.y1 <= page.y1


@pytest.mark.parametrize("ending", ["pdf", "png", "svg"])
def test_same_result_same_bytes(result, tmp_path, ending):
    """Two drawings of one result are the same file."""
    paths = [tmp_path / f"{name}.{ending}" for name in "ab"]

    for path in paths:
        plots.write(plots.draw(result, "ccdf"), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_fonts_are_embedded_as_truetype(result, tmp_path):
    """The checkers of publishers refuse Type 3."""
    plots.write(plots.draw(result, "ccdf"), tmp_path / "figure.pdf")

    content = (tmp_path / "figure.pdf").read_bytes()
    assert b"/FontFile2" in content
    assert b"/Type3" not in content


def test_unknown_ending_is_refused(result, tmp_path):
    """The message names what may be written."""
    with pytest.raises(ResultError, match=r"\.pdf, \.svg, \.png"):
        plots.write(plots.draw(result, "ccdf"), tmp_path / "figure.bmp")


def test_a_dollar_is_a_dollar():
    """No label of a user begins a formula, also one that would be a wrong one."""
    sample = simulated("$\\foo{$ x $y^2$", requests=500)
    result = Result.of([sample], [estimate(sample)], "", {}, confidence=0.95)

    for kind in ("ccdf", "warm-up"):
        figure = plots.draw(result, kind)
        figure.draw_without_rendering()
        (text,) = figure.axes[0].get_legend().get_texts()
        assert text.get_text() == "\\$\\foo{\\$ x \\$y^2\\$"

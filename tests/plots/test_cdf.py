"""The figure of the share that is there by a time: curves, bands, where the axis ends."""

import numpy as np
import pytest
from measured import simulated

from strag_sim import plots
from strag_sim.errors import ResultError
from strag_sim.plots.marks import kept
from strag_sim.results import Result
from strag_sim.statistics import Sample, estimate


def result_of(*samples: Sample) -> Result:
    """Return the result of these samples."""
    return Result.of(samples, [estimate(each) for each in samples], "", {}, confidence=0.95)


def drawn(result: Result):
    """Return the axes of the figure of a result, laid out."""
    figure = plots.draw(result, "cdf")
    figure.draw_without_rendering()
    return figure.axes[0]


def test_curve_passes_through_the_median():
    """It rises from (0, 0), both axes are straight, and its intervals are around it."""
    result = result_of(simulated("none", requests=10_000))
    ax = drawn(result)

    time, share = ax.get_lines()[0].get_data()
    assert (time[0], share[0]) == (0, 0)
    assert np.all(np.diff(share) >= 0)
    crossing = time[np.flatnonzero(share >= 0.5)[0]]
    assert crossing == pytest.approx(result.summary()["p50"][0], rel=0.01)
    assert ax.get_xscale() == ax.get_yscale() == "linear"
    frame = kept(ax)
    assert ((frame["low"] <= frame["share"]) & (frame["share"] <= frame["high"])).all()


def test_axis_ends_at_the_largest_p99():
    """Of two policies the slower one's; none is beyond it, so nothing is said."""
    result = result_of(simulated("none", 0.5), simulated("busy", 0.7))
    ax = drawn(result)

    assert ax.get_xlim() == (0, pytest.approx(result.summary()["p99"].max()))
    assert not ax.texts


def test_a_p99_far_beyond_the_fastest_is_named_below():
    """The fast policy would be a line at 0 otherwise; the caption has the number of the slow."""
    result = result_of(simulated("$fast$", 0.05), simulated("slow", 0.9))
    ax = drawn(result)

    assert ax.get_xlim()[1] == pytest.approx(15 * result.summary()["p50"].min())
    assert "of slow: " in ax.texts[0].get_text()
    assert "fast" not in ax.texts[0].get_text()


def test_unstable_policies_are_named():
    """One beside a stable one; where all are, there is nothing to draw."""
    flooded = simulated("flooded", 1.5, requests=10_000)

    ax = drawn(result_of(simulated(), flooded))
    assert ax.get_legend().get_texts()[-1].get_text() == "flooded (unstable)"
    assert len(ax.get_lines()[-1].get_xdata()) == 0
    for kind in ("ccdf", "cdf"):
        with pytest.raises(ResultError, match="no responses can be drawn: all policies are unst"):
            plots.draw(result_of(flooded), kind)


def test_one_run_has_no_band():
    """The curve is there; its interval is not made up."""
    ax = drawn(result_of(simulated(runs=1)))

    assert len(ax.get_lines()[0].get_xdata()) > 100
    assert kept(ax)[["low", "high"]].isna().all(axis=None)
    paths = [path for band in ax.collections for path in band.get_paths()]
    assert not paths


def test_marks_belong_to_their_policy():
    """The line and the band of the second policy, and nothing of the first."""
    ax = drawn(result_of(simulated("none", 0.5), simulated("busy", 0.7)))

    assert [line.get_gid() for line in ax.get_lines()] == ["policy-0", "policy-1"]
    assert [band.get_gid() for band in ax.collections] == ["policy-0", "policy-1"]

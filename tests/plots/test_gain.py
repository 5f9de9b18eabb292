"""The figure of gains: its numbers are the summaries', and its intervals are over paired runs."""

import numpy as np
import pytest
from matplotlib.container import ErrorbarContainer

import strag_sim
from strag_sim import plots
from strag_sim.errors import ResultError
from strag_sim.plots.gain import gain_of

SCENARIO = {
    "runs": 8,
    "requests": 2000,
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 4},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2, "label": "two"}],
}


@pytest.fixture(scope="module")
def results():
    """Return results at two loads."""
    return [
        strag_sim.simulate(strag_sim.load(SCENARIO, overrides={"arrivals.offered_load": load}))
        for load in (0.2, 0.4)
    ]


def test_a_gain_is_a_ratio_of_the_summary(results):
    """And its interval that of the log ratios of paired runs, around the pooled one."""
    summary = results[0].summary().set_index("label")["p99"]
    runs = results[0].runs().pivot(index="run", columns="label", values="p99")

    point, interval = gain_of(results[0], "none", "two", "p99")

    assert point == pytest.approx(summary["none"] / summary["two"], rel=1e-12)
    spread = np.log(runs["none"] / runs["two"]) - np.log(point)
    half = 2.364624 * np.sqrt((spread**2).sum() / (8 * 7))  # Student's t, 7 degrees, 95 %
    assert interval.low == pytest.approx(point * np.exp(-half), rel=1e-6)
    assert interval.high == pytest.approx(point * np.exp(half), rel=1e-6)


def test_the_interval_is_of_pairs(results):
    """Pairing shows: independent runs of the same spread would give a wider one."""
    runs = results[0].runs().pivot(index="run", columns="label", values="p99")
    _, interval = gain_of(results[0], "none", "two", "p99")
    apart = np.log(runs).std(ddof=1)

    unpaired = 2 * 2.364624 * np.sqrt((apart**2).sum() / 8)
    assert np.log(interval.high / interval.low) < unpaired


def test_what_is_drawn(results):
    """A line a policy but the first, a point a result, and the results' names below."""
    figure = plots.figure_of(lambda ax: plots.gain(results, ["low", "high"], ax))
    (ax,) = figure.axes
    (bars,) = [c for c in ax.containers if isinstance(c, ErrorbarContainer)]

    expected = [gain_of(result, "none", "two", "p99")[0] for result in results]
    assert bars.lines[0].get_ydata().tolist() == expected
    assert [text.get_text() for text in ax.get_xticklabels()] == ["low", "high"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["two"]
    assert ax.get_yscale() == "log"


def test_an_unstable_policy_has_no_point(results):
    """Its quantiles are not known; the others are drawn."""
    keys = {**SCENARIO, "arrivals": {"kind": "poisson", "rate": 3.9}, "requests": 20_000}
    copies = {"kind": "replication", "copies": 2, "label": "two", "cancel": "never"}
    policies = [*SCENARIO["policies"][:1], copies, {"kind": "none", "label": "same"}]
    result = strag_sim.simulate(strag_sim.load({**keys, "policies": policies}))
    figure = plots.figure_of(lambda ax: plots.gain([result], ["busy"], ax))
    two, same = [c for c in figure.axes[0].containers if isinstance(c, ErrorbarContainer)]

    assert np.isnan(two.lines[0].get_ydata()).all()
    assert same.lines[0].get_ydata().tolist() == [1.0]


def test_other_policies_are_refused(results):
    """A gain over different things is none."""
    other = strag_sim.simulate(
        strag_sim.load({**SCENARIO, "policies": [{"kind": "none"}, {"kind": "hedge", "delay": 1}]})
    )
    alone = strag_sim.simulate(strag_sim.load({**SCENARIO, "policies": [{"kind": "none"}]}))

    with pytest.raises(
        ResultError, match="b: has the policies none, hedge 1 s, but a has none, tw"
    ):
        plots.figure_of(lambda ax: plots.gain([results[0], other], ["a", "b"], ax))
    with pytest.raises(ResultError, match="a gain needs two policies"):
        plots.figure_of(lambda ax: plots.gain([alone], ["a"], ax))


def test_long_names_do_not_run_into_each_other(results):
    """They stand aslant; those that have room do not."""
    long = [f"a result of a long name {i}" for i in range(6)]
    figure = plots.figure_of(lambda ax: plots.gain(results * 3, long, ax))
    figure.draw_without_rendering()
    labels = figure.axes[0].get_xticklabels()

    assert [label.get_rotation() for label in labels] == [30] * 6
    assert min(label.get_window_extent().x0 for label in labels) >= 0
    short = plots.figure_of(lambda ax: plots.gain(results, ["low", "high"], ax))
    assert {label.get_rotation() for label in short.axes[0].get_xticklabels()} == {0}


def test_a_long_label_leaves_the_axes_their_room(results):
    """It goes on in a second line of the legend, within the page."""
    label = "two copies of every request, sent to two workers that were drawn at random"
    keys = {**SCENARIO, "policies": [{"kind": "none"}, {**SCENARIO["policies"][1], "label": label}]}
    result = strag_sim.simulate(strag_sim.load(keys))

    figure = plots.figure_of(lambda ax: plots.gain([result], ["one"], ax))
    figure.draw_without_rendering()
    (ax,) = figure.axes

    (text,) = ax.get_legend().get_texts()
    assert text.get_text().replace("\n", " ") == label
    assert ax.get_legend().get_window_extent().x1 <= figure.bbox.x1
    assert ax.get_window_extent().width > 0.7 * figure.bbox.width


def test_nothing_is_gained_over_an_unstable_policy():
    """An empty figure would say nothing; the message says why there is none."""
    keys = {"arrivals": {"kind": "poisson", "rate": 8}, "requests": 20_000, "runs": 2}
    result = strag_sim.simulate(strag_sim.load({**SCENARIO, **keys}))

    with pytest.raises(ResultError, match="full: no gain can be drawn: none, the first policy"):
        plots.figure_of(lambda ax: plots.gain([result], ["full"], ax))


def test_policies_are_told_apart_without_colour():
    """A mark each, and a first policy of any name leaves its axis readable."""
    long = "a first policy that has a very long name indeed"
    copies = [{"kind": "replication", "copies": 2, "label": f"copy {n}"} for n in range(8)]
    keys = {**SCENARIO, "runs": 2, "requests": 200}
    policies = [{"kind": "none", "label": long}, *copies]
    result = strag_sim.simulate(strag_sim.load({**keys, "policies": policies}))

    (ax,) = plots.figure_of(lambda ax: plots.gain([result], ["one"], ax)).axes

    bars = [c for c in ax.containers if isinstance(c, ErrorbarContainer)]
    assert len({bar.lines[0].get_marker() for bar in bars}) == 8
    assert ax.get_ylabel() == "gain: p99 of a first policy th... / p99"

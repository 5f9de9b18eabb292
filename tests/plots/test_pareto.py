"""The figure of p99 against cost: which policies dominate, and that the picture says what is so."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.text import Text

import strag_sim
from strag_sim import plots
from strag_sim.errors import ResultError
from strag_sim.plots.pareto import Estimate, Policy, dominated
from strag_sim.results import Result

NAN = math.nan
SERVICE = {"kind": "exponential", "mean": 1}
KEYS = {
    "runs": 4,
    "requests": 2000,
    "arrivals": {"kind": "poisson", "rate": 1},
    "service": SERVICE,
    "workers": {"count": 10},
    "accuracy": 0.98,
    "models": {
        "good": {"service": SERVICE, "accuracy": 0.9},
        "new": {"service": SERVICE},
        "bad": {"service": {"kind": "exponential", "mean": 3}, "accuracy": 0.1},
    },
    "policies": [
        {"kind": "none"},
        {"kind": "collage", "grid": 2, "model": "good", "label": "good"},
        {"kind": "collage", "grid": 2, "model": "bad", "label": "bad"},
        {"kind": "collage", "grid": 2, "model": "new", "label": "costs $1"},
        {"kind": "oracle"},
    ],
}


@pytest.fixture(scope="module")
def result():
    """Return a result with an accuracy that is not known, and a policy that another dominates."""
    return strag_sim.simulate(strag_sim.load(KEYS))


def exactly(value):
    """Return an estimate without an interval."""
    return Estimate(value, NAN, NAN)


def policy(p99, cost, accuracy=0.9):
    """Return a policy of exact numbers."""
    return Policy("", exactly(p99), exactly(cost), exactly(accuracy))


def altered(result, **columns):
    """Return the result with other values in columns of its summary."""
    tables = {**result.tables, "summary": result.summary().assign(**columns)}
    return Result(tables=tables, scenario=result.scenario, provenance=result.provenance)


def markers(figure):
    """Return the lines of the policies' markers, by label."""
    lines = [each for each in figure.axes[0].get_lines() if each.get_label()[0].isdigit()]
    return {line.get_label(): line for line in lines}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (policy(1, 1), policy(2, 1), True),
        (policy(1, 1), policy(1, 2), True),
        (policy(1, 1, 0.95), policy(1, 1, 0.90), True),
        (policy(1, 1), policy(1, 1), False),  # the same in all
        (policy(1, 2), policy(2, 1), False),
        (policy(1, 1, 0.8), policy(2, 2, 0.9), False),  # faster, cheaper, and more often wrong
        (policy(1, 1, NAN), policy(2, 2, 0.9), False),  # may be more often wrong
        (policy(1, 1, 0.9), policy(2, 2, NAN), False),  # may be more often right
        (policy(1, 1, NAN), policy(2, 2, NAN), True),  # of accuracy nothing is said at all
    ],
)
def test_who_dominates(one, other, expected):
    """No worse in all and better in something; never where an accuracy on one side is missing."""
    assert dominated(other, [one, other]) is expected
    assert dominated(one, [one, other]) is False


def test_intervals_decide_what_is_better():
    """Where they meet, and the rest is the same, there may be no difference."""
    near = Policy("", Estimate(1.0, 0.8, 1.2), exactly(1), exactly(0.9))
    meets = Policy("", Estimate(1.3, 1.1, 1.5), exactly(1), exactly(0.9))
    beyond = Policy("", Estimate(1.5, 1.3, 1.7), exactly(1), exactly(0.9))

    assert not dominated(meets, [near, meets])
    assert dominated(beyond, [near, beyond])


numbers = st.sampled_from([1.0, 2.0, 3.0])
accuracies = st.sampled_from([0.5, 0.9, NAN])


@given(st.lists(st.builds(policy, numbers, numbers, accuracies), min_size=1, max_size=6))
def test_somebody_is_left(policies):
    """Not all are dominated, and who is, is so by one who is not."""
    left = [each for each in policies if not dominated(each, policies)]

    assert left
    for each in policies:
        if not any(each is other for other in left):
            known = any(other.known for other in policies)
            assert not known or any(dominated(each, [other, each]) for other in left)


def test_points_are_the_summary(result):
    """Cost, p99 and their intervals, in the units of the axes; numbers and labels in the legend."""
    figure = plots.draw(result, "pareto")
    ax, summary = figure.axes[0], result.summary().set_index("label")
    drawn = markers(figure)

    assert list(drawn) == [
        "1  none, 98.0\N{NO-BREAK SPACE}%",
        f"2  good, {100 * summary.at['good', 'accuracy']:.1f}\N{NO-BREAK SPACE}%",
        f"3  bad, {100 * summary.at['bad', 'accuracy']:.1f}\N{NO-BREAK SPACE}%, dominated",
        "4  costs $1, accuracy unknown",
    ]
    assert ax.get_xlabel() == "cost (worker-ms a request)"
    assert ax.get_ylabel() == "p99 response time (ms)"
    for name, line in zip(summary.index, drawn.values(), strict=False):
        assert line.get_xdata()[0] == pytest.approx(1000 * summary.at[name, "cost"])
        assert line.get_ydata()[0] == pytest.approx(1000 * summary.at[name, "p99"])
    bars = ax.containers[0].lines[2]
    ends = [np.sort(each.get_segments()[0], axis=0) for each in bars]
    assert ends[0][:, 0] == pytest.approx(1000 * summary.loc["none", ["cost_low", "cost_high"]])
    assert ends[1][:, 1] == pytest.approx(1000 * summary.loc["none", ["p99_low", "p99_high"]])
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert [text[:7] for text in texts] == ["1  none", "2  good", "3  bad,", "4  cost"]


def test_accuracy_is_colour_and_the_unknown_is_open(result):
    """Shades grow darker, so that they are told apart in grey; dominated is grey and open."""
    none, good, bad, new = markers(plots.draw(result, "pareto")).values()

    def light(line):
        return np.dot(to_rgba(line.get_markerfacecolor())[:3], (0.3, 0.6, 0.1))

    assert light(none) < light(good) - 0.2
    assert (new.get_marker(), to_rgba(new.get_markerfacecolor())) == ("D", to_rgba("white"))
    assert to_rgba(bad.get_markerfacecolor()) == to_rgba("white")
    assert to_rgba(bad.get_markeredgecolor()) == to_rgba("0.5")
    assert to_rgba(new.get_markeredgecolor()) == to_rgba("black")


def test_the_scale_of_accuracies(result):
    """It stands beside the axes where accuracies differ, in per cent, and nowhere else."""
    figure = plots.draw(result, "pareto")
    low, high = figure.axes[1].get_ylim()
    good = result.summary()["accuracy"][1]
    assert figure.axes[1].get_ylabel() == "accuracy (%)"
    assert (low, high) == pytest.approx((100 * good, 98))

    for accuracy in (0.9, NAN):
        alike = altered(result, accuracy=accuracy, accuracy_low=NAN, accuracy_high=NAN)
        figure = plots.draw(alike, "pareto")
        assert len(figure.axes) == 1
        assert any(line.get_marker() == "D" for line in markers(figure).values()) is False
    assert "unknown" not in " ".join(markers(figure))


def test_an_oracle_is_a_line_and_the_unstable_is_named(result):
    """Without a cost there is no place, without a p99 no point."""
    figure = plots.draw(altered(result, p99=[NAN, *result.summary()["p99"][1:]]), "pareto")
    ax = figure.axes[0]

    assert ax.get_xlabel().endswith("\nunstable, so not drawn: none")
    assert "oracle (without a cost)" in [text.get_text() for text in ax.texts]
    assert [label[0] for label in markers(figure)] == ["1", "2", "3"]
    with pytest.raises(ResultError, match="p99 cannot be drawn against cost: all policies are"):
        plots.draw(altered(result, p99=NAN), "pareto")


def test_one_run_has_no_bars():
    """Its intervals are not known, and so not drawn."""
    figure = plots.draw(strag_sim.simulate(strag_sim.load({**KEYS, "runs": 1})), "pareto")

    assert all(len(each.lines[2]) == 0 for each in figure.axes[0].containers)


def test_numbers_and_legend_stand_clear(result):
    """No number hides another or a point of another, of a dozen policies at nearly one place."""
    policies = [
        {"kind": "none", "label": f"a policy with a long name, {i}", "workers": {"count": 40 + i}}
        for i in range(12)
    ]
    many = strag_sim.simulate(strag_sim.load({**KEYS, "requests": 200, "policies": policies}))
    figure = plots.draw(many, "pareto")
    figure.draw_without_rendering()
    ax = figure.axes[0]
    boxes = [Text.get_window_extent(text) for text in ax.texts]

    assert [text.get_text() for text in ax.texts] == [str(i) for i in range(1, 13)]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[i + 1 :])
    assert ax.get_window_extent().height > 150
    assert ax.get_legend().get_window_extent().y1 <= figure.bbox.y1
    assert ax.get_legend().get_window_extent().x1 <= figure.bbox.x1

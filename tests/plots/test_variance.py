"""The figure of what varies: points, intervals, the ratios beside them, and who has none."""

import pytest
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from measured import sample_of, simulated

from strag_sim import plots
from strag_sim.compare import compare
from strag_sim.errors import ResultError
from strag_sim.plots.marks import kept
from strag_sim.results import Result
from strag_sim.statistics import Sample, estimate


def result_of(*samples: Sample) -> Result:
    """Return the result of these samples."""
    return Result.of(samples, [estimate(each) for each in samples], "", {}, confidence=0.95)


def drawn(result: Result) -> Axes:
    """Return the axes of the figure of a result, laid out."""
    figure = plots.draw(result, "variance")
    figure.draw_without_rendering()
    return figure.axes[0]


def points(ax: Axes) -> list[float]:
    """Return what is drawn of each policy, from above; NaN where there is nothing."""
    bars = [each for each in ax.containers if isinstance(each, ErrorbarContainer)]
    return [float(bar[0].get_xdata()[0]) for bar in bars]


def written(ax: Axes) -> list[str]:
    """Return the texts beside the axes."""
    return [text.get_text() for text in ax.texts]


TWO = (0.6, 0.3)


@pytest.fixture(scope="module")
def result() -> Result:
    """Return the result of two policies, of which the second is much steadier."""
    return result_of(*(simulated(f"load {load}", load) for load in TWO))


def test_points_are_the_summary(result: Result) -> None:
    """In the scenario's order from above, with the intervals over runs, in milliseconds."""
    ax, summary = drawn(result), result.summary()

    assert points(ax) == pytest.approx((1000 * summary["std"]).tolist())
    (bar,) = ax.containers[1][2]
    assert bar.get_segments()[0][:, 0] == pytest.approx(
        (1000 * summary[["std_low", "std_high"]].loc[1]).tolist()
    )
    assert ax.yaxis_inverted()
    assert [text.get_text() for text in ax.get_yticklabels()] == ["load 0.6", "load 0.3"]
    assert ax.get_xlabel() == "standard deviation (ms)"
    assert ax.get_xlim()[0] == 0


def test_ratios_are_those_of_the_comparison(result: Result) -> None:
    """Of the variance, paired: its number and interval are written behind the second row."""
    table = compare(result).table().set_index("measure").loc["var"]
    frame = kept(ax := drawn(result))

    assert frame["ratio"].tolist() == [1, table["ratio"]]
    texts = written(ax)
    assert texts[0] == "1"
    assert texts[1].startswith(f"{table['ratio']:.3f} (")
    assert texts[2] == "variance over\nthat of load 0.6"


def test_far_apart_the_axis_is_logarithmic() -> None:
    """Otherwise the steadiest would all stand at 0."""
    ax = drawn(result_of(simulated("busy", 0.9), simulated("idle", 0.05)))

    assert ax.get_xscale() == "log"
    low, high = ax.get_xlim()
    assert low < min(points(ax)) < max(points(ax)) < high


def test_one_run_and_one_policy() -> None:
    """A point without a bar, a ratio without an interval; alone nothing is written above."""
    ax = drawn(result_of(simulated("a", 0.6, runs=1), simulated("b", 0.5, runs=1)))
    alone = drawn(result_of(simulated()))

    assert "(" not in written(ax)[1]
    assert kept(ax)["std_low"].isna().all()
    assert written(alone) == ["1"]


def test_unstable_policies_are_named() -> None:
    """Beside a stable one, and first, so that nobody has a ratio; alone nothing is drawn."""
    flooded, steady = simulated("flooded", 1.5, requests=10_000), simulated(requests=10_000)

    assert written(drawn(result_of(steady, flooded)))[:2] == ["1", "unstable"]
    assert written(drawn(result_of(flooded, steady)))[:2] == ["unstable", "-"]
    with pytest.raises(ResultError, match="no policy has a spread"):
        plots.draw(result_of(flooded), "variance")


def test_nothing_varies() -> None:
    """All responses alike: points at 0, on an axis with some length."""
    ax = drawn(result_of(sample_of([2.0] * 10, [2.0] * 10)))

    assert points(ax) == [0]
    assert ax.get_xlim() == (0, 1)


def test_long_labels_keep_apart() -> None:
    """Nine policies, one with many lines and signs of formulas: none is cut, and none overlap."""
    labels = [f"policy {i} of nine" for i in range(8)]
    labels.insert(2, "two copies at $1.50 an hour_of work, of which the loser is $ cancelled_late")
    ax = drawn(result_of(*(simulated(label, 0.5, requests=500) for label in labels)))
    page = ax.get_figure().bbox
    boxes = [text.get_window_extent() for text in (*ax.get_yticklabels(), *ax.texts)]

    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 for box in boxes)
    assert all(page.y0 <= box.y0 and box.y1 <= page.y1 for box in boxes)
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert ax.get_window_extent().width > 0.25 * page.width


def test_marks_belong_to_their_policy(result: Result) -> None:
    """All lines, bars and texts of a row."""
    ax = drawn(result)

    assert [text.get_gid() for text in ax.texts] == ["policy-0", "policy-1", None]
    assert {line.get_gid() for line in ax.get_lines()} == {"policy-0", "policy-1"}

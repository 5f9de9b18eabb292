"""Figures of sweeps show what the table says."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from swept import TINY

import strag_sim
from strag_sim import plots
from strag_sim.errors import ResultError


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return a sweep over two values."""
    source = {**TINY, "runs": 5, "requests": 2000}
    return strag_sim.sweep(source, output=tmp_path_factory.mktemp("swept") / "a", jobs=1)


@pytest.fixture(scope="module")
def unstable(tmp_path_factory):
    """Return a sweep over loads at which two copies are too many."""
    axis = {"arrivals.offered_load": {"from": 0.2, "to": 0.8, "steps": 4}}
    source = {**TINY, "runs": 3, "requests": 20_000, "cancel": "never", "sweep": axis}
    return strag_sim.sweep(source, output=tmp_path_factory.mktemp("unstable") / "a", jobs=1)


def axes():
    """Return empty axes."""
    return Figure().add_subplot()


def test_p99_against_load(swept):
    """One line a policy and count of workers; its points and its band are the table's."""
    ax = plots.p99_load(swept, axes(), where=["workers.count<=8"])
    table = swept.table()
    lines = {line.get_label(): line for line in ax.lines}

    assert set(lines) == {
        f"{label}, workers count {count}" for label in ("none", "replication 2") for count in (4, 8)
    }
    rows = table[(table["label"] == "none") & (table["workers.count"] == 8)]
    line = lines["none, workers count 8"]
    assert np.array_equal(line.get_xdata(), rows["arrivals.offered_load"])
    assert np.allclose(line.get_ydata(), rows["p99"] * 1e3)
    band = ax.collections[list(lines).index("none, workers count 8")].get_paths()[0].get_extents()
    assert band.y0 * 1e-3 == pytest.approx(rows["p99_low"].min())
    assert band.y1 * 1e-3 == pytest.approx(rows["p99_high"].max())


def test_a_line_ends_where_its_policy_is_unstable(unstable):
    """With a cross, and a caption that says what it means."""
    ax = plots.p99_load(unstable, axes())
    lines = {line.get_label(): line for line in ax.lines}

    assert len(lines["none"].get_xdata()) == 4
    assert len(lines["replication 2"].get_xdata()) == 2
    assert sum(line.get_marker() == "x" for line in ax.lines) == 1
    assert "unstable at the next load" in ax.texts[0].get_text()


def test_a_heatmap_marks_the_lowest_p99(swept):
    """Each cell has the mark of its policy, and the gain over the first as its colour."""
    ax = plots.heatmap(swept, axes())
    table = swept.table()
    gains = ax.collections[0].get_array().reshape(3, 2)

    for (_, cell), place in zip(table.groupby("cell"), np.ndindex(2, 3), strict=True):
        base, other = cell["p99"]
        assert gains[place[1], place[0]] == pytest.approx(base / min(base, other))
    points = sum(len(line.get_xdata()) for line in ax.lines)
    assert points == 6
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("offered load", "workers count")


def test_the_front_of_p99_and_cost(swept):
    """No point lies below the step; costs equal but for rounding are one; the beaten are pale."""
    ax = plots.swept_pareto(swept, axes())
    front = next(line for line in ax.lines if line.get_drawstyle() == "steps-post")
    xs, ys = front.get_xdata(), front.get_ydata()

    assert (np.diff(xs) > 1e-9).all()
    for cost, p99 in swept.table()[["cost", "p99"]].to_numpy() * 1e3:
        assert not any(x > cost and y > p99 for x, y in zip(xs, ys, strict=True))
        assert any(x <= cost + 1e-9 and y <= p99 + 1e-9 for x, y in zip(xs, ys, strict=True))
    assert "surely better (p99, cost)" in ax.texts[0].get_text()


def test_what_cannot_be_drawn_is_told(swept, tmp_path):
    """No load, not two values, no cell, too many lines."""
    with pytest.raises(ResultError, match="no load was swept over"):
        plots.p99_load(swept, axes(), where=["arrivals.offered_load=0.2"])
    with pytest.raises(ResultError, match="two values that change; here 1 do: workers.count"):
        plots.heatmap(swept, axes(), where=["arrivals.offered_load=0.2"])
    with pytest.raises(ResultError, match=r"keeps workers.count = 5"):
        plots.swept_pareto(swept, axes(), where=["workers.count=5"])
    many = {**TINY, "requests": 20, "runs": 1, "sweep": {"arrivals.offered_load": [0.1, 0.2]}}
    many["sweep"]["seed"] = [1, 2, 3, 4, 5, 6]
    found = strag_sim.sweep(many, output=tmp_path / "many", jobs=1)
    with pytest.raises(ResultError, match=r"12 lines are too many.*--where 'seed=1'"):
        plots.p99_load(found, axes())


def test_a_black_mark_is_seen_in_a_dark_legend(swept):
    """Its edge is of the ink, in the legend only."""
    with plots.styled("dark"):
        ax = plots.heatmap(swept, axes())

    edges = {line.get_markeredgecolor() for line in ax.get_legend().get_lines()}
    assert edges
    assert "black" not in edges


def test_a_caption_is_of_the_cells_that_are_drawn(swept):
    """Not of those that --where leaves out; a heatmap, which has no bands, promises none."""
    some, all_ = (plots.of_sweep(swept, "p99-load", where) for where in (["workers.count=8"], []))
    count = swept.table()["cell"].nunique()
    eight = swept.table().query("`workers.count` == 8")["cell"].nunique()

    assert (some["cells"], all_["cells"]) == (eight, count)
    assert 0 < eight < count
    assert f"{eight} cells of 5 runs each. Intervals: 95 % confidence" in str(some["caption"])
    heatmap = plots.of_sweep(swept, "heatmap")
    assert (heatmap["confidence"], heatmap["intervals"]) == (None, None)
    assert str(heatmap["caption"]).endswith(f"{count} cells of 5 runs each.")


def test_a_sweep_of_one_run_has_no_intervals_in_its_caption(tmp_path):
    """None is promised where none is drawn."""
    swept = strag_sim.sweep({**TINY, "runs": 1}, output=tmp_path / "a", jobs=1)

    caption = plots.of_sweep(swept, "pareto")

    assert caption["intervals"] is None
    assert str(caption["caption"]).endswith("of 1 run each. No intervals: one run has none.")

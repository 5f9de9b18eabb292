"""The timeline: which tasks are drawn where, what became of them, and the window by default."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

import strag_sim
from strag_sim import plots
from strag_sim.errors import ResultError
from strag_sim.plots.marks import kept
from strag_sim.plots.served import MOST, MOST_ROWS, OWN, USED, WASTED, lanes, slow_spells
from strag_sim.plots.timeline import LOOKS, look_of
from strag_sim.results import Result

# Two requests, each with a copy: the first is answered by its copy at 1, the second by its own task
# at 15; the others are cancelled then.
TWO = {
    "runs": 1,
    "arrivals": {"kind": "trace", "times": [0, 10]},
    "service": {"kind": "scripted", "own": [5, 5], "redundant": [[1, 7]]},
    "workers": {"count": 2, "placement": "fixed"},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2, "cancel": "running"}],
}
BUSY = {
    "runs": 2,
    "requests": 3000,
    "arrivals": {"kind": "poisson", "offered_load": 0.3},
    "service": {"kind": "exponential", "mean": "20 ms"},
    "slowdown": [{"kind": "states", "factor": 5, "dwell": 1, "share": 0.1}],
    "workers": {"count": 10},
    "policies": [{"kind": "none"}, {"kind": "hedge", "delay": "p95", "label": "hedge_at $p95$"}],
}


def simulated(scenario: dict[str, object], record: str = "tasks", **keys: object) -> Result:
    """Simulate a scenario; its tasks are recorded."""
    return strag_sim.simulate(strag_sim.load({**scenario, **keys}), record=record)


@pytest.fixture(scope="module")
def busy() -> Result:
    """Return the result of ten workers, some of which are slow at times."""
    return simulated(BUSY)


def drawn(result: Result, **keys: object) -> Axes:
    """Return the axes of the timeline of a result, laid out."""
    figure = plots.figure_of(lambda ax: plots.timeline(result, ax, **keys))
    figure.draw_without_rendering()
    return figure.axes[0]


def boxes(ax: Axes, kind: str) -> list[tuple[float, float]]:
    """Return from when to when the tasks of a kind are drawn."""
    colour = look_of(kind)["facecolor"]
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    some = [bar for bar in bars if to_hex(bar.get_facecolor()) == colour]
    return sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in some)


def legend(ax: Axes) -> list[str]:
    """Return what the legend has."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def caption(ax: Axes) -> str:
    """Return the text below the axes."""
    return ax.texts[-1].get_text().replace("\n", " ")


def test_two_requests_to_the_last_task() -> None:
    """Of the first policy with redundant tasks; times count from the slowest request, the second.

    Its own task answers it after 5 s, and the copy is cancelled; of the first it is the copy.
    """
    ax = drawn(simulated(TWO), start=0, stop=20)

    assert boxes(ax, OWN) == [(-10, -9), (0, 5)]
    assert boxes(ax, USED) == [(-10, -9)]
    assert boxes(ax, WASTED) == [(0, 5)]
    assert ax.get_xlim() == (-10, 10)
    assert ax.get_xlabel() == "time since request 1 arrived (s)"
    assert legend(ax)[:4] == ["own", "redundant, used", "redundant, wasted", "cancelled"]
    assert [text.get_text() for text in ax.texts[:2]] == ["arrives", "answered"]
    frame = kept(ax)
    assert frame["cancelled"].tolist() == [True, False, False, True]
    assert frame["of_slowest"].tolist() == [False, False, True, True]
    assert frame["start"].tolist() == [0, 0, 10, 10]
    assert set(frame["label"]) == {"replication 2"}


def test_a_named_policy_and_a_stretch_without_an_answer() -> None:
    """No request is marked where none is answered; the axis counts from the start."""
    ax = drawn(simulated(TWO), label="none", start=11, stop=12)

    assert boxes(ax, OWN) == [(-1000, 4000)]
    assert ax.get_xlim() == (0, 1000)
    assert ax.get_xlabel() == "time since 11 s (ms)"
    assert legend(ax) == ["own"]


def test_the_window_shows_the_slowest_request(busy: Result) -> None:
    """All of it, with some dozens of tasks around it, and who is shown where not all are."""
    requests = busy.requests()
    mine = requests[(requests["label"] == "hedge_at $p95$") & (requests["run"] == 0)]
    slowest = mine.loc[mine["response"].idxmax()]
    ax = drawn(busy)
    frame = kept(ax)

    assert f"Request {slowest['request']:,} took" in caption(ax)
    assert 60 <= len(frame) <= MOST
    assert ax.get_xlim()[0] < 0 < 1000 * slowest["response"] < ax.get_xlim()[1]
    assert frame["of_slowest"].any()
    assert ("of 10 workers" in caption(ax)) == (frame["worker"].nunique() < 10)


def test_another_run(busy: Result) -> None:
    """It has other tasks; a run that is not there is refused."""
    assert not kept(drawn(busy)).equals(kept(drawn(busy, run=1)))
    with pytest.raises(ResultError, match="counted from 0 to 1"):
        drawn(busy, run=2)


def test_of_many_workers_few_are_shown() -> None:
    """Those that served the request's tasks first; the caption says how many there are."""
    ax = drawn(simulated(BUSY, workers={"count": 1000}, requests=20_000, runs=1))
    frame = kept(ax)

    assert len(ax.get_yticks()) == frame["worker"].nunique() <= MOST_ROWS
    assert frame["of_slowest"].any()
    assert "of 1,000 workers" in caption(ax)


def test_a_long_wait_is_cut() -> None:
    """Of an unstable policy: some hundred tasks, and when the request arrived is said."""
    arrivals = {"kind": "poisson", "rate": 900}
    ax = drawn(simulated(BUSY, arrivals=arrivals, requests=2000, runs=1))

    assert len(kept(ax)) <= MOST
    assert ax.get_xlim()[0] > 0
    assert "before" in ax.texts[0].get_text()


def test_too_many_tasks_are_refused(busy: Result) -> None:
    """And a stretch with none."""
    many = simulated(BUSY, requests=5001, runs=1, policies=[{"kind": "none"}])

    with pytest.raises(ResultError, match="at most 5,000 are drawn: give a shorter time"):
        drawn(many, start=0, stop=1e9)
    with pytest.raises(ResultError, match="no task of .* is served between"):
        drawn(busy, start=1e8, stop=1e9)


def test_lanes_share_a_row() -> None:
    """Two tasks at a time on worker 0, one after the other on worker 1."""
    tasks = pd.DataFrame(
        {"worker": [0, 1, 0, 1, 0], "started": [0, 0, 1, 2, 3], "finished": [3, 2, 5, 4, 6]}
    )

    lane, of = lanes(tasks)
    assert lane.tolist() == [0, 0, 1, 0, 0]
    assert of.tolist() == [2, 1, 2, 1, 2]


def test_bars_of_slots_do_not_overlap() -> None:
    """Three slots a worker: each pair of bars is apart, in time or in height."""
    ax = drawn(simulated(BUSY, workers={"groups": [{"count": 2, "slots": 3}]}, runs=1))
    frame = kept(ax)

    assert frame["lanes"].max() == 3
    for _, row in frame.groupby(["worker", "lane"]):
        assert (row["start"].to_numpy()[1:] >= row["stop"].to_numpy()[:-1] - 1e-12).all()


def test_slow_spells_join_slow_tasks() -> None:
    """From the first slow task's start to the last one's end, until one is not slow."""
    tasks = pd.DataFrame(
        {
            "worker": [3, 3, 3, 3, 5],
            "started": [0.0, 2, 4, 6, 1],
            "finished": [1.0, 3, 5, 9, 2],
            "slow": [True, True, False, True, False],
        }
    )

    assert slow_spells(tasks) == [(3, 0, 3), (3, 6, 9)]


def test_slow_workers_are_shaded(busy: Result) -> None:
    """Where the recorded service is longer than without slowness, and there is any."""
    ax = drawn(busy)
    tasks = busy.tasks().set_index(["label", "run", "task"])
    frame = kept(ax)
    known = tasks.loc[[("hedge_at $p95$", 0, task) for task in frame["task"]]]

    assert (
        frame["slow"].to_numpy().tolist() == (known["service"] > 1.1 * known["unslowed"]).tolist()
    )
    assert frame["slow"].any()
    assert "worker slow" in legend(ax)
    assert "worker slow" not in legend(drawn(simulated(TWO), start=0, stop=20))


def test_tasks_that_were_not_recorded(tmp_path: Path) -> None:
    """The message says how to have them."""
    made = simulated(TWO, record="requests")
    made.save(tmp_path / "made")

    for result in (made, Result.open(tmp_path / "made")):
        with pytest.raises(ResultError, match="run again with --record tasks"):
            drawn(result)


def test_kinds_differ_without_colour() -> None:
    """By a sixth of grey, or by strokes."""
    looks = [
        (np.dot([0.299, 0.587, 0.114], [int(c[i : i + 2], 16) for i in (1, 3, 5)]), strokes)
        for _, c, strokes in LOOKS.values()
    ]
    for i, (grey, strokes) in enumerate(looks):
        assert all(strokes != s or abs(grey - g) > 255 / 6 for g, s in looks[:i])


@pytest.mark.parametrize("width", ["column", "page"])
def test_nothing_is_cut(busy: Result, width: str) -> None:
    """A label with signs of formulas; a folder gives the same as memory."""
    figure = plots.draw(busy, "timeline", width=width)
    figure.draw_without_rendering()
    (ax,) = figure.axes
    texts = [*ax.get_yticklabels(), *ax.texts, *ax.get_legend().get_texts(), ax.xaxis.label]

    for text in texts:
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1, text
    assert caption(ax).startswith(r"hedge_at \$p95\$, run 0")
    assert {bar.get_gid() for bar in ax.patches} == {"policy-1"}


def test_a_folder_gives_the_same(busy: Result, tmp_path: Path) -> None:
    """What is drawn of a result in memory and of a saved one."""
    busy.save(tmp_path / "made")

    one, other = (kept(drawn(each)) for each in (busy, Result.open(tmp_path / "made")))
    assert one.reset_index(drop=True).equals(other.reset_index(drop=True))

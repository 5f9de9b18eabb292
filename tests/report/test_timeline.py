"""What workers did: the tasks of a page are those that were recorded, few enough, in their time."""

import numpy as np
import pytest
from reported import simulated, whole

from strag_sim.errors import ResultError
from strag_sim.report import timeline as room
from strag_sim.report.gantt import WIDTH, drawn
from strag_sim.report.timeline import KINDS, STEPS, timeline


def test_tasks_are_those_recorded():
    """Start, length and worker of each task of run 0 from the first measured arrival on."""
    found, tasks = timeline(whole()), whole().tasks()
    requests = whole().requests()
    assert found.start == requests["arrival"][requests["run"] == 0].min()
    for band, label in zip(found.bands, whole().labels, strict=True):
        mine = tasks[(tasks["label"] == label) & (tasks["run"] == 0) & tasks["started"].notna()]
        end = found.start + found.length
        seen = mine[(mine["finished"] > found.start) & (mine["started"] < end)]
        assert len(band.tasks) == len(seen)
        starts = found.start + np.array([task[0] for task in band.tasks]) * found.length / STEPS
        assert starts == pytest.approx(np.sort(seen["started"]), abs=found.length / STEPS)
        lengths = np.array([task[1] for task in band.tasks]) * found.length / STEPS
        assert sum(lengths) == pytest.approx((seen["finished"] - seen["started"]).sum(), rel=1e-4)
        stopped = sum(KINDS[task[4]] == "cancelled" for task in band.tasks)
        assert stopped == (seen["state"] == "cancelled-running").sum()
    assert any(KINDS[task[4]] == "cancelled" for task in found.bands[1].tasks)


def test_no_worker_does_two_things_at_once():
    """Tasks in the same place of a worker do not overlap."""
    workers = {"count": 2, "queue": "shared", "batch": {"max": 3, "wait": "5 ms", "growth": 0.2}}
    found = timeline(simulated("tasks", workers=workers))

    assert {lanes for _, lanes in found.bands[0].workers} == {3}
    for band in found.bands:
        until: dict[tuple[int, int], int] = {}
        for start, length, worker, beside, *_ in band.tasks:
            assert start >= until.get((worker, beside), -STEPS) - 1
            assert beside < band.workers[worker][1]
            until[worker, beside] = start + length


def test_there_are_few_tasks_over_the_same_time(monkeypatch):
    """The policy that is the first to have as many as are shown ends the time for all."""
    monkeypatch.setattr(room, "MOST", 50)

    found = timeline(whole())

    counts = [len(band.tasks) for band in found.bands]
    assert max(counts) == 50
    assert found.length < timeline_of_all() / 3
    assert all(task[0] < STEPS for band in found.bands for task in band.tasks)


def timeline_of_all() -> float:
    """Return how long run 0 takes."""
    tasks = whole().tasks()
    return float(tasks["finished"][tasks["run"] == 0].max())


def test_workers_beyond_what_is_shown_are_counted(monkeypatch):
    """Their tasks are left out, and how many there are is told."""
    monkeypatch.setattr(room, "MOST_WORKERS", 3)

    all_of_them, found = timeline(simulated("tasks")), timeline(whole())

    for band in found.bands:
        assert [worker for worker, _ in band.workers] == [0, 1, 2]
        assert band.dropped > 0
    assert all_of_them.bands[0].dropped == found.bands[0].dropped


def test_without_recorded_tasks():
    """The error says how to have them."""
    with pytest.raises(ResultError, match="--record tasks"):
        timeline(simulated())


def test_the_drawing_stays_within_its_frame():
    """Before a script takes over; bars have a length."""
    found = drawn(timeline(whole()))

    assert len(found.bars) > 10
    for x, y, width, height, _ in found.bars:
        assert x > 0
        assert x + width <= WIDTH
        assert y > 0
        assert y + height < found.height
        assert width >= 0

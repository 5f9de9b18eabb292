"""Recorded tasks for a timeline: what became of each, in which window, on which workers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strag_sim.errors import ResultError
from strag_sim.results import Result

OWN, USED, WASTED, UNKNOWN = "own", "used", "wasted", "of the warm-up"
# A service is slow that takes so many times as long as without slowness.
SLOW = 1.1
# Tasks that a window is widened to show, that rows are left out for, and that it is cut for.
AIM, MANY, MOST = 80, 100, 150
FEWEST_ROWS, MOST_ROWS = 6, 40
MARGIN = 0.06  # of a window's length, before and behind the request


@dataclass(frozen=True, kw_only=True)
class Request:
    """The slowest request of a policy; times in seconds, ``mine`` are ids of its tasks."""

    number: int
    arrival: float
    completion: float
    mine: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Window:
    """What is drawn of a run of a policy.

    Parameters
    ----------
    label, run : str, int
        Of the policy, and which of its runs.
    tasks : DataFrame
        Served tasks that are in service between ``start`` and ``stop`` (seconds), on the workers
        ``rows``, in order of their start: the recorded columns, and ``kind`` (OWN, USED, WASTED or
        UNKNOWN), ``cancelled``, ``slow``, ``mine``, and ``lane`` of the ``lanes`` of its worker.
    queued : DataFrame
        The request's tasks on these workers, also those that were never served.
    workers : int
        How many serve the policy in the run.
    request : Request or None
        The slowest, of those that were answered between ``start`` and ``stop`` where these are
        given; None where there are none.
    """

    label: str
    run: int
    start: float
    stop: float
    tasks: pd.DataFrame
    queued: pd.DataFrame
    rows: tuple[int, ...]
    workers: int
    request: Request | None


def window_of(
    result: Result, label: str | None, run: int, start: float | None, stop: float | None
) -> Window:
    """Return what a timeline shows, see `timeline`; ResultError where there is nothing."""
    name = _policy(result, run) if label is None else label
    tasks, answers = result.tasks(name, run), result.requests(name, run)
    served = tasks[tasks["started"].notna()]
    if served.empty:
        runs = int(result.summary()["runs"].max())
        raise ResultError(
            f"{result.folder or 'this result'}: no task of {name} was served in run {run}; runs "
            f"are counted from 0 to {runs - 1}, and an oracle has no tasks"
        )
    inside = answers["completion"].between(
        -np.inf if start is None else start, np.inf if stop is None else stop
    )
    request = slowest(answers[inside], answers, tasks)
    rows, ends = _place(served, request, start, stop)
    shown = _within(served, *ends)
    shown = shown[shown["worker"].isin(rows)]
    if shown.empty:
        raise ResultError(f"no task of {name} is served between {ends[0]:g} s and {ends[1]:g} s")
    mine = frozenset() if request is None else request.mine
    queued = tasks[tasks["task"].isin(mine) & tasks["worker"].isin(shown["worker"])]
    return Window(
        label=name,
        run=run,
        start=ends[0],
        stop=ends[1],
        tasks=_described(shown.sort_values(["started", "task"]), answers, mine),
        queued=queued,
        rows=tuple(sorted(int(worker) for worker in shown["worker"].unique())),
        workers=int(served["worker"].nunique()),
        request=request,
    )


def slowest(some: pd.DataFrame, answers: pd.DataFrame, tasks: pd.DataFrame) -> Request | None:
    """Return the slowest of some requests, and its tasks: its own, and all redundant of its group.

    ``answers`` are all recorded requests of the run, ``tasks`` all its tasks.
    """
    if some.empty:
        return None
    row = some.iloc[int(some["response"].to_numpy().argmax())]
    group = tasks[tasks["group"] == row["group"]]
    own = group[(group["role"] == "own") & (group["released"] == row["arrival"])]
    # Of requests that arrive together, the own tasks are in their order.
    beside = answers[(answers["group"] == row["group"]) & (answers["arrival"] == row["arrival"])]
    if len(own) == len(beside):
        own = own.sort_values("index")[(beside["request"] == row["request"]).to_numpy()]
    mine = [*own["task"], *group["task"][group["role"] != "own"]]
    return Request(
        number=int(row["request"]),
        arrival=float(row["arrival"]),
        completion=float(row["completion"]),
        mine=frozenset(int(task) for task in mine),
    )


def kinds(tasks: pd.DataFrame, answers: pd.DataFrame) -> NDArray[np.str_]:
    """Return the kind of each task, shape (tasks,).

    A redundant task was used if it had finished by the time at which a request of its group was
    answered by another path than own. Of groups of the warm-up that is not recorded.
    """
    other = answers[answers["path"] != "own"]
    last = other.groupby("group")["completion"].max()
    answered = tasks["group"].map(last).to_numpy(dtype=np.float64)
    used = (tasks["state"] == "finished") & (tasks["finished"] <= answered)
    known = tasks["group"].isin(answers["group"])
    found = np.where(used, USED, np.where(known, WASTED, UNKNOWN))
    return np.where(tasks["role"] == "own", OWN, found)


def lanes(tasks: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lane of each task of a worker, and of how many; both of shape (tasks,).

    A worker has as many lanes as it serves tasks at a time; tasks are in order of their start.
    """
    lane, of = np.zeros(len(tasks), np.int64), np.ones(len(tasks), np.int64)
    began, ended = (tasks[name].to_numpy(np.float64) for name in ("started", "finished"))
    for places in tasks.groupby("worker").indices.values():
        free: list[float] = []
        for i in places:
            found = next((k for k, until in enumerate(free) if until <= began[i]), len(free))
            free[found : found + 1] = [float(ended[i])]
            lane[i] = found
        of[places] = len(free)
    return lane, of


def slow_spells(tasks: pd.DataFrame) -> list[tuple[int, float, float]]:
    """Return (worker, start, stop) of stretches in which each service that begins is slow."""
    spells = []
    for worker, row in tasks.groupby("worker"):
        changed = row["slow"] != row["slow"].shift()
        for _, some in row[row["slow"]].groupby(changed.cumsum()):
            ends = float(some["started"].min()), float(some["finished"].max())
            spells.append((int(str(worker)), *ends))
    return spells


def _policy(result: Result, run: int) -> str:
    """Return the first policy that has redundant tasks, or else the first."""
    redundant = (
        label for label in result.labels if (result.tasks(label, run)["role"] != "own").any()
    )
    return next(redundant, result.labels[0])


def _place(
    served: pd.DataFrame, request: Request | None, start: float | None, stop: float | None
) -> tuple[Sequence[int], tuple[float, float]]:
    """Return the workers that are shown, and from when to when."""
    first, last = float(served["started"].min()), float(served["finished"].max())
    if request is None or start is not None or stop is not None:
        ends = (first if start is None else start, last if stop is None else stop)
        return _rows(_within(served, *ends), request, MOST_ROWS, np.inf), ends
    a, c = request.arrival, request.completion
    during = _within(served, a, c)
    rows = _rows(during, request, MOST_ROWS, MANY)
    if len(rows) < MOST_ROWS and len(during) < MANY:  # those that idle meanwhile
        rest = [int(w) for w in np.sort(served["worker"].unique()) if w not in set(rows)]
        rows = [*rows, *rest[: MOST_ROWS - len(rows)]]
    mine = served[served["worker"].isin(rows)]
    count = len(_within(mine, a, c))
    if count > MOST:
        latest = np.sort(mine["finished"][(mine["finished"] >= a) & (mine["started"] <= c)])
        a = float(latest[-MANY])
    before, behind = a - mine["finished"], mine["started"] - c
    away = np.sort(np.maximum(np.maximum(before.to_numpy(), behind.to_numpy()), 0))
    wider = float(away[min(AIM, away.size) - 1]) if count < AIM else 0.0
    wider = max(wider, MARGIN * (c - a))
    return rows, (max(a - wider, first), min(c + wider, last))


def _rows(during: pd.DataFrame, request: Request | None, most: int, tasks: float) -> list[int]:
    """Return workers: the request's, and then by number, until they have served so many tasks."""
    mine = (
        set()
        if request is None
        else {int(w) for w in during["worker"][during["task"].isin(request.mine)]}
    )
    counts = during.groupby("worker").size()
    rows: list[int] = []
    total = 0
    for worker in sorted((int(str(w)) for w in counts.index), key=lambda w: (w not in mine, w)):
        total += int(counts[worker])
        enough = len(rows) >= max(FEWEST_ROWS, len(mine)) and total > tasks
        if enough or len(rows) == most:
            break
        rows.append(worker)
    return rows


def _within(served: pd.DataFrame, start: float, stop: float) -> pd.DataFrame:
    """Return the tasks that are in service at some time from start to stop."""
    return served[(served["finished"] >= start) & (served["started"] <= stop)]


def _described(shown: pd.DataFrame, answers: pd.DataFrame, mine: frozenset[int]) -> pd.DataFrame:
    """Return tasks with what a timeline shows of them."""
    lane, of = lanes(shown)
    return shown.assign(
        kind=kinds(shown, answers),
        cancelled=(shown["state"] == "cancelled-running").to_numpy(),
        slow=(shown["service"] > SLOW * shown["unslowed"]).to_numpy(),
        mine=shown["task"].isin(mine).to_numpy(),
        lane=lane,
        lanes=of,
    )

"""What the workers of run 0 did, as a page draws it: few enough tasks that it stays small."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strag_sim.errors import ResultError
from strag_sim.plots.served import lanes
from strag_sim.report.origin import has
from strag_sim.results import Result

# Tasks of a policy, and of all together; workers.
MOST, MOST_TOGETHER, MOST_WORKERS = 1_500, 12_000, 64
STEPS = 1_000_000  # in which the time of the page is counted
KINDS = ("own", "redundant", "cancelled")


@dataclass(frozen=True)
class Band:
    """The tasks of one policy.

    Parameters
    ----------
    number : int
        The policy's row of the summary.
    workers : tuple of (int, int)
        The number of each worker, and how many tasks it serves at a time.
    tasks : tuple of tuples
        Start and duration (steps), place of the worker, place among what it serves at that time,
        kind, role, group, index, and 100 times by how much it was slowed.
    dropped : int
        Tasks that began in this time on workers that are not shown.
    """

    number: int
    workers: tuple[tuple[int, int], ...]
    tasks: tuple[tuple[int, ...], ...]
    dropped: int


@dataclass(frozen=True)
class Timeline:
    """The same time of run 0 under every policy: from ``start``, ``length`` seconds."""

    start: float
    length: float
    roles: tuple[str, ...]
    bands: tuple[Band, ...]


def timeline(result: Result) -> Timeline:
    """Return what workers did from the first measured arrival of run 0 on.

    It ends where the first of the policies has ``MOST`` tasks, so that all are seen over the same
    time. ResultError where tasks were not recorded.
    """
    if not has(result, "tasks"):
        raise ResultError("tasks were not recorded; run again with --record tasks")
    start = _first_arrival(result)
    most = min(MOST, MOST_TOGETHER // len(result.labels))
    parts = {label: _served(result, label, start) for label in result.labels}
    end = min(_end(part, most) for part in parts.values())
    shown = {label: part[part["started"] < end] for label, part in parts.items()}
    roles = tuple(sorted({str(role) for part in shown.values() for role in part["role"]}))
    bands = (_band(number, part, (start, end), roles) for number, part in enumerate(shown.values()))
    return Timeline(start, end - start, roles, tuple(bands))


def _first_arrival(result: Result) -> float:
    """Return when the first measured request of run 0 arrives, under whichever policy is first."""
    return float(result.requests(result.labels[0], run=0)["arrival"].min())


def _served(result: Result, label: str, start: float) -> pd.DataFrame:
    """Return the tasks of a policy that were in service from a time on, in order of their start."""
    tasks = result.tasks(label, run=0)
    served = tasks[tasks["started"].notna() & (tasks["finished"] > start)]
    return served.sort_values("started", kind="stable")


def _end(served: pd.DataFrame, most: int) -> float:
    """Return when a policy has served the most tasks that are shown, or all of them."""
    if len(served) > most:
        return float(served["started"].iloc[most])
    return float(served["finished"].max())


def _band(
    number: int, served: pd.DataFrame, window: tuple[float, float], roles: tuple[str, ...]
) -> Band:
    """Return the tasks of a policy as the page draws them."""
    workers = sorted(served["worker"].unique())[:MOST_WORKERS]
    seen = served[served["worker"].isin(workers)]
    row = seen["worker"].map({worker: place for place, worker in enumerate(workers)})
    beside, together = lanes(seen)
    widths = dict(zip(seen["worker"], together, strict=True))
    start, end = window
    grain = STEPS / (end - start)
    columns = {
        "start": ((seen["started"] - start) * grain).round(),
        "length": ((seen["finished"] - seen["started"]) * grain).round(),
        "worker": row,
        "beside": beside,
        "kind": _kinds(seen),
        "role": seen["role"].map({role: place for place, role in enumerate(roles)}).astype(int),
        "group": seen["group"],
        "index": seen["index"],
        "slowed": (100 * seen["service"] / seen["unslowed"]).round(),
    }
    table = pd.DataFrame(columns).astype(np.int64)
    tasks = tuple(tuple(int(n) for n in line) for line in table.itertuples(index=False))
    shown = tuple((int(worker), int(widths[worker])) for worker in workers)
    return Band(number, shown, tasks, len(served) - len(seen))


def _kinds(tasks: pd.DataFrame) -> NDArray[np.int64]:
    """Return the place in ``KINDS`` of each task."""
    redundant = (tasks["role"] != "own").to_numpy(dtype=np.int64)
    return np.where(tasks["state"] == "cancelled-running", 2, redundant)

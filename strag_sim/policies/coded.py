"""The shape that coded policies share: n coded tasks, any threshold of which answer all."""

from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np

from strag_sim.accuracies import AccuracyTable
from strag_sim.policies.shape import Recovery, Shape, Task


def coded_shape(
    *,
    inputs: int,
    tasks: int,
    threshold: int,
    model: str | None,
    accuracy: float | AccuracyTable | None,
    encode_at: str = "master",
    deadline: float | None = None,
) -> Shape:
    """Return ``tasks`` coded tasks of ``inputs`` requests; any ``threshold`` recover all of them.

    With ``encode_at="workers"`` the tasks are released as soon as the group is full. With a
    ``deadline``, in seconds from then, the group waits until it for all its tasks.
    """
    if encode_at == "workers":
        coded = Task("coded", model, release="arrival", encodes=True)
    else:
        coded = Task("coded", model, release="full")
    recovery = Recovery(
        tuple(range(tasks)),
        threshold,
        tuple(range(inputs)),
        "coded",
        decode=True,
        accuracy=accuracy,
    )
    together = deadline is not None
    return Shape(inputs, (coded,) * tasks, (recovery,), together=together, deadline=deadline)


def check_deadline(deadline: float | None) -> None:
    """Raise a ValueError unless the deadline is a time above 0, where there is one."""
    if deadline is not None and not 0 < deadline < float("inf"):
        raise ValueError(
            f"deadline: {deadline} is not allowed; deadline must be a time above 0, such as 300 ms"
        )


def check_threshold(threshold: int, tasks: int, what: str) -> None:
    """Raise a ValueError unless 1 <= threshold <= tasks."""
    if not 1 <= threshold <= tasks:
        raise ValueError(
            f"{what}: {threshold} is not allowed; {what} must be at least 1 "
            f"and at most the number of tasks ({tasks})"
        )


# Sets of tasks that a policy may tell apart: each is a recovery, and is looked at by each task.
MOST_SETS = 1000


def accurate_sets(shape: Shape, least: float) -> Shape:
    """Return the coded shape with a recovery for each set of tasks that is accurate enough.

    The sets have the threshold or more tasks, and by the shape's table an accuracy of at least
    ``least``; all tasks together are enough in any case. Larger sets come first: when results come
    at one time, all of them are used.
    """
    (by_any,) = shape.recoveries
    table = by_any.accuracy
    if not isinstance(table, AccuracyTable):
        raise TypeError("accurate sets need a table of accuracies")
    rows = [
        tasks
        for count in range(len(by_any.tasks), by_any.threshold - 1, -1)
        for tasks in combinations(by_any.tasks, count)
    ]
    masks = np.array([sum(1 << task for task in tasks) for tasks in rows], dtype=np.int64)
    known = table.accuracy(masks, np.full(masks.size, -1))
    enough = [by_any.tasks, *(row for row, a in zip(rows, known, strict=True) if a >= least)]
    recoveries = tuple(
        replace(by_any, tasks=row, threshold=len(row), among=by_any.tasks)
        for row in dict.fromkeys(enough)
    )
    return replace(shape, recoveries=recoveries, once=True)


def check_least_accuracy(
    least: float | None, table: str | None, tasks: int, threshold: int
) -> None:
    """Raise a ValueError unless sets of tasks can be told apart by their accuracy."""
    if least is None:
        return
    if not 0 <= least <= 1:
        raise ValueError(
            f"least_accuracy: {least} is not allowed; least_accuracy must be between 0 and 1"
        )
    if table is None:
        raise ValueError(
            f"least_accuracy: {least} is not allowed without accuracy, the table that it goes by"
        )
    sets = sum(comb(tasks, count) for count in range(threshold, tasks + 1))
    if sets > MOST_SETS:
        raise ValueError(
            f"least_accuracy: {least} is not allowed with {tasks} tasks and threshold {threshold}: "
            f"these are {sets} sets of tasks, and there may be at most {MOST_SETS}"
        )

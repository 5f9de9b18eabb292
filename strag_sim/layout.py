"""From a policy's shape to the arrays that the engines read."""

import math
from collections.abc import Callable, Iterable

import numpy as np

from strag_sim.accuracies import AccuracyTable
from strag_sim.policies.shape import After, Recovery, Shape
from strag_sim.policies.shape import Task as TaskShape
from strag_sim.tables import (
    AT_FULL,
    ENCODED,
    LATER,
    NOWHERE,
    ON_RESEND,
    Floats,
    Ints,
    Layout,
)

FEW = 16  # tasks that are listed one by one


def compile_shape(shape: Shape, *, delay: Callable[[TaskShape], float], decodes: bool) -> Layout:
    """Return the shape as arrays.

    Parameters
    ----------
    shape : Shape
    delay : callable
        Gives the seconds between a later task and the one before it.
    decodes : bool
        Whether decoding takes any time; without it every recovery answers directly.
    """
    resends = shape.requests if shape.resend else 0
    regular = len(shape.tasks)
    tasks = regular + resends
    task_recoveries = _inverted((r.tasks for r in shape.recoveries), tasks)
    request_recoveries = _inverted((r.answers for r in shape.recoveries), shape.requests)
    few = [_few(recovery, shape.recoveries, request_recoveries) for recovery in shape.recoveries]
    when = np.array([_when(task) for task in shape.tasks] + [ON_RESEND] * resends, dtype=np.int64)
    threshold = np.array([recovery.threshold for recovery in shape.recoveries], dtype=np.int64)
    decode_column = _decode_columns(shape, decodes)
    noting = any(is_noted(recovery) for recovery in shape.recoveries)
    return Layout(
        shape.requests,
        shape.own,
        regular,
        tasks,
        shape.together,
        math.inf if shape.deadline is None else shape.deadline,
        shape.resend,
        shape.hedge_budget,
        _counts(shape) or noting or bool((decode_column >= 0).any()),
        noting,
        shape.once,
        threshold,
        decode_column,
        *_slices(task_recoveries),
        *_slices(recovery.tasks for recovery in shape.recoveries),
        *_slices(recovery.answers for recovery in shape.recoveries),
        *_slices(request_recoveries),
        when,
        *_later(shape, tasks, delay),
        _each(
            shape, resends, lambda t: math.inf if t.expires is None else float(t.expires), math.inf
        ),
        np.array([t.pool == "redundant" for t in shape.tasks] + [0] * resends, dtype=np.int64),
        any(task.alternative is not None for task in shape.tasks),
        np.array([*map(shape.gives, range(regular)), *range(regular, tasks)], dtype=np.int64),
        shape.results(range(regular)),
        *_slices(few),
        np.array([bool(row) for row in few], dtype=np.bool_),
    )


def _counts(shape: Shape) -> bool:
    """Return whether the shape needs to know how many tasks of a recovery have finished."""
    return shape.together or shape.once or any(r.threshold > 1 for r in shape.recoveries)


def is_noted(recovery: Recovery) -> bool:
    """Return whether the accuracy of a recovery's answers goes by which of its tasks it had."""
    return isinstance(recovery.accuracy, AccuracyTable) and len(recovery.tasks) > 1


def _inverted(rows: Iterable[Iterable[int]], size: int) -> list[list[int]]:
    """Return, for each number below ``size``, the rows that hold it."""
    lists: list[list[int]] = [[] for _ in range(size)]
    for row, numbers in enumerate(rows):
        for number in numbers:
            lists[number].append(row)
    return lists


def _few(
    recovery: Recovery, recoveries: tuple[Recovery, ...], request_recoveries: list[list[int]]
) -> list[int]:
    """Return the tasks that may be useless once a recovery answers; none if they are many."""
    rivals = {rival for request in recovery.answers for rival in request_recoveries[request]}
    if sum(len(recoveries[rival].tasks) for rival in rivals) > FEW:
        return []
    return sorted({task for rival in rivals for task in recoveries[rival].tasks})


def _when(task: TaskShape) -> int:
    """Return when a task is released, as a code."""
    if isinstance(task.release, After):
        return LATER
    return ENCODED if task.release == "full" else AT_FULL


def _later(shape: Shape, tasks: int, delay: Callable[[TaskShape], float]) -> tuple[Floats, Ints]:
    """Return the gap before each LATER task, and the LATER task that comes next after each place.

    They are due one after the other, each its delay after the one before it; an alternative is due
    its delay after the group is full, whatever the others are.
    """
    later = [j for j, task in enumerate(shape.tasks) if isinstance(task.release, After)]
    gap, following = np.zeros(tasks), np.full(tasks + 1, NOWHERE, dtype=np.int64)
    gap[later] = [delay(shape.tasks[j]) for j in later]
    if any(shape.tasks[j].alternative is not None for j in later):
        due, before = {}, 0.0
        for j in later:
            alone = shape.tasks[j].alternative is not None
            due[j] = before = float(gap[j]) if alone else before + float(gap[j])
        later.sort(key=lambda j: due[j])
        gap[later] = np.diff([0.0, *(due[j] for j in later)])
    for before_it, j in zip([NOWHERE, *later], later, strict=False):
        following[before_it + 1] = j
    return gap, following


def _each(
    shape: Shape, resends: int, value: Callable[[TaskShape], float], of_resend: float
) -> Floats:
    """Return a number for each task of the shape, and one for each resend."""
    return np.array([value(task) for task in shape.tasks] + [of_resend] * resends, dtype=np.float64)


def _decode_columns(shape: Shape, decodes: bool) -> Ints:
    """Number the recoveries that decode; the others, and all where it takes no time, are -1.

    Recoveries of which a group has one alone share a number: it is decoded once.
    """
    columns = np.full(len(shape.recoveries), NOWHERE, dtype=np.int64)
    if decodes:
        decoding = [r for r, recovery in enumerate(shape.recoveries) if recovery.decode]
        columns[decoding] = 0 if shape.once else np.arange(len(decoding))
    return columns


def _slices(rows: Iterable[Iterable[int]]) -> tuple[Ints, Ints]:
    """Return the rows end to end, and where each begins (and the last ends)."""
    lists = [list(row) for row in rows]
    flat = np.array([x for row in lists for x in row], dtype=np.int64)
    bounds = np.cumsum([0] + [len(row) for row in lists]).astype(np.int64)
    return flat, bounds

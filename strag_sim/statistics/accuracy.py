"""How accurate the answers of a run are: each by its way, and by the tasks that had returned."""

import numpy as np
from numpy.typing import NDArray

from strag_sim.tables import Floats, Ints, Outcome, Paths

ANYWHERE = -1  # the place of a request whose place in its group is not known


def answer_accuracy(outcome: Outcome, paths: Paths, *, placed: bool = True) -> Floats:
    """Return the accuracy of each answer of a run, the warm-up included.

    Parameters
    ----------
    outcome : Outcome
        Of n requests, all of them answered.
    paths : Paths
        The ways to an answer, each with an accuracy or a table of accuracies.
    placed : bool
        Whether the groups of the outcome are those of its requests, so that the places in them
        tell which answer of its group a request had; an oracle's are of several policies.

    Returns
    -------
    array of float, shape (n,)
        Shares of right answers, in [0, 1]; NaN where the accuracy is not known.
    """
    accuracy = paths.accuracy[outcome.path]
    if not any(paths.tables):
        return accuracy
    place = places(outcome.group) if placed else np.full(accuracy.size, ANYWHERE)
    returned = tasks_returned(outcome, paths)
    for row, (table, tasks) in enumerate(zip(paths.tables, paths.tasks, strict=True)):
        here = np.flatnonzero(outcome.path == row)
        if table is not None and here.size:
            accuracy[here] = table.accuracy(_renumbered(returned[here], tasks), place[here])
    return accuracy


def tasks_returned(outcome: Outcome, paths: Paths) -> Ints:
    """Return which tasks of its group the way to each answer had, shape (n,).

    Bit j is set if task j had returned; -1 where that was not noted, or nothing was decoded.
    """
    decoded = np.array([bool(tasks) for tasks in paths.tasks])[outcome.path]
    noted = outcome.returned if outcome.returned.size else np.full(outcome.path.size, -1)
    always = paths.returned[outcome.path]
    return np.where(decoded, np.where(always >= 0, always, noted), -1)


def right_answers(answers: Ints, accuracy: Floats, paths: Paths) -> float:
    """Return how many answers are right by expectation: the sum of their accuracies.

    ``answers`` counts them by way, ``accuracy`` has that of each; NaN where any is not known.
    """
    if any(paths.tables):
        return float(accuracy.sum())
    # The same without a rounding error for each answer. A way that nobody took must not spoil the
    # sum, though its accuracy be unknown.
    return float(np.where(answers > 0, answers * paths.accuracy, 0.0).sum())


def places(group: NDArray[np.int32]) -> Ints:
    """Return the place of each request in its group, from 0; groups stand one after the other."""
    begins = np.flatnonzero(np.diff(group, prepend=group[:1] - 1))
    return np.arange(group.size) - np.repeat(begins, np.diff(begins, append=group.size))


def _renumbered(returned: Ints, tasks: tuple[int, ...]) -> Ints:
    """Return the bits of a recovery's tasks, numbered as they stand in it.

    A single task has returned; it may have too high a number to be noted.
    """
    if len(tasks) == 1:
        return np.ones(returned.size, np.int64)
    found = np.zeros(returned.size, np.int64)
    for j, task in enumerate(tasks):
        found |= (returned >> task & 1) << j
    return found

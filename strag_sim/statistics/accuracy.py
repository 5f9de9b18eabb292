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
    for row, table in enumerate(paths.tables):
        here = np.flatnonzero(outcome.path == row)
        if table is not None and here.size:
            accuracy[here] = table.accuracy(_returned(outcome)[here], place[here])
    return accuracy


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


def _returned(outcome: Outcome) -> Ints:
    """Return the tasks that had returned; where that is not noted, the one that answers."""
    if not outcome.returned.size:
        return np.ones(outcome.path.size, np.int64)
    return outcome.returned

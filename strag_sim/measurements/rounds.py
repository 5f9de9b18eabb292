"""Rounds: which measurements of different workers belong together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.measurements.sample import Measurements


@dataclass(frozen=True, eq=False)
class Rounds:
    """The complete rounds of measurements: those in which each worker was measured once.

    Parameters
    ----------
    row : array of int, shape (rounds, workers)
        Where in the measurements a round's times are, worker by worker; rounds in order.
    found : int
        How many rounds there are, complete or not.
    """

    row: NDArray[np.int64]
    found: int


def rounds(measurements: Measurements) -> Rounds:
    """Return the complete rounds.

    A round is all rows of one step; where rows have no steps, the k-th row of each worker.

    Raises
    ------
    ValueError
        If workers were not told apart.
    """
    if measurements.worker is None:
        raise ValueError("worker: workers were not told apart in these measurements")
    workers = len(measurements.names)
    step = measurements.step
    number = _counted(measurements.worker) if step is None else _ranked(step)
    found = int(number.max()) + 1
    # One number for the round and the worker: sorting it brings each round together.
    key = number * workers
    key += measurements.worker
    row = np.argsort(key, kind="stable")
    key = key[row]
    starts = np.searchsorted(key, np.arange(found + 1) * workers)
    full = starts[:-1][np.diff(starts) == workers]
    places = full[:, None] + np.arange(workers)
    complete = (key[places] % workers == np.arange(workers)).all(axis=1)
    return Rounds(row[places[complete]], found)


def by_worker(worker: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows in the order of their workers, and for each whether it has a row before it.

    The second is the place of its row within the worker's, counted from 0.
    """
    order = np.argsort(worker, kind="stable")
    counts = np.bincount(worker)
    place = np.arange(worker.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return order, place


def _counted(worker: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return which of its worker's rows each row is, counted from 0."""
    order, place = by_worker(worker)
    number = np.empty_like(place)
    number[order] = place
    return number


def _ranked(step: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of each row's step among the different steps."""
    if not (step[:-1] <= step[1:]).all():
        ranked: NDArray[np.int64] = np.unique(step, return_inverse=True)[1]
        return ranked
    number = np.zeros(step.size, np.int64)
    np.cumsum(step[1:] != step[:-1], out=number[1:])
    return number

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
    key = number
    key *= workers
    key += measurements.worker
    row = np.argsort(key, kind="stable")
    key = key[row]
    sizes = np.diff(np.searchsorted(key, np.arange(found + 1) * workers))
    complete = sizes == workers
    twice = key[1:] == key[:-1]
    complete[key[1:][twice] // workers] = False
    return Rounds(row[np.repeat(complete, sizes)].reshape(-1, workers), found)


def _counted(worker: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return which of its worker's rows each row is, counted from 0."""
    counts = np.bincount(worker)
    number = np.empty(worker.size, np.int64)
    number[np.argsort(worker, kind="stable")] = np.arange(worker.size) - np.repeat(
        np.cumsum(counts) - counts, counts
    )
    return number


def _ranked(step: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of each row's step among the different steps."""
    if not (step[:-1] <= step[1:]).all():
        ranked: NDArray[np.int64] = np.unique(step, return_inverse=True)[1]
        return ranked
    number = np.zeros(step.size, np.int64)
    np.cumsum(step[1:] != step[:-1], out=number[1:])
    return number

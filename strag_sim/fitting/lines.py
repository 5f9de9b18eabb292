"""Each worker's log times over its own median, in order, as rows of one padded array."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.errors import FitError
from strag_sim.measurements import Measurements

# Longer lines are cut into pieces of this length, taken as independent: one transition in so many
# is lost, and the pieces are worked on side by side.
PIECE = 250
# Times beyond this many are left out, each worker's last first.
MOST = 200_000
# A worker with fewer has no median of its own that says much.
FEWEST = 20


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of log times, each a worker's or a piece of it.

    Parameters
    ----------
    logs : array of float64, shape (pieces, steps)
        Log of time over the worker's median; 0 where nothing was measured.
    there : array of bool, shape (pieces, steps)
        Where something was measured: the first so many of each row.
    log_medians : array of float64, shape (workers,)
        Log of each worker's median, in seconds.
    mean : float
        The mean time, in seconds.
    left_out : int
        Times beyond the most that are fitted, and of workers with too few.
    """

    logs: NDArray[np.float64]
    there: NDArray[np.bool_]
    log_medians: NDArray[np.float64]
    mean: float
    left_out: int

    @property
    def workers(self) -> int:
        """How many workers there are."""
        return self.log_medians.size

    @property
    def pooled(self) -> NDArray[np.float64]:
        """All log times in one array; shape (n,)."""
        return self.logs[self.there]


def lines_of(measurements: Measurements) -> Lines:
    """Return the lines of measured times; FitError if workers or their order are not known."""
    if measurements.worker is None:
        raise FitError(
            "states: workers were not told apart, so that no one's slow times can follow each "
            "other; name the column of workers with --group, or give a matrix with a column each"
        )
    workers = np.unique(measurements.worker)
    longest = max(FEWEST, math.ceil(MOST / workers.size))
    pieces, log_medians = [], []
    for worker in workers:
        values = _in_order(measurements, int(worker))[:longest]
        if values.size < FEWEST:
            continue
        median = float(np.median(values))
        log_medians.append(math.log(median))
        logs = np.log(values / median)
        pieces += [logs[i : i + PIECE] for i in range(0, logs.size, PIECE)]
    if not pieces:
        raise FitError(f"states: no worker has {FEWEST} times, too few to see states in")
    return _padded(pieces, np.array(log_medians), measurements)


def _in_order(measurements: Measurements, worker: int) -> NDArray[np.float64]:
    """Return a worker's times in the order of their steps, or as they stand without."""
    values = measurements.of_worker(worker)
    if measurements.step is None:
        return values
    steps = measurements.step[measurements.worker == worker]
    return np.asarray(values[np.argsort(steps, kind="stable")])


def _padded(
    pieces: list[NDArray[np.float64]],
    log_medians: NDArray[np.float64],
    measurements: Measurements,
) -> Lines:
    """Return pieces as rows, filled up with 0."""
    lengths = np.array([piece.size for piece in pieces])
    there = np.arange(lengths.max()) < lengths[:, None]
    logs = np.zeros(there.shape)
    logs[there] = np.concatenate(pieces)
    left_out = measurements.values.size - int(lengths.sum())
    return Lines(logs, there, log_medians, float(measurements.values.mean()), left_out)

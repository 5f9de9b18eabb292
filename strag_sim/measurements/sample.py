"""Times as they were measured, in memory: plain arrays, some dozens of bytes a row."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Measurements:
    """Measured times, in the order in which each worker's were taken.

    Parameters
    ----------
    values : array of float64, shape (n,)
        Seconds, or ratios; finite and above 0.
    worker : array of int32, shape (n,), or None
        The place of each row's worker in ``names``; None where workers were not told apart.
    step : array of float64, shape (n,), or None
        The round, step or time of each row; None where rows are only in order.
    names : tuple of str
        The workers.
    """

    values: NDArray[np.float64]
    worker: NDArray[np.int32] | None = None
    step: NDArray[np.float64] | None = None
    names: tuple[str, ...] = ()

    def of_worker(self, worker: int) -> NDArray[np.float64]:
        """Return the times of one worker, in order."""
        if self.worker is None:
            raise ValueError("worker: workers were not told apart in these measurements")
        of_worker: NDArray[np.float64] = self.values[self.worker == worker]
        return of_worker

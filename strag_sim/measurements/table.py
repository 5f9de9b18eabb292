"""From measured times to the quantile tables of a profile."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.measurements.sample import Measurements

# Each machine has a table of its own up to so many; a list of more says little and reads badly.
MOST_MACHINES = 100
# A machine measured less often than this has no table that is worth drawing from.
FEWEST_OF_A_MACHINE = 20
_DIGITS = 6  # significant ones of what is written


def levels_for(n: int) -> NDArray[np.float64]:
    """Return the levels of a table of ``n`` measurements, rising from 0 to 1.

    Hundredths below 1,000 measurements, else thousandths; and in the upper tail a tenth of that
    step. All are multiples of 0.0001, so that drawing from the table needs no search.
    """
    steps = 100 if n < 1000 else 1000
    body = np.arange(steps) / steps
    tail = 1 - np.arange(10, 0, -1) / (10 * steps)
    return np.round(np.unique(np.concatenate([body, tail, [1.0]])), 4)


def quantile_table(values: NDArray[np.float64]) -> dict[str, Any]:
    """Return ``n``, ``mean``, ``std``, ``levels`` and ``values`` of measurements, shape (n,).

    Plotting positions are (i - 1) / (n - 1), numpy's default: levels 0 and 1 are the extremes.
    """
    levels = levels_for(values.size)
    return {
        "n": int(values.size),
        "mean": rounded(float(values.mean())),
        "std": rounded(float(values.std())),
        "levels": levels.tolist(),
        "values": [rounded(float(value)) for value in np.quantile(values, levels)],
    }


def profile_content(measurements: Measurements, *, unit: str, scale: float) -> dict[str, Any]:
    """Return what a profile file holds of measurements, names and sources apart.

    Parameters
    ----------
    measurements : Measurements
    unit : str
        The unit of the file's times; ``ratio`` for factors.
    scale : float
        That unit in seconds: the file holds the measured values over it.

    Returns
    -------
    dict
        ``unit``, the pooled table, ``tail``, and ``machines`` where workers were told apart, are
        at most ``MOST_MACHINES`` and were each measured ``FEWEST_OF_A_MACHINE`` times.
    """
    values = measurements.values / scale
    content = {"unit": unit, **quantile_table(values), "tail": tail_of(values)}
    names = measurements.names
    if measurements.worker is None or not 2 <= len(names) <= MOST_MACHINES:
        return content
    if np.bincount(measurements.worker, minlength=len(names)).min() < FEWEST_OF_A_MACHINE:
        return content
    machines = [
        {"name": name, **quantile_table(measurements.of_worker(w) / scale)}
        for w, name in enumerate(names)
    ]
    return {**content, "machines": machines}


def tail_of(values: NDArray[np.float64]) -> str:
    """Return in words where a table of these measurements ends."""
    last = float(levels_for(values.size)[-2])
    beyond = int(np.count_nonzero(values > np.quantile(values, last)))
    return (
        f"The law ends at the largest of {values.size:,} measurements; {beyond} of them lie beyond "
        f"the last inner level, {last:g}, joined to it by a straight line."
    )


def rounded(number: float) -> float:
    """Return a number with as many digits as a file needs."""
    return float(f"{number:.{_DIGITS}g}")

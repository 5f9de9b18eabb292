"""From measured times to the quantile tables of a profile."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.curve import Curve
from strag_sim.measurements.sample import Measurements

# Each machine has a table of its own up to so many; a list of more says little and reads badly.
MOST_MACHINES = 100
# A machine measured less often than this has no table that is worth drawing from.
FEWEST_OF_A_MACHINE = 20
# By what share the standard deviation of a table may exceed the measured one.
LARGEST_EXCESS = 0.01
_DIGITS = 6  # significant ones of what is written
_TAILS = (0.99, 0.999, 0.9999)  # beyond the last that n resolves, the measurements are counted


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

    The i-th smallest of n stands at level (i - 1/2) / n (Hazen), the extremes also beyond theirs,
    so that the lines through all of them have the measured mean exactly; with numpy's default,
    (i - 1) / (n - 1), the extremes weigh half, and of 200 measurements the standard deviation came
    out up to 7 % low. Where the last line, up to the largest measurement, overstates the standard
    deviation by more than ``LARGEST_EXCESS``, the law ends earlier: see ``end_for``.
    """
    levels = levels_for(values.size)
    quantiles = np.quantile(values, levels, method="hazen")
    mean, std = float(values.mean()), float(values.std())
    if Curve(levels, quantiles).std > (1 + LARGEST_EXCESS) * std:
        quantiles[-1] = end_for(mean, levels, quantiles)
    return {
        "n": int(values.size),
        "mean": rounded(mean),
        "std": rounded(std),
        "levels": levels.tolist(),
        "values": [rounded(float(value)) for value in quantiles],
    }


def end_for(mean: float, levels: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Return the end at level 1 that gives a table this mean; never below the value before it.

    Nor above the last of ``values``, which is the largest measurement, or infinite where a
    published law has no end.
    """
    rest = float(np.trapezoid(values[:-1], levels[:-1]))
    end = 2 * (mean - rest) / (levels[-1] - levels[-2]) - values[-2]
    return float(np.clip(end, values[-2], values[-1]))


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
    table = quantile_table(values)
    content = {"unit": unit, **table, "tail": tail_of(values, table["values"][-1])}
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


def tail_of(values: NDArray[np.float64], end: float) -> str:
    """Return in words where a table of these measurements ends, and on how many that rests."""
    n, largest = values.size, rounded(float(values.max()))
    level = max((level for level in _TAILS if n * (1 - level) >= 1), default=_TAILS[0])
    beyond = int(np.count_nonzero(values > np.quantile(values, level, method="hazen")))
    rests = f"beyond level {level:g} it rests on {beyond:,} of them"
    if end >= largest:
        return f"The law ends at the largest of {n:,} measurements; {rests}."
    return (
        f"The law ends at {end:g}, so that its mean is the measured one; a straight line to the "
        f"largest of {n:,} measurements, {largest:g}, would overstate the spread; {rests}."
    )


def rounded(number: float) -> float:
    """Return a number with as many digits as a file needs."""
    return float(f"{number:.{_DIGITS}g}")

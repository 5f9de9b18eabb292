"""What is measured of a simulation: one value a run, and the number that is shown.

A measure is a column of the table of runs (``mean``, ``cost``, ``utilisation``, ``straggled``); a
quantile, ``p99``; the share of responses above a time, ``P(T > 0.3)``; the share answered by a
path, ``by collage``; or ``throughput``, the rate of answers of a saturated system. The identities
of `accounts` are calculated in two ways from the same run.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from strag_sim.results import Result
from strag_sim.selfcheck.accounts import IDENTITIES
from strag_sim.statistics import Record, section
from strag_sim.tables import Floats

CONFIDENCE = 0.95
THROUGHPUT = "throughput"
BY = "by "
# Answers between these shares of all: all workers are busy, and requests still arrive.
FIRST, LAST = 0.1, 0.5


@dataclass(frozen=True)
class Measured:
    """A measure of all runs: what is shown, its interval, and what is held against theory.

    ``values`` (one a run) have the mean ``expected`` if theory is right; they are not the shown
    quantity where its mean over runs would be biased.
    """

    simulated: float
    low: float
    high: float
    values: Floats
    expected: float

    @property
    def error(self) -> float:
        """The standard error of what is shown, from its interval."""
        from scipy.special import stdtrit

        half = (self.high - self.low) / 2
        return half / float(stdtrit(self.values.size - 1, (1 + CONFIDENCE) / 2))


def record_for(measure: str) -> Record:
    """Return what has to be recorded for a measure."""
    if measure in IDENTITIES:
        return IDENTITIES[measure].record
    return "requests" if measure == THROUGHPUT or measure.startswith(BY) else "summary"


def measured(result: Result, measure: str, theory: float) -> Measured:
    """Return a measure of the only policy of a result; no identity."""
    if re.fullmatch(r"p\d+", measure):
        return _quantile(result, measure, theory)
    if above := re.fullmatch(r"P\(T > (.+)\)", measure):
        return _mean(_above(result, float(above[1])), theory)
    if measure == THROUGHPUT:
        gaps = _mean(_gaps(result), 1 / theory)
        low, high = 1 / gaps.high, 1 / gaps.low
        return Measured(1 / gaps.simulated, low, high, gaps.values, gaps.expected)
    if measure.startswith(BY):
        path = measure.removeprefix(BY)
        taken = result.requests().groupby("run")["path"]
        return _mean(np.array([float((each == path).mean()) for _, each in taken]), theory)
    return _column(result, measure, theory)


def _column(result: Result, name: str, theory: float) -> Measured:
    """Return a column of the summary, and of the runs."""
    row = result.summary().iloc[0]
    values = result.runs()[name].to_numpy(dtype=np.float64)
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    return Measured(float(row[name]), low, high, values, theory)


def _quantile(result: Result, name: str, theory: float) -> Measured:
    """Return a quantile, and the shares of responses above its expected value.

    A quantile of a run is biased, the share above a given time is not.
    """
    shown = _column(result, name, theory)
    above = _above(result, theory)
    level = float(f"0.{name[1:]}")
    return Measured(shown.simulated, shown.low, shown.high, above, 1 - level)


def _mean(values: Floats, expected: float) -> Measured:
    """Return a mean over runs."""
    mean = float(values.mean())
    interval = section(mean, values, CONFIDENCE)
    return Measured(mean, interval.low, interval.high, values, expected)


def _above(result: Result, time: float) -> Floats:
    """Return the share of responses above a time in seconds, of each run."""
    row = result.summary().iloc[0]
    responses = result.responses(str(row["label"])).reshape(int(row["runs"]), -1)
    return np.array([float(each.mean()) for each in responses > time])


def _gaps(result: Result) -> Floats:
    """Return the mean time between two answers of each run, while it is saturated, in seconds."""
    rows = result.requests()
    gaps = []
    for _, completion in rows.groupby("run")["completion"]:
        ordered = np.sort(completion.to_numpy())
        first, last = int(FIRST * ordered.size), int(LAST * ordered.size)
        gaps.append((ordered[last] - ordered[first]) / (last - first))
    return np.array(gaps)


def z_of_runs(values: ArrayLike, expected: float) -> float:
    """Return the z of the same probability as the Student t of the runs' values.

    Runs are independent; so |z| <= 4 has the size 6e-5 for any number of runs. Infinite where a
    value is missing, or where all are equal to another number.
    """
    from scipy.special import ndtri, stdtr

    runs = np.asarray(values, dtype=np.float64)
    error = float(runs.std(ddof=1)) / np.sqrt(runs.size)
    away = float(runs.mean()) - expected
    if not np.isfinite(away):
        return float("inf")
    if error <= 1e-12 * abs(expected):
        return 0.0 if abs(away) <= 1e-9 * abs(expected) else float(np.copysign(np.inf, away))
    return float(-np.sign(away) * ndtri(stdtr(runs.size - 1, -abs(away) / error)))

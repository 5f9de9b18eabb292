"""What was measured of one configuration, block by block, and the point of a profile it makes."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.measurements import bounded_quantiles, effective_size, quantile_table
from strag_sim.measurements.sample import Measurements
from strag_sim.measurements.stragglers import lag_one
from strag_sim.profiler.asked import Configuration, Load
from strag_sim.profiler.serving import DUE, SERVER, START, TIME, WORK, Ints

Floats = NDArray[np.float64]
UNIT, NS = "us", 1e3  # of a profile's times, and how many ns it has
LEVELS = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999}
FEWEST = 2  # calls that make a law
OUTLYING = 5  # median absolute deviations above the median


@dataclass
class Record:
    """What a session finds out about a configuration; ``failure`` says why it measured no more."""

    configuration: Configuration
    calls: int
    blocks: list[Ints] = field(default_factory=list)
    warm_up: list[int] = field(default_factory=list)  # ns
    busy: int = 0  # ns, over all servers
    memory: int | None = None  # bytes, at the most
    failure: str = ""
    before: dict[str, Any] = field(default_factory=dict)  # what the device told of itself
    after: dict[str, Any] = field(default_factory=dict)

    def add(self, rows: Ints) -> None:
        """Add what was measured in a block."""
        if not len(rows):
            return
        ends = rows[:, START] + rows[:, TIME]
        for server in range(self.configuration.concurrency):
            own = ends[rows[:, SERVER] == server]
            self.busy += int((own if len(own) else ends).max() - rows[:, START].min())
        self.blocks.append(rows)

    @property
    def rows(self) -> Ints:
        """All calls, in the order in which they started."""
        rows = np.concatenate(self.blocks) if self.blocks else np.zeros((0, 5), np.int64)
        return rows[np.argsort(rows[:, START], kind="stable")]

    @property
    def is_law(self) -> bool:
        """Whether enough was measured for a point."""
        return sum(map(len, self.blocks)) >= FEWEST


def point(record: Record, load: Load, begun: int) -> dict[str, Any]:
    """Return the point of a profile file, times in ``UNIT``; ``begun`` is the session's start."""
    rows, asked = record.rows, record.configuration
    took, work = rows[:, TIME] / NS, rows[:, WORK] / NS
    samples = {"start": _tenths((rows[:, START] - begun) / NS), "time": _tenths(took)}
    samples["work"] = _tenths(work)
    details = {**_details(record, took), "work": _law_of_work(work)}
    if load.rate:
        response = (rows[:, START] + rows[:, TIME] - rows[:, DUE]) / NS
        samples["response"] = _tenths(response)
        details["response"] = {"mean": _digits(response.mean()), **_quantiles(response)}
    return {
        "batch": asked.batch,
        "concurrency": asked.concurrency,
        "load": str(load),
        **quantile_table(took),
        "throughput": _digits(asked.batch * _rate(record, load)),
        "autocorrelation": _known(lag_one(Measurements(took))),
        "effective": _known(effective_size(took)),
        "details": details,
        "samples": samples,
    }


def _rate(record: Record, load: Load) -> float:
    """Return the calls a second, of all servers together.

    In a closed loop each server is busy from the start of a block to the end of its last call, and
    calls that are not counted keep the others company until then; one that never had its turn was
    there to the end. Under an open load the time between blocks is none.
    """
    rows = record.rows
    if load.rate:
        return float(len(rows) / (rows[:, START] + rows[:, TIME] - rows[0, DUE]).max() * 1e9)
    return record.configuration.concurrency * len(rows) / record.busy * 1e9


def _details(record: Record, took: Floats) -> dict[str, Any]:
    """Return what a law does not say: how it was found, and how far it can be trusted."""
    middle = float(np.median(took))
    spread = float(np.median(np.abs(took - middle)))
    half = len(took) // 2
    return {
        "first_call": _digits(record.warm_up[0] / NS),
        "warm_up": len(record.warm_up),
        "blocks": len(record.blocks),
        "asked": record.calls,
        "failure": record.failure or None,
        "quantiles": _quantiles(took),
        "outliers": int(np.count_nonzero(took > middle + OUTLYING * spread)),
        "halves": _digits(float(np.median(took[half:]) / np.median(took[:half]))),
        "memory": record.memory,
        "before": record.before,
        "after": record.after,
    }


def _law_of_work(work: Floats) -> dict[str, Any]:
    """Return how much of their time calls worked: mean, median and coefficient of variation."""
    mean = float(work.mean())
    return {
        "mean": _digits(mean),
        "p50": _digits(float(np.median(work))),
        "cv": _digits(float(work.std()) / mean) if mean > 0 else None,
    }


def _quantiles(values: Floats) -> dict[str, Any]:
    """Return the quantiles that so many calls bound, each with its upper bound."""
    known = bounded_quantiles(values, LEVELS.values())
    return {
        name: {"value": _digits(known[level][0]), "at_most": _digits(known[level][1])}
        for name, level in LEVELS.items()
        if level in known
    }


def _known(value: float) -> float | None:
    """Return a number of a file; None where there is none."""
    return None if math.isnan(value) else _digits(value)


def _digits(value: float) -> float:
    """Return a number with as many digits as it deserves."""
    return float(f"{value:.6g}")


def _tenths(values: Floats) -> list[float]:
    """Return times with one digit: clocks know no more."""
    return np.round(values, 1).tolist()

"""How well accuracies are known: policies look them up in tables, which were measured too.

A run has the table's value for every answer, so that runs tell nothing of the table's own error.
Here it is put to theirs: both are taken as independent, on the scale of logarithms. How accurate
the model alone is, which all codes of a page share, is taken as known.
"""

import math
from typing import NamedTuple

from strag_sim.accuracies import AccuracyTable, Entry
from strag_sim.results import Result


class Ratio(NamedTuple):
    """One number over another, with the ends of its interval; NaN where there is none."""

    value: float
    low: float
    high: float


class Error(NamedTuple):
    """By how much a number may be too high, and too low, as logarithms."""

    down: float = 0.0
    up: float = 0.0


NONE = Error()


def entry_of(table: AccuracyTable, returned: int) -> Entry:
    """Return what a table has of so many results; all tables of this page have it."""
    entry = table.number(returned)
    if entry is None:
        raise ValueError(f"table {table.name} has nothing of {returned} results")
    return entry


def error_of(value: float, low: float | None, high: float | None) -> Error:
    """Return the error of a number by its interval; none where that is not known.

    ``value`` is above 0; an end that is not makes the error infinite.
    """
    if low is None or high is None:
        return NONE
    return Error(math.inf if low <= 0 else math.log(value / low), math.log(high / value))


def widened(found: Ratio, above: Error, below: Error = NONE) -> Ratio:
    """Return a ratio whose interval has the errors of its two numbers too, in quadrature."""
    own = error_of(*found)
    down, up = (
        math.hypot(own.down, above.down, below.up),
        math.hypot(own.up, above.up, below.down),
    )
    return Ratio(found.value, found.value * math.exp(-down), found.value * math.exp(up))


def table_of(result: Result, label: str) -> tuple[AccuracyTable, int] | None:
    """Return the table of a policy and how many results its code waits for; None without one."""
    (setup,) = (each.setup for each in result.samples if each.setup.label == label)
    for recovery in setup.policy.shape().recoveries:
        if isinstance(recovery.accuracy, AccuracyTable):
            return recovery.accuracy, recovery.threshold
    return None


def error_of_table(result: Result, label: str) -> Error:
    """Return the error of a policy's accuracy that is its table's.

    A table of what is missing is of the straggled answers, and counts for these alone.
    """
    found = table_of(result, label)
    if found is None:
        return NONE
    rows = result.summary().set_index("label")
    share = float(rows["straggled"][label]) if found[0].charges == "missing" else 1.0
    accuracy, entry = float(rows["accuracy"][label]), entry_of(*found)
    ends = (
        None if end is None else accuracy + share * (end - entry.value)
        for end in (entry.low, entry.high)
    )
    return error_of(accuracy, *ends)

"""What the columns of a summary are: what tables call them, and a unit for all of a column."""

import math
import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from strag_sim.units import readable, seconds

SHARES = ("utilisation", "wasted", "accuracy", "straggled", "slo_met")
RATES = ("arrival_rate", "saturation")
# Of time squared, and without a unit.
SQUARES, BARE = ("var",), ("offered_load",)
TIMES = ("mean", "std", "max", "cost")
_QUANTILE = re.compile(r"p(\d\d)(\d*)")
_TITLES = {"var": "variance", "slo_met": "SLO met"}


@dataclass(frozen=True)
class Unit:
    """What numbers are told in: how it is written, and how much of an SI unit it is."""

    text: str
    scale: float


def is_estimate(name: str) -> bool:
    """Return whether a column holds estimates, which have a unit and may have an interval."""
    return is_time(name) or name in (*SHARES, *RATES, *SQUARES, *BARE)


def is_time(name: str) -> bool:
    """Return whether a column holds seconds."""
    return name in TIMES or is_quantile(name)


def is_quantile(name: str) -> bool:
    """Return whether a column holds a quantile of responses, such as p999."""
    return _QUANTILE.fullmatch(name) is not None


def title(name: str) -> str:
    """Return what a table calls a column: p999 is p99.9."""
    found = _QUANTILE.fullmatch(name)
    if found:
        return f"p{found[1]}.{found[2]}" if found[2] else name
    return _TITLES.get(name, name.replace("_", " "))


def unit_of(name: str, values: Iterable[float]) -> Unit:
    """Return one unit for all values of a column: of times the one that fits their median.

    Squares have the largest in which that is at least 0.01, as theirs are so far apart.
    """
    if name in SHARES:
        return Unit("%", 0.01)
    if name in RATES:
        return Unit("1/s", 1.0)
    if name in BARE:
        return Unit("", 1.0)
    power = 2 if name in SQUARES else 1
    sizes = [abs(value) ** (1 / power) for value in values if math.isfinite(value) and value]
    wide = 10 ** (power - 1)
    unit = readable(wide * statistics.median_low(sizes)).split()[1] if sizes else "s"
    text = unit.replace("us", "µs") + "²" * (power - 1)
    return Unit(text, seconds(f"1 {unit}") ** power)

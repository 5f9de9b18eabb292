"""Numbers of a table as people read them, a unit a column, and as a page sorts and tells them."""

import math
from dataclasses import dataclass

import pandas as pd

from strag_sim.compare.texts import decimals
from strag_sim.levels import level_of
from strag_sim.results.quantities import SHARES, SQUARES, is_quantile, title, unit_of

NONE = "–"
# What is shown in this order, quantiles behind the first, and what each is in words.
WORDS = {
    "mean": "mean response time",
    "var": "variance of response times",
    "cost": "busy time of workers a request, wasted work included",
    "wasted": "share of the work whose result answered nobody",
    "accuracy": "share of answers that are right",
    "straggled": "share of requests answered by another way than their own task",
    "slo_met": "share of requests answered within the SLO",
    "utilisation": "share of the workers' time that was busy, redundant work included",
}
FINEST = 6  # decimals


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its unit, and what it is in words."""

    name: str
    head: str
    unit: str
    words: str


@dataclass(frozen=True)
class Cell:
    """A number: as text, half its interval as text, what it sorts by, and all its digits."""

    text: str
    half: str = ""
    value: str = ""
    title: str = ""


def columns(summary: pd.DataFrame) -> dict[Column, list[Cell]]:
    """Return the columns of a summary in which some policy has a number, and their cells."""
    first, *others = WORDS
    names = [first, *filter(is_quantile, map(str, summary)), *others]
    there = (name for name in names if name in summary and summary[name].notna().any())
    return dict(_column(summary, name) for name in there)


def _column(summary: pd.DataFrame, name: str) -> tuple[Column, list[Cell]]:
    """Return a column and its cells."""
    unit = unit_of(name, summary[name])
    scale = unit.scale
    nan = pd.Series(math.nan, summary.index)
    low, high = (summary.get(f"{name}_{end}", nan).astype(float) for end in ("low", "high"))
    values = summary[name].astype(float)
    digits = _digits([decimals((b - a) / scale, v / scale) for a, b, v in _rows(low, high, values)])
    whole = "" if name in SHARES else (" s²" if name in SQUARES else " s")
    cells = [
        _cell(value / scale, (b - a) / 2 / scale, digits, _title(value, a, b, whole))
        for a, b, value in _rows(low, high, values)
    ]
    return Column(name, title(name), unit.text, _words(name)), cells


def _rows(*series: "pd.Series[float]") -> list[tuple[float, ...]]:
    """Return the rows of some columns."""
    return list(zip(*series, strict=True))


def _digits(each: list[int]) -> int:
    """Return the decimals of a column: as many as its numbers need, but for one that stands out."""
    return min(max(each), min(each) + 1, FINEST)


def _cell(value: float, half: float, digits: int, title: str) -> Cell:
    """Return a number as a cell."""
    if math.isnan(value):
        return Cell(NONE, title="no number")
    spread = f"{half:,.{digits}f}" if math.isfinite(half) else ""
    text = f"{value:,.{digits}f}"
    if value and not float(text.replace(",", "")):  # far smaller than the others of its column
        text = f"{value:.2g}"
    return Cell(text, spread, repr(value), title)


def _title(value: float, low: float, high: float, unit: str) -> str:
    """Return all digits of a number, and its interval."""
    between = "" if math.isnan(high - low) else f", interval {low!r} to {high!r}{unit}"
    return f"{value!r}{unit}{between}"


def _words(name: str) -> str:
    """Return what a column is in words."""
    if is_quantile(name):
        return f"{100 * level_of(name):.10g} % of the requests are answered within this time"
    return WORDS[name]

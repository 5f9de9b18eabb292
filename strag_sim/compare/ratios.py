"""The ratios of a comparison as a table for people: a measure a row, a policy a column."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from strag_sim.compare.texts import NAMES
from strag_sim.compare.verdicts import HIGHER, LOWER, UNSTABLE, biased
from strag_sim.results.concise import NONE, concise
from strag_sim.results.quantities import unit_of
from strag_sim.results.sheet import Cell, Sheet

Row = Mapping[Hashable, Any]
_METHODS = {
    "student": "Student's t of log ratios",
    "sectioning": "sectioning",
    "bootstrap": "BCa bootstrap",
}


@dataclass(frozen=True, kw_only=True)
class Made:
    """How ratios were made: see `Comparison`; ``short`` are who is not shown to be accurate."""

    amount: str
    confidence: float
    method: str
    accuracy: float | None
    short: frozenset[str]


def ratios(rows: pd.DataFrame, measures: Sequence[str] | None, made: Made) -> Sheet:
    """Return the table: the first column of numbers is the baseline's own, with their units.

    A ratio is followed by half its interval (see `concise`), and bold where its verdict is lower
    or higher. By default a measure that no policy could have is left out.
    """
    numbers = rows[["value", "baseline_value"]].notna().any(axis=1)
    known = rows[numbers | (rows["verdict"] == UNSTABLE)]
    names = list(dict.fromkeys(known["measure"])) if measures is None else list(measures)
    labels, baseline = list(dict.fromkeys(rows["label"])), str(rows["baseline"].iloc[0])
    lines = []
    for name in names:
        of = rows[rows["measure"] == name].to_dict("records")
        lines.append((Cell(NAMES[name]), _own(name, of[0]["baseline_value"]), *map(_ratio, of)))
    starred = (f"{label}{'*' * (label in made.short)}" for label in (baseline, *labels))
    shown = rows[rows["measure"].isin(names)]
    return Sheet(
        heads=("", *starred),
        rows=tuple(lines),
        caption=" ".join(_caption(baseline, int(rows["runs"].iloc[0]), made)),
        below=tuple(_why(shown)),
        notes=biased(shown),
    )


def _own(measure: str, number: float) -> Cell:
    """Return a value of the baseline with its unit."""
    if math.isnan(number):
        return Cell(NONE)
    unit = unit_of(measure, [number])
    return Cell(f"{concise(number / unit.scale)} {unit.text}")


def _ratio(row: Row) -> Cell:
    """Return a ratio and half its interval, bold where policies are told apart."""
    text = concise(row["ratio"], row["ratio_low"], row["ratio_high"])
    return Cell(text, bold=text != NONE and row["verdict"] in (LOWER, HIGHER))


def _caption(baseline: str, runs: int, made: Made) -> Iterator[str]:
    """Yield what the numbers are, in sentences."""
    yield f"Ratios to {baseline}, whose own values are given. {made.amount}."
    if runs == 1:
        yield "One run has no intervals."
    else:
        yield (
            f"In parentheses half of each paired {100 * made.confidence:.4g} % confidence interval "
            f"over runs ({_METHODS[made.method]}), in units of the last digits. Bold: lower or "
            "higher, corrected for all tests of the comparison (Holm)."
        )
    if made.accuracy is not None and made.short:
        yield f"*: not shown to have an accuracy of at least {100 * made.accuracy:.4g} %."


def _why(rows: pd.DataFrame) -> Iterator[str]:
    """Yield why there are dashes; nothing where there are none."""
    missing = rows[rows["ratio"].isna()]
    unstable = missing[missing["verdict"] == UNSTABLE]
    parts = []
    for of, reason in (
        (unstable, "unstable, requests arrive faster than they are answered"),
        (missing.drop(unstable.index), "not known, or 0"),
    ):
        without = of[~(of["value"] > 0)]["label"], of[~(of["baseline_value"] > 0)]["baseline"]
        labels = dict.fromkeys(pd.concat([without[1], without[0]])) or dict.fromkeys(of["label"])
        if labels:
            parts.append(f"{reason} ({', '.join(labels)})")
    if parts:
        yield f"{NONE}: {'; '.join(parts)}."

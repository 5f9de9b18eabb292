"""The rows of a summary, or of a sweep, as a table for people: a unit a column, and intervals."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from strag_sim.results.concise import NONE, concise
from strag_sim.results.quantities import Unit, is_estimate, is_time, title, unit_of
from strag_sim.results.sheet import Cell, Sheet

Row = Mapping[Hashable, Any]
USUAL = ("mean", "p50", "p99", "p999", "var", "cost")
# Shown only where some policy has them.
OPTIONAL = ("accuracy", "slo_met")
# Why a number may be missing, if the policy is neither unstable nor a bound.
_MISSING = {
    "accuracy": "the accuracy of some answer is not known",
    "slo_met": "no SLO was set",
    "straggled": "there are no own tasks",
    "saturation": "the queues keep up",
    "stable": "whether queues keep up is not judged",
    "offered_load": "the load depends on the allocation",
}


def usual(rows: pd.DataFrame) -> list[str]:
    """Return the columns that are shown where nobody chose any."""
    return [*USUAL, *(name for name in OPTIONAL if rows[name].notna().any())]


def estimated(
    rows: pd.DataFrame,
    columns: Sequence[str],
    *,
    confidence: float | None = None,
    paths: Sequence[str] = (),
    best: Mapping[str, str] | None = None,
) -> Sheet:
    """Return rows as a table, with what its numbers are.

    Parameters
    ----------
    rows : DataFrame
        As of `Result.summary` or `Swept.table`.
    columns : sequence of str
        Which are shown; estimates with half their intervals, see `concise`.
    confidence : float or None
        Of the intervals; None where it is not the same of all.
    paths : sequence of str
        Columns of values that were swept over, which are shown first.
    best : mapping of str to str or None
        Of columns, the label whose estimate is bold.
    """
    units = {name: unit_of(name, rows[name]) for name in columns if is_estimate(name)}
    lines = []
    for row in rows.to_dict("records"):
        cells = [Cell(told(row[name])) for name in (*paths, "label")]
        for name in columns:
            bold = (best or {}).get(name) == row["label"]
            text = _estimate(row, name, units[name]) if name in units else told(row[name])
            cells.append(Cell(text, bold))
        lines.append(tuple(cells))
    heads = (*(_short(path, paths) for path in paths), "policy")
    cells_of = f"{rows['cell'].nunique():,} cells of " if paths else ""
    return Sheet(
        heads=(*heads, *(_head(name, units.get(name)) for name in columns)),
        rows=tuple(lines),
        caption=f"{cells_of}{amount(rows)}. {parentheses(rows, confidence)}",
        below=tuple(_why(rows, columns)),
        texts=len(heads),
    )


def amount(rows: pd.DataFrame) -> str:
    """Return how much was simulated: 20 runs of 20,000 requests a policy, after 2,000 of warm-up.

    Where rows differ, from the least to the most.
    """
    runs, requests, cut = (_range(rows[name]) for name in ("runs", "requests", "warm_up"))
    warm_up = "" if cut == "0" else f", after {cut} of warm-up"
    return f"{runs} run{'' if runs == '1' else 's'} of {requests} requests a policy{warm_up}"


def parentheses(rows: pd.DataFrame, confidence: float | None) -> str:
    """Return what the parentheses hold, in a sentence; that there are none where runs are one."""
    if rows["runs"].max() == 1:
        return "One run has no intervals."
    share = "" if confidence is None else f"{100 * confidence:.4g} % "
    return (
        f"In parentheses half of each {share}confidence interval over runs (Student's t; of "
        "quantiles by sectioning), in units of the last digits."
    )


def told(value: Any) -> str:
    """Return a value that is no estimate: a text, a count, a switch, or a value swept over."""
    if pd.isna(value):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _estimate(row: Row, name: str, unit: Unit) -> str:
    """Return an estimate in its unit."""
    ends = (row.get(f"{name}{end}", math.nan) for end in ("", "_low", "_high"))
    return concise(*(float(end) / unit.scale for end in ends))


def _head(name: str, unit: Unit | None) -> str:
    """Return what a column of numbers is headed, with its unit."""
    return f"{title(name)} ({unit.text})" if unit and unit.text else title(name)


def _range(values: "pd.Series[int]") -> str:
    """Return the one value that there is, or the least and the most."""
    least, most = int(values.min()), int(values.max())
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def _short(path: str, paths: Sequence[str]) -> str:
    """Return the end of a path that no other has: offered_load of arrivals.offered_load."""
    parts = path.split(".")
    ends = (".".join(parts[start:]) for start in range(len(parts) - 1, -1, -1))
    others = [other for other in paths if other != path]
    return next(end for end in ends if not any(f".{o}".endswith(f".{end}") for o in others))


def _why(rows: pd.DataFrame, columns: Sequence[str]) -> Iterator[str]:
    """Yield why there are dashes, in a sentence; nothing where there are none."""
    reasons: dict[str, dict[str, None]] = {}  # as an ordered set of labels
    for row in rows.to_dict("records"):
        for reason in _reasons(row, columns):
            reasons.setdefault(reason, {})[str(row["label"])] = None
    parts = [f"{reason} ({', '.join(labels)})" for reason, labels in reasons.items()]
    if parts:
        yield f"{NONE}: {'; '.join(parts)}."


def _reasons(row: Row, columns: Sequence[str]) -> Iterator[str]:
    """Yield why a row has dashes."""
    unstable: bool = not pd.isna(row["stable"]) and not row["stable"]
    for name in columns:
        if not pd.isna(row[name]):
            continue
        if unstable and (is_time(name) or name in ("var", "straggled", "slo_met", "wasted")):
            yield "unstable, requests arrive faster than they are answered"
        elif row["policy"] == "oracle" and name not in _MISSING:
            yield "a bound, which runs on no workers"
        else:
            yield _MISSING.get(name, f"no {title(name)}")

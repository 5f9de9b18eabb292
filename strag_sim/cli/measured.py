"""Measured times as people read what they say, and as programs do."""

import dataclasses
import json
import math
import re
from collections.abc import Sequence

from strag_sim.measurements import Facts, Imported
from strag_sim.measurements.choice import listed
from strag_sim.profiles import RATIO
from strag_sim.units import readable

NONE = "-"
# A unit at the end of a column's name: init_ms, time (us).
_UNIT = re.compile(r"(?:^|[\s_(\[.-])(ns|us|ms|min)[)\]]?$")
QUANTILES = {"p50": "p50", "p90": "p90", "p95": "p95", "p99": "p99", "p999": "p99.9", "max": "max"}


def as_text(label: str, imported: Imported, facts: Facts) -> str:
    """Return one line a number, below what the numbers are of and what was left out."""
    ratio = imported.unit == RATIO

    def amount(value: float) -> str:
        return f"{value:.4g}" if ratio else readable(value)

    rows = [
        ("count", f"{facts.n:,}", ""),
        ("mean", amount(facts.mean), ""),
        ("CV", _number(facts.cv), "standard deviation over mean"),
        *((text, amount(getattr(facts, key)), "") for key, text in QUANTILES.items()),
        ("beyond 1.5x", _percent(facts.beyond_1_5), "of times, of the median of all"),
        ("beyond 3x", _percent(facts.beyond_3), ""),
        ("lag-1", _number(facts.lag_1), "autocorrelation of log time within a worker"),
        ("between", _percent(facts.between), "of the variance of log time is between workers"),
        ("dispersion", _number(facts.dispersion), _dispersion(facts)),
    ]
    lines = [f"{name:<12}{value:>10}{'   ' + note if note else ''}" for name, value, note in rows]
    return "\n".join([_head(label, imported), *_dropped(imported), "", *lines])


def as_json(label: str, imported: Imported, facts: Facts) -> str:
    """Return the same as JSON; null where there is no number."""
    numbers = {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in dataclasses.asdict(facts).items()
    }
    choice = imported.choice
    whole = {
        "file": label,
        "columns": list(choice.columns),
        "group": choice.group,
        "order": choice.order,
        "unit": RATIO if imported.unit == RATIO else "s",
        "rows": imported.rows,
        "dropped": [dataclasses.asdict(each) for each in imported.dropped],
        **numbers,
    }
    return json.dumps(whole, indent=2)


def unit_note(imported: Imported, unit: str | None) -> str:
    """Return a note where times without a unit come from columns whose names say one; else ""."""
    likely = "" if unit else likely_unit(imported.choice.columns)
    if not likely:
        return ""
    return f"note: times were read as seconds; if they are {likely}, say --unit {likely}"


def columns_note(imported: Imported) -> str:
    """Return a note where a column of a wide table has no times, and so is no worker; else ""."""
    empty = [c for c in imported.choice.columns if c not in imported.measurements.names]
    if not imported.choice.wide or not empty:
        return ""
    return (
        f"note: no times in {listed(empty)}; name the columns of workers with --column, that of "
        "rounds with --order"
    )


def likely_unit(columns: Sequence[str]) -> str:
    """Return the unit that the names of all columns end in, such as ``init_ms``; "" for none."""
    found = {match[1] if (match := _UNIT.search(name)) else "" for name in columns}
    return found.pop() if len(found) == 1 else ""


def _head(label: str, imported: Imported) -> str:
    """Return what the numbers are of."""
    choice, names = imported.choice, imported.measurements.names
    columns = ", ".join(choice.columns[:3]) + (", ..." if len(choice.columns) > 3 else "")
    parts = [f"{label}: {imported.rows:,} times", f"column {columns} in {imported.unit}"]
    if choice.wide:
        parts.append(f"each of {len(names):,} columns a worker")
    elif choice.group:
        parts.append(f"{len(names):,} workers by {choice.group}")
    if choice.order:
        parts.append(f"ordered by {choice.order}")
    return ", ".join(parts)


def _dropped(imported: Imported) -> list[str]:
    """Return what was left out, a line a reason."""
    return [f"left out: {each.text()}" for each in imported.dropped]


def _dispersion(facts: Facts) -> str:
    """Return what the dispersion is of."""
    if not facts.workers:
        return "of stragglers per round: needs workers, --group or --wide"
    rounds = f"{facts.complete_rounds:,} complete rounds of {facts.rounds:,}"
    return f"of stragglers per round, 1 if independent; {rounds}"


def _number(value: float) -> str:
    """Return a number with three digits."""
    return NONE if math.isnan(value) else f"{value:.3g}"


def _percent(value: float) -> str:
    """Return a share."""
    return NONE if math.isnan(value) else f"{100 * value:.3g} %"

"""The summary of a result, or all rows of a sweep, as a table for a paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from strag_sim.compare.leading import HIGH, is_judged, leading
from strag_sim.errors import ResultError
from strag_sim.hints import did_you_mean
from strag_sim.results import Result
from strag_sim.results.estimated import estimated, usual
from strag_sim.results.quantities import title
from strag_sim.results.sheet import Sheet
from strag_sim.sweep import Swept


def summary_sheet(result: Result, columns: Sequence[str] | None) -> Sheet:
    """Return a row a policy; what is surely the best of a column is bold."""
    rows = result.summary()
    names = chosen(rows, columns)
    best = leading(result, names)
    confidence = float(str(result.provenance["confidence"]))
    sheet = estimated(rows, names, confidence=confidence, best=best)
    caption = " ".join([sheet.caption, *_bold(rows, names, best)])
    return replace(sheet, caption=caption, notes=tuple(result.notes))


def swept_sheet(swept: Swept, columns: Sequence[str] | None) -> Sheet:
    """Return a row a cell and policy, with what was swept before them; nothing is bold."""
    rows = swept.table()
    names = chosen(rows, columns)
    paths = list(swept.parameters)
    sheet = estimated(rows, names, confidence=swept.confidence, paths=paths)
    return replace(sheet, notes=tuple(swept.notes))


def chosen(rows: pd.DataFrame, columns: Sequence[str] | None) -> list[str]:
    """Return the columns that are shown; ResultError says which there are not."""
    if columns is None:
        return usual(rows)
    ends = {f"{name}{end}" for name in rows.columns for end in ("_low", "_high")}
    known = [str(name) for name in rows.columns if name != "label" and name not in ends]
    return picked(columns, known)


def picked(columns: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the names, each once; ResultError for one that is not known, and where none is."""
    if not columns:
        raise ResultError(f"columns: none is named; there are {', '.join(known)}")
    for name in columns:
        if name not in known:
            hint = did_you_mean(name, known)
            raise ResultError(f"{name!r}: no such column; there are {', '.join(known)}{hint}")
    return list(dict.fromkeys(columns))


def _bold(rows: pd.DataFrame, names: Sequence[str], best: Mapping[str, str]) -> list[str]:
    """Return what is bold, in a sentence; nothing where nothing could be."""
    judged = [name for name in names if is_judged(name)]
    if rows["runs"].max() == 1 or len(rows) < 2 or not judged:
        return []
    high = [title(name) for name in judged if name in HIGH]
    lowest = f"lowest ({' and '.join(high)}: highest)" if high else "lowest"
    if not best:
        return ["Nothing is bold: of no column can the runs tell the best from all others."]
    oracles = ", bounds (oracles) apart" if rows["policy"].eq("oracle").any() else ""
    sentence = (
        f"Bold: {lowest}, told apart from every other policy that has a number{oracles}, by "
        "paired tests over the same runs, corrected for all tests of the table (Holm)"
    )
    if len(best) < len(judged):
        sentence += "; where nothing is bold, the runs cannot tell the best from all others"
    return [f"{sentence}."]

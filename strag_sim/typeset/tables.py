"""A table of a result or a sweep as text: LaTeX, Markdown or CSV."""

from collections.abc import Sequence
from pathlib import Path

from strag_sim.compare import NAMES, compare
from strag_sim.compare.latex import booktabs, fitting
from strag_sim.errors import ResultError
from strag_sim.results import Result, write_file
from strag_sim.results.sheet import Sheet
from strag_sim.sweep import Swept
from strag_sim.typeset.markdown import markdown
from strag_sim.typeset.summaries import chosen, picked, summary_sheet, swept_sheet

KINDS = ("summary", "comparison")
# Format -> how a file of it ends.
FORMATS = {"markdown": ".md", "latex": ".tex", "csv": ".csv"}


def table(
    source: Result | Swept,
    of: str = "summary",
    *,
    baseline: str | None = None,
    columns: Sequence[str] | None = None,
    format: str = "markdown",
) -> str:
    """Return a table of what was simulated, as text; nothing is simulated.

    Parameters
    ----------
    source : Result or Swept
        Of a sweep there is a row a cell and policy, and no comparison.
    of : "summary" or "comparison"
        The estimates of each policy, or the ratios to a baseline.
    baseline : str or None
        The label of the policy that the others are compared with; by default the first.
    columns : sequence of str or None
        Columns of the summary, or measures of the comparison; by default the usual ones.
    format : "markdown", "latex" or "csv"
        LaTeX needs the package booktabs. CSV has all digits, SI units (seconds), and columns
        ``X_low`` and ``X_high`` of intervals; in the others each column has one unit, and a number
        the digits that its interval leaves it: see `strag_sim.results.concise.concise`. What is
        surely the best of a column is bold: see `strag_sim.compare.leading.leading`.

    Raises
    ------
    ResultError
        If there is no such kind of table, format, column or policy, or nothing to compare.
    """
    for name, given, known in (("of", of, KINDS), ("format", format, tuple(FORMATS))):
        if given not in known:
            raise ResultError(f"{name}: {given!r} is not allowed; it must be {', '.join(known)}")
    if of == "comparison":
        return _comparison(source, baseline, columns, format)
    if baseline is not None:
        raise ResultError("baseline: a summary has none; ask for a table of the comparison")
    if format == "csv":
        return _summary_csv(source, columns)
    if isinstance(source, Swept):
        return _written(swept_sheet(source, columns), format)
    return _written(summary_sheet(source, columns), format)


def write(text: str, path: Path) -> None:
    """Write a table to a file, whole or not at all."""
    write_file(path, text, "table")


def _comparison(
    source: Result | Swept, baseline: str | None, columns: Sequence[str] | None, format: str
) -> str:
    """Return the ratios to a policy."""
    if isinstance(source, Swept):
        raise ResultError(
            f"{source.folder}: is a sweep, of which there is no comparison; take the table of its "
            "summary, or run the scenario of one cell"
        )
    measures = None if columns is None else picked(columns, list(NAMES))
    found = compare(source, baseline=baseline)
    if format == "csv":
        rows = found.table()
        shown = rows if measures is None else rows[rows["measure"].isin(measures)]
        return str(shown.to_csv(index=False, lineterminator="\n"))
    return _written(found.sheet(measures), format)


def _summary_csv(source: Result | Swept, columns: Sequence[str] | None) -> str:
    """Return the columns of a summary with all digits, and their intervals."""
    rows = source.table() if isinstance(source, Swept) else source.summary()
    lead = [*(source.parameters if isinstance(source, Swept) else ()), "label"]
    names = [
        f"{name}{end}"
        for name in chosen(rows, columns)
        for end in ("", "_low", "_high")
        if f"{name}{end}" in rows and f"{name}{end}" not in lead
    ]
    return str(rows[[*lead, *names]].to_csv(index=False, lineterminator="\n"))


def _written(sheet: Sheet, format: str) -> str:
    """Return a table as LaTeX or Markdown."""
    return booktabs(fitting(sheet)) if format == "latex" else markdown(sheet)

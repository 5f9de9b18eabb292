"""``strag-sim best``: the policies of a sweep that none is surely better than."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

MOST = 50  # rows that are listed


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--minimise",
    default="p99",
    show_default=True,
    metavar="COLUMN,...",
    help="What is to be low; the first decides the order.",
)
@click.option(
    "--subject-to",
    default="",
    metavar="CONDITIONS",
    help="Such as 'cost<=1.3, accuracy>=0.9, arrivals.offered_load=0.4'.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all columns as JSON.")
def best(folder: Path, minimise: str, subject_to: str, as_json: bool) -> None:
    """Name the policies and cells of the sweep in DIR than which no other is surely better.

    Surely better is one that is no worse in all that is named, and better in one by more than
    their intervals. An = tells of those that intervals cannot tell from one above.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim.sweep import Swept
    from strag_sim.sweep import best as find

    swept = Swept.open(folder)
    found = find(swept.table(), minimise=minimise, subject_to=subject_to)
    if as_json:
        click.echo(found.to_json(orient="records", indent=2))
        return
    click.echo(_text(found, list(swept.parameters), minimise, subject_to))


def _text(found: "pd.DataFrame", paths: list[str], minimise: str, subject_to: str) -> str:
    """Return a line a row, and what its marks are."""
    from strag_sim.cli.summary import table
    from strag_sim.sweep.best import directions
    from strag_sim.sweep.limits import limits_of

    names = [name.strip() for name in minimise.split(",")]
    looked_at = directions(names, limits_of(subject_to, found), found)
    rows = [["", "policy", *paths, *looked_at, "", ""]]
    for place, row in enumerate(found.head(MOST).to_dict("records"), start=1):
        cells = [_estimate(row, name) for name in looked_at]
        like = f"= {row['like']}" if row["like"] else ""
        unsure = f"{row['unsure']}?" if row["unsure"] else ""
        swept = [_value(row[path]) for path in paths]
        rows.append([str(place), str(row["label"]), *swept, *cells, like, unsure])
    for column in (-1, -2):
        if not any(line[column] for line in rows):
            rows = [[*line[:column], *line[len(line) + column + 1 :]] for line in rows]
    texts = [table(rows)]
    if len(found) > MOST:
        texts.append(f"... and {len(found) - MOST:,} more")
    if found["like"].any():
        texts.append(f"= N: the interval of {names[0]} overlaps that of line N")
    if found["unsure"].any():
        texts.append("?: the estimate keeps this, but not its whole interval")
    return "\n".join(texts)


def _estimate(row: Mapping[Hashable, Any], name: str) -> str:
    """Return an estimate and half its interval."""
    from strag_sim.cli.columns import NONE, plus_minus
    from strag_sim.cli.summary import TIMES, with_interval

    value = float(str(row[name]))
    if value != value:
        return NONE
    low, high = (float(str(row.get(f"{name}_{end}", "nan"))) for end in ("low", "high"))
    if name in TIMES or name[0] == "p" and name[1:].isdecimal():
        return with_interval(value, low, high)
    return plus_minus(value, low, high) if low == low else f"{value:.4g}"


def _value(value: object) -> str:
    """Return a value of a parameter."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)

"""``strag-sim import``: measured times from a file; what they say, a profile, a replay matrix."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from strag_sim.measurements import Imported


PIPE = "standard input"


@dataclass(frozen=True)
class Texts:
    """What a profile says beside its numbers."""

    name: str | None
    source: str | None
    licence: str
    description: str | None


@click.command(name="import")
@click.argument("file", metavar="FILE")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "tsv", "parquet", "npy", "npz", "json", "jsonl"]),
    help="What FILE is.  [default: what its ending says]",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME",
    help="The column of times; may be left out if there is one.  With --wide repeatable.",
)
@click.option("--wide", is_flag=True, help="Each column is a worker, each row a round.")
@click.option("--unit", metavar="UNIT", help="ns, us, ms, s, min, h, or ratio.  [default: s]")
@click.option("--group", metavar="NAME", help="The column of the worker or machine of a row.")
@click.option("--order", metavar="NAME", help="The column (round, time) that orders rows.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="Write this.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["profile", "matrix"]),
    default="profile",
    show_default=True,
    help="OUT is a profile (.json), or a replay matrix (.csv, .parquet, .npy).",
)
@click.option("--relative", is_flag=True, help="Write factors: times over their median.")
@click.option("--name", metavar="NAME", help="Of the profile.  [default: FILE without its ending]")
@click.option("--source", metavar="TEXT", help="Where the times are from, for the profile.")
@click.option("--licence", metavar="TEXT", default="not stated", help="Theirs, for the profile.")
@click.option("--description", metavar="TEXT", help="What was measured, for the profile.")
@click.option("--json", "as_json", is_flag=True, help="Print the statistics as JSON.")
@click.option("--force", is_flag=True, help="Overwrite OUT.")
def import_(
    file: str,
    form: str | None,
    columns: tuple[str, ...],
    wide: bool,
    unit: str | None,
    group: str | None,
    order: str | None,
    output: Path | None,
    kind: str,
    relative: bool,
    name: str | None,
    source: str | None,
    licence: str,
    description: str | None,
    as_json: bool,
    force: bool,
) -> None:
    """Print what the measured times in FILE say about stragglers; - is standard input.

    Rows that cannot be used are left out and counted. With -o a profile or a replay matrix is
    written.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim.cli import measured
    from strag_sim.measurements import Choice, facts, read, writing

    piped = file == "-"
    if output is None and (kind == "matrix" or relative):
        option = "--as matrix" if kind == "matrix" else "--relative"
        raise click.UsageError(f"{option} needs -o, the file to write.")
    if output is not None:
        writing.check_output(output, kind, force=force, source=None if piped else Path(file))
    choice = Choice(columns=columns, wide=wide, group=group, order=order, unit=unit)
    imported = read(sys.stdin.buffer if piped else Path(file), choice, form=form)
    label = PIPE if piped else file
    show = measured.as_json if as_json else measured.as_text
    click.echo(show(label, imported, facts(imported.measurements)))
    for note in filter(None, (measured.unit_note(imported, unit), measured.columns_note(imported))):
        click.echo(note, err=True)
    if output is not None:
        texts = Texts(name, source, licence, description)
        write(output, kind, imported, label, texts, relative=relative)


def write(
    output: Path, kind: str, imported: "Imported", label: str, texts: Texts, *, relative: bool
) -> None:
    """Write the profile or the matrix, and say so on standard error."""
    from strag_sim.measurements import writing
    from strag_sim.profiles import RATIO

    taken, unit = imported.measurements, imported.unit
    if relative:
        taken, unit = writing.relative(taken), RATIO
    if kind == "matrix":
        values = writing.matrix(taken)
        writing.write_matrix(output, values, taken.names)
        left = imported.measurements.values.size - values.size
        what = f"{len(values):,} rounds of {len(taken.names):,} workers, in "
        what += "factors" if unit == RATIO else "seconds"
        what += f"; {left:,} times of incomplete rounds left out" if left else ""
    else:
        writing.write_profile(
            output,
            taken,
            unit=unit,
            name=texts.name or (output if label == PIPE else Path(label)).stem,
            description=texts.description or f"{taken.values.size:,} measured times.",
            source=texts.source or f"imported from {Path(label).name}",
            licence=texts.licence,
        )
        what = "a profile"
    click.echo(f"wrote {output}: {what}", err=True)

"""``strag-sim fit``: laws fitted to measured times, how near each is, and the YAML of the best."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from strag_sim.fitting import Fit
    from strag_sim.measurements import Imported, Measurements

PIPE = "-"


@dataclass(frozen=True, eq=False)
class Source:
    """What is fitted: the values, in words what they are, and the rows where there are any."""

    name: str
    what: str
    values: "NDArray[np.float64]"
    measurements: "Measurements | None"
    seconds: bool = True


@dataclass(frozen=True)
class Columns:
    """How a file is read: its format, which columns, in which unit."""

    form: str | None
    column: str | None
    unit: str | None
    group: str | None
    order: str | None
    wide: bool


@click.command()
@click.argument("source", metavar="PROFILE|FILE")
@click.option(
    "--family",
    "families",
    multiple=True,
    metavar="NAME",
    help="Fit this family only, such as mixture; repeatable.  [default: all]",
)
@click.option("--format", "form", metavar="FORMAT", help="What FILE is, as of import.")
@click.option("--column", metavar="NAME", help="The column of times, in a file with several.")
@click.option("--unit", metavar="UNIT", help="Of the file's times, or ratio.  [default: s]")
@click.option("--group", metavar="NAME", help="The column that names each row's worker.")
@click.option("--order", metavar="NAME", help="The column of each row's step or time.")
@click.option("--wide", is_flag=True, help="A row is a step, a column a worker.")
@click.option(
    "--states", "with_states", is_flag=True, help="Also fit a slow state that lasts for steps."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw the measured and the fitted tails into a .pdf, .png or .svg file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def fit(
    source: str,
    families: tuple[str, ...],
    form: str | None,
    column: str | None,
    unit: str | None,
    group: str | None,
    order: str | None,
    wide: bool,
    with_states: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Fit families of laws to the times of a shipped profile, a profile's path or a data file.

    A FILE is read as by import; - is standard input.

    Prints how far each law is from the times: the largest difference of shares (KS), and the errors
    of p99, p99.9 and the mean of the slowest of 16 draws. The best is printed as YAML for a
    scenario. With --states, rows need a worker and an order: name their columns, or give a matrix
    with --wide.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim import fitting
    from strag_sim.cli import fitted

    columns = Columns(form, column, unit, group, order, wide)
    read = _source(source, columns)
    fits = fitting.fit(read.values, families or tuple(fitting.FAMILIES))
    states = fitting.states(_ordered(read)) if with_states else None
    if output:
        _draw(read, fits, bool(families), output)
    show = fitted.as_json if as_json else fitted.as_text
    click.echo(show(read.name, read.what, fits, states, seconds=read.seconds))
    if output:
        click.echo(f"Figure: {output}", err=as_json)


def _source(source: str, columns: Columns) -> Source:
    """Return what is to be fitted."""
    from strag_sim import profiles
    from strag_sim.cli.measured import unit_note
    from strag_sim.errors import FitError
    from strag_sim.hints import did_you_mean

    if source in profiles.names() or _holds_profile(Path(source)):
        if given := [name for name, value in asdict(columns).items() if value]:
            option = "--format" if given[0] == "form" else f"--{given[0]}"
            raise FitError(f"{option}: is of files of times; {source} is a profile: leave it out")
        return _of_profile(source)
    if source != PIPE and not Path(source).is_file():
        hint = did_you_mean(source, profiles.names())
        raise FitError(
            f"{source}: there is no such file, nor such a profile; give a file of times, or a "
            f"profile: {', '.join(profiles.names())}, or the path of one{hint}"
        )
    imported = _read(source, columns)
    if note := unit_note(imported, columns.unit):
        click.echo(note, err=True)
    found, seconds = imported.measurements, imported.unit != profiles.RATIO
    what = f"{found.values.size:,} measured {'times' if seconds else 'factors'}"
    if imported.dropped:
        what += f" (left out: {'; '.join(each.text() for each in imported.dropped)})"
    name = "standard input" if source == PIPE else source
    return Source(name, what, found.values, found, seconds)


def _holds_profile(path: Path) -> bool:
    """Tell whether a file is JSON with the format of a profile."""
    if path.suffix.lower() != ".json":
        return False
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and "format" in content


def _of_profile(name: str) -> Source:
    """Return the values of a profile's table."""
    from strag_sim import profiles
    from strag_sim.fitting import rebuilt

    profile = profiles.load(name)
    values = rebuilt(profile)
    seconds = profile.unit != profiles.RATIO
    of = f"{profile.n:,} measurements" if profile.n else "a published law"
    kind = "times" if seconds else "factors"
    what = f"{values.size:,} {kind} rebuilt from the profile's table of {of}"
    return Source(name, what, values, None, seconds)


def _read(source: str, columns: Columns) -> "Imported":
    """Return the rows of a data file, in order, and what was left out of it."""
    from strag_sim.measurements import Choice, read

    choice = Choice(
        columns=() if columns.column is None else (columns.column,),
        wide=columns.wide,
        group=columns.group,
        order=columns.order,
        unit=columns.unit,
    )
    piped = source == PIPE
    return read(sys.stdin.buffer if piped else Path(source), choice, form=columns.form)


def _ordered(read: Source) -> "Measurements":
    """Return the rows in which states can be seen."""
    from strag_sim.errors import FitError

    if read.measurements is None:
        raise FitError(
            "--states: a profile holds the law of times, not their order, in which states show; "
            "give the file that was measured, with --group and --order, or --wide"
        )
    return read.measurements


def _draw(read: Source, fits: "Sequence[Fit]", named: bool, path: Path) -> None:
    """Write the figure: of all named families, or of those that are worth a look."""
    from strag_sim import plots
    from strag_sim.cli import fitted

    ranked = fitted.ranked(fits) if named else fitted.worth_a_look(fits)
    figure = plots.figure_of(lambda ax: plots.fits(read.values, ranked, ax, seconds=read.seconds))
    text = f"{read.what[:1].upper()}{read.what[1:]} of {read.name}, and laws fitted to them."
    plots.publish(figure, [path], plots.plain("fit", text, n=int(read.values.size)))

"""``strag-sim table``: a table of a result or a sweep, for a paper."""

from pathlib import Path

import click

ENDINGS = {".md": "markdown", ".tex": "latex", ".csv": "csv"}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--of",
    type=click.Choice(["summary", "comparison"]),
    default="summary",
    show_default=True,
    help="The estimates of each policy, or their ratios to a baseline.",
)
@click.option(
    "--baseline",
    metavar="LABEL",
    help="Of a comparison, the policy that the others are held against.  [default: the first]",
)
@click.option(
    "--columns",
    metavar="NAME,...",
    help="Columns of the summary, such as mean,p99,cost, or measures of the comparison.  "
    "[default: the usual ones]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(ENDINGS.values())),
    help="[default: as FILE ends, else markdown]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .md, .tex or .csv file, in place of standard output.",
)
def table(
    folder: Path,
    of: str,
    baseline: str | None,
    columns: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Write a table of the result or sweep in DIR: Markdown, LaTeX (booktabs) or CSV.

    Each column has one unit, and each number the digits that its interval leaves it: 12.34(5) is
    12.34, give or take 0.05. What is surely the best of a column is bold. CSV has all digits, in
    seconds. Of a sweep there is a line a cell and policy. Nothing is simulated.
    """
    form = _format(form, output)
    # Imported here, so that help and the other commands start at once.
    from strag_sim import typeset
    from strag_sim.results import Result, is_sweep
    from strag_sim.sweep import Swept

    source = Swept.open(folder) if is_sweep(folder) else Result.open(folder)
    names = None if columns is None else list(filter(None, map(str.strip, columns.split(","))))
    text = typeset.table(source, of, baseline=baseline, columns=names, format=form)
    if output is None:
        click.echo(text, nl=False)
        return
    typeset.write(text, output)
    click.echo(output)


def _format(form: str | None, output: Path | None) -> str:
    """Return the format that was asked for, by name or by the end of a file."""
    if output is None:
        return form or "markdown"
    ending = output.suffix.lower()
    if ending not in ENDINGS or form not in (None, ENDINGS[ending]):
        allowed = ", ".join(end for end, name in ENDINGS.items() if form in (None, name))
        raise click.UsageError(f"{output}: a {form or 'table'} file must end in {allowed}.")
    return ENDINGS[ending]

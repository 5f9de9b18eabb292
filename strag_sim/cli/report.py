"""``strag-sim report``: one HTML page about a result."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .html file.  [default: DIR/report.html]",
)
def report(folder: Path, output: Path | None) -> None:
    """Write one HTML page about the result in DIR: tables, figures and where they come from.

    It needs no other file and no network. Policies can be sorted, shown and hidden; with tasks
    recorded (run --record tasks) it shows what the workers did. Nothing is simulated.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim.errors import ResultError
    from strag_sim.report import page
    from strag_sim.results import Result, write_file

    path = output or folder / "report.html"
    if path.suffix.lower() not in (".html", ".htm"):
        raise ResultError(f"{path}: is not allowed; the name of a page must end in .html")
    text = page(Result.open(folder))
    write_file(path, text, "page")
    click.echo(path)

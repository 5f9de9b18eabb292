"""``strag-sim plot``: draw a figure of a saved result."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("kind", type=click.Choice(["ccdf"]))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .pdf, .png or .svg file.  [default: DIR/KIND.pdf and DIR/KIND.png]",
)
def plot(folder: Path, kind: str, output: Path | None) -> None:
    """Draw a figure of the result in DIR; nothing is simulated.

    ccdf: the share of responses that take longer than a time, with intervals over runs.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim import plots
    from strag_sim.results import Result

    figure = plots.draw(Result.open(folder), kind)
    for path in (output,) if output else (folder / f"{kind}.pdf", folder / f"{kind}.png"):
        plots.write(figure, path)
        click.echo(path)

"""``strag-sim plot``: draw a figure of a saved result, or of a profile."""

from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("what", metavar="DIR|PROFILE")
@click.argument("kind", type=click.Choice(["ccdf", "profile"]))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .pdf, .png or .svg file.  [default: DIR/KIND.pdf and DIR/KIND.png; of a profile "
    "NAME.pdf and NAME.png in the current folder]",
)
def plot(what: str, kind: str, output: Path | None) -> None:
    """Draw a figure of the result in DIR, or of a PROFILE; nothing is simulated.

    ccdf: the share of responses that take longer than a time, with intervals over runs.

    profile: the share of measured times that are longer than a time; PROFILE is the name of a
    shipped profile (strag-sim list profiles) or the path of one.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim import plots

    figure, place = _of_profile(what) if kind == "profile" else _of_result(Path(what), kind)
    beside = (place.with_name(f"{place.name}.{ending}") for ending in ("pdf", "png"))
    for path in (output,) if output else beside:
        plots.write(figure, path)
        click.echo(path)


def _of_result(folder: Path, kind: str) -> tuple[Any, Path]:
    """Return the figure of a result, and where it goes, without an ending."""
    from strag_sim import plots
    from strag_sim.results import Result

    return plots.draw(Result.open(folder), kind), folder / kind


def _of_profile(name_or_path: str) -> tuple[Any, Path]:
    """Return the figure of a profile, and where it goes, without an ending."""
    from functools import partial

    from strag_sim import plots, profiles

    law = profiles.load(name_or_path)
    return plots.figure_of(partial(plots.profile, law)), Path(Path(name_or_path).stem)

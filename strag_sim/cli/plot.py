"""``strag-sim plot``: draw a figure of a saved result, or of a profile."""

from pathlib import Path
from typing import Any

import click

KINDS = ("ccdf", "attribution", "gain", "profile", "warm-up", "decode-gain")


@click.command()
@click.argument("sources", metavar="DIR...|PROFILE", nargs=-1)
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .pdf, .png or .svg file.  [default: DIR/KIND.pdf and DIR/KIND.png; of several "
    "results beside the first; of a profile NAME.pdf and NAME.png in the current folder, as of "
    "decode-gain]",
)
def plot(sources: tuple[str, ...], kind: str, output: Path | None) -> None:
    """Draw a figure of the result in DIR, or of a PROFILE; nothing is simulated.

    KIND is what is drawn:

    ccdf: the share of responses that take longer than a time, with intervals over runs.

    attribution: where the time of requests above p99 went; of a result that was run with
    --attribution.

    gain: p99 of the first policy over that of each other, in one DIR after another.

    warm-up: mean responses along a run, and where its warm-up ends (Welch's plot).

    decode-gain: by how much decoding multiplies errors, against the results that are missing and
    where workers stand; of nothing, so name no DIR.

    profile: the share of measured times that are longer than a time, with a curve for each batch
    size where several were measured; PROFILE is the name of a shipped profile (strag-sim list
    profiles) or the path of one.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim import plots

    if kind == "decode-gain":
        if sources:
            raise click.UsageError(f"decode-gain is drawn of nothing; leave out {sources[0]}.")
        figure, place = plots.figure_of(plots.decode_gain), Path(kind)
        _write(figure, place, output)
        return
    if not sources:
        of = "PROFILE" if kind == "profile" else "DIR of a result"
        raise click.UsageError(f"{kind} of what? Name the {of} before it.")
    if kind != "gain" and len(sources) > 1:
        one = "profile" if kind == "profile" else "result"
        raise click.UsageError(f"{kind} is drawn of one {one}, not {len(sources)}.")
    if kind == "gain":
        figure, place = _of_results([Path(source) for source in sources])
    elif kind == "profile":
        figure, place = _of_profile(sources[0])
    else:
        figure, place = _of_result(Path(sources[0]), kind)
    _write(figure, place, output)


def _write(figure: Any, place: Path, output: Path | None) -> None:
    """Write a figure into the file that was named, or beside the place, and print where it is."""
    from strag_sim import plots

    beside = (place.with_name(f"{place.name}.{ending}") for ending in ("pdf", "png"))
    for path in (output,) if output else beside:
        plots.write(figure, path)
        click.echo(path)


def _of_result(folder: Path, kind: str) -> tuple[Any, Path]:
    """Return the figure of a result, and where it goes, without an ending."""
    from strag_sim import plots
    from strag_sim.results import Result

    return plots.draw(Result.open(folder), kind), folder / kind


def _of_results(folders: list[Path]) -> tuple[Any, Path]:
    """Return the figure of several results, and where it goes: beside the first of them."""
    from functools import partial

    from strag_sim import plots
    from strag_sim.results import Result

    results = [Result.open(folder) for folder in folders]
    names = [folder.resolve().name for folder in folders]
    return plots.figure_of(partial(plots.gain, results, names)), folders[0].parent / "gain"


def _of_profile(name_or_path: str) -> tuple[Any, Path]:
    """Return the figure of a profile, and where it goes, without an ending."""
    from functools import partial

    from strag_sim import plots, profiles

    law = profiles.load(name_or_path)
    return plots.figure_of(partial(plots.profile, law)), Path(Path(name_or_path).stem)

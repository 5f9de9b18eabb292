"""``strag-sim plot``: draw a figure of a result, a profile, tables of accuracies, or a matrix."""

from pathlib import Path
from typing import Any

import click

KINDS = (
    "ccdf",
    "attribution",
    "gain",
    "profile",
    "accuracy",
    "pareto",
    "accuracy-p99",
    "decode-gain",
    "warm-up",
    "allocation",
    "p99-load",
    "heatmap",
)
# Drawn of sweeps: those that can be drawn of a result too, and those that cannot.
OF_SWEEPS = {"p99-load": "p99_load", "heatmap": "heatmap", "pareto": "swept_pareto"}
ONLY_OF_SWEEPS = ("p99-load", "heatmap")
SEVERAL = ("accuracy", "gain")
# What each is drawn of, if not of a result.
OF = {"accuracy": "TABLE", "profile": "PROFILE", "allocation": "MATRIX"}


@click.command()
@click.argument("sources", metavar="DIR...|PROFILE|TABLE...|MATRIX", nargs=-1)
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .pdf, .png or .svg file.  [default: DIR/KIND.pdf and DIR/KIND.png; of several "
    "results beside the first; of a profile, a table, a matrix or nothing NAME.pdf and NAME.png in "
    "the current folder]",
)
@click.option(
    "--where",
    multiple=True,
    metavar="PATH=VALUE",
    help="Of a sweep, only cells with this value; repeatable.",
)
def plot(sources: tuple[str, ...], kind: str, output: Path | None, where: tuple[str, ...]) -> None:
    """Draw a figure of a result or sweep in DIR, a PROFILE, TABLE or MATRIX; nothing is simulated.

    KIND is what is drawn:

    ccdf: the share of responses that take longer than a time, with intervals over runs.

    attribution: where the time of requests above p99 went; of a result that was run with
    --attribution.

    gain: p99 of the first policy over that of each other, in one DIR after another.

    pareto: p99 against cost, a point a policy, with its accuracy; grey where another policy is as
    good or better in all three. Of a sweep, a point a cell and policy.

    p99-load: of a sweep over arrivals.offered_load or arrivals.rate, p99 against it, a line a
    policy, with intervals as bands.

    heatmap: of a sweep over two values, which policy has the lowest p99, and its gain over the
    first.

    accuracy-p99: p99 against accuracy, a point a policy; those of a kind are joined.

    warm-up: mean responses along a run, and where its warm-up ends (Welch's plot).

    decode-gain: by how much decoding multiplies errors, against the results that are missing and
    where workers stand; of nothing, so name no DIR.

    profile: the share of measured times that are longer than a time, with a curve for each batch
    size where several were measured; PROFILE is the name of a shipped profile (strag-sim list
    profiles) or the path of one.

    accuracy: the share of right answers by how many results are missing, of one or more tables;
    TABLE is the name of a shipped one (strag-sim list accuracies) or the path of one.

    allocation: which model is on which device, with what batch size; MATRIX is the path of a CSV
    file, whose lines are like device,resnet,vgg and 0,32,0.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim import plots

    if kind == "decode-gain":
        if sources:
            raise click.UsageError(f"decode-gain is drawn of nothing; leave out {sources[0]}.")
        figure, place = plots.figure_of(plots.decode_gain), Path(kind)
        _write(figure, place, output)
        return
    _check(sources, kind, where)
    if kind in ONLY_OF_SWEEPS or (kind in OF_SWEEPS and _is_sweep(sources[0])):
        figure, place = _of_sweep(Path(sources[0]), kind, where)
    elif kind == "gain":
        figure, place = _of_results([Path(source) for source in sources])
    elif kind == "profile":
        figure, place = _of_profile(sources[0])
    elif kind == "accuracy":
        figure, place = _of_tables(sources)
    elif kind == "allocation":
        figure, place = _of_matrix(Path(sources[0]))
    else:
        figure, place = _of_result(Path(sources[0]), kind)
    _write(figure, place, output)


def _check(sources: tuple[str, ...], kind: str, where: tuple[str, ...]) -> None:
    """Refuse what cannot be drawn together."""
    if not sources:
        raise click.UsageError(
            f"{kind} of what? Name the {OF.get(kind, 'DIR of a result')} before it."
        )
    if kind not in SEVERAL and len(sources) > 1:
        one = OF.get(kind, "result").lower()
        raise click.UsageError(f"{kind} is drawn of one {one}, not {len(sources)}.")
    if where and not _is_sweep(sources[0]):
        raise click.UsageError("--where is for figures of sweeps.")


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


def _is_sweep(source: str) -> bool:
    """Return whether a folder holds a sweep."""
    return (Path(source) / "sweep.json").is_file()


def _of_sweep(folder: Path, kind: str, where: tuple[str, ...]) -> tuple[Any, Path]:
    """Return the figure of a sweep, and where it goes, without an ending."""
    from functools import partial

    from strag_sim import plots
    from strag_sim.sweep import Swept

    draw_on = getattr(plots, OF_SWEEPS[kind])
    return plots.figure_of(partial(draw_on, Swept.open(folder), where=where)), folder / kind


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


def _of_tables(names_or_paths: tuple[str, ...]) -> tuple[Any, Path]:
    """Return the figure of tables of accuracies, and where it goes, without an ending."""
    from functools import partial

    from strag_sim import accuracies, plots

    tables = [accuracies.read_accuracy(each) for each in dict.fromkeys(names_or_paths)]
    name = Path(names_or_paths[0]).stem if len(tables) == 1 else "accuracy"
    return plots.figure_of(partial(plots.accuracy, tables)), Path(name)


def _of_matrix(path: Path) -> tuple[Any, Path]:
    """Return the figure of an allocation matrix, and where it goes, without an ending."""
    from functools import partial

    from strag_sim import plots
    from strag_sim.ensembles import read_allocation

    matrix = read_allocation(path)
    return plots.figure_of(partial(plots.allocation, matrix)), Path(path.stem)

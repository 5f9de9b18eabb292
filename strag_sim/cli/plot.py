"""``strag-sim plot``: draw a figure of a result, a profile, tables of accuracies, or a matrix."""

from collections.abc import Sequence
from pathlib import Path

import click

KINDS = (
    "ccdf",
    "cdf",
    "variance",
    "paths",
    "timeline",
    "attribution",
    "gain",
    "profile",
    "fit",
    "accuracy",
    "pareto",
    "accuracy-p99",
    "decode-gain",
    "warm-up",
    "allocation",
    "p99-load",
    "heatmap",
)
SEVERAL = ("accuracy", "gain")
# What each is drawn of, if not of a result.
OF = {"accuracy": "TABLE", "profile": "PROFILE", "fit": "PROFILE", "allocation": "MATRIX"}
# As in `strag_sim.plots`, which is not imported for its help.
STYLES, WIDTHS = ("paper", "slides", "dark"), ("column", "page")
FORMATS = ("pdf", "png", "svg", "pgf")


class Formats(click.ParamType[tuple[str, ...]]):
    """Formats of figures, with commas between them."""

    name = "formats"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the formats; what is none is refused."""
        formats = tuple(dict.fromkeys(each.strip().lower() for each in value.split(",")))
        wrong = [each for each in formats if each not in FORMATS]
        if wrong:
            self.fail(f"{wrong[0]!r} is none of {', '.join(FORMATS)}", param, ctx)
        return formats


@click.command()
@click.argument("sources", metavar="DIR...|PROFILE|TABLE...|MATRIX", nargs=-1)
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .pdf, .png, .svg or .pgf file, or a name without an ending.  [default: DIR/KIND; of "
    "several results beside the first; of a profile, a table, a matrix or nothing NAME in the "
    "current folder]",
)
@click.option(
    "--format",
    "formats",
    type=Formats(),
    metavar="FORMATS",
    help=f"One or more of {','.join(FORMATS)}.  [default: pdf,png; or the ending of FILE]",
)
@click.option(
    "--style",
    type=click.Choice(STYLES),
    default="paper",
    show_default=True,
    help="For a paper, for slides, or for dark slides.",
)
@click.option(
    "--width",
    type=click.Choice(WIDTHS),
    default="column",
    show_default=True,
    help="One column of a paper or half of a slide; or all of the page.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="PATH=VALUE",
    help="Of a sweep, only cells with this value; repeatable.",
)
@click.option(
    "--policy",
    metavar="LABEL",
    help="Of a timeline, whose tasks are drawn.  [default: the first with redundant tasks]",
)
def plot(
    sources: tuple[str, ...],
    kind: str,
    output: Path | None,
    formats: tuple[str, ...] | None,
    style: str,
    width: str,
    where: tuple[str, ...],
    policy: str | None,
) -> None:
    """Draw a figure of a result or sweep in DIR, a PROFILE, TABLE or MATRIX; nothing is simulated.

    Beside it go NAME.data.csv, which holds what is drawn, and NAME.caption.json, which says what it
    rests on: runs, requests, intervals, warm-up, seed and version.

    KIND is what is drawn:

    ccdf: the share of responses that take longer than a time, with intervals over runs.

    cdf: the share that take no longer than a time.

    variance: how much responses vary, and the ratio of variances to the first policy.

    paths: which recovery answered requests; of all of them where the result was run with --record
    requests or tasks.

    timeline: tasks on their workers around the slowest request; of a result that was run with
    --record tasks.

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

    fit: a PROFILE and the laws that fit it best (strag-sim fit prints how near they are).

    accuracy: the share of right answers by how many results are missing, of one or more tables;
    TABLE is the name of a shipped one (strag-sim list accuracies) or the path of one.

    allocation: which model is on which device, with what batch size; MATRIX is the path of a CSV
    file, whose lines are like device,resnet,vgg and 0,32,0.
    """
    _check(sources, kind)
    # Imported here, so that help and the other commands start at once.
    from strag_sim import plots
    from strag_sim.cli.drawn import drawing
    from strag_sim.results import is_sweep

    if where and not is_sweep(sources[0]):
        raise click.UsageError("--where is for figures of sweeps.")
    if policy is not None and kind != "timeline":
        raise click.UsageError("--policy is for timelines; other figures show all policies.")
    on, place, caption = drawing(sources, kind, where, policy)
    paths = _paths(output or place, output is not None, formats)
    figure = plots.figure_of(on, style=style, width=width)
    for path in plots.publish(figure, paths, {**caption, "style": style, "width": width}):
        click.echo(path)


def _check(sources: Sequence[str], kind: str) -> None:
    """Refuse what cannot be drawn together."""
    if kind == "decode-gain":
        if sources:
            raise click.UsageError(f"decode-gain is drawn of nothing; leave out {sources[0]}.")
        return
    if not sources:
        raise click.UsageError(
            f"{kind} of what? Name the {OF.get(kind, 'DIR of a result')} before it."
        )
    if kind not in SEVERAL and len(sources) > 1:
        one = OF.get(kind, "result").lower()
        raise click.UsageError(f"{kind} is drawn of one {one}, not {len(sources)}.")


def _paths(place: Path, named: bool, formats: tuple[str, ...] | None) -> list[Path]:
    """Return the files that are written: one a format, or the one whose ending was named."""
    ending = place.suffix.lower()[1:]
    if named and ending in FORMATS:
        if formats and formats != (ending,):
            raise click.UsageError(
                f"{place} is a {ending.upper()} file; give --output a name without an ending, or "
                "leave out --format."
            )
        return [place]
    if named and ending and not formats:
        return [place]  # whose ending is refused where it is written
    if named and place.is_dir():
        raise click.UsageError(
            f"{place} is a folder; name a file in it, such as {place / 'a.pdf'}."
        )
    return [place.with_name(f"{place.name}.{each}") for each in formats or ("pdf", "png")]

"""``strag-sim compare``: the policies of a result against one of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from strag_sim.statistics.paired import Method


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--baseline",
    metavar="LABEL",
    help="The policy that the others are held against.  [default: the first]",
)
@click.option(
    "--method",
    type=click.Choice(["student", "sectioning", "bootstrap"]),
    default="student",
    show_default=True,
    help="How intervals and tests over paired runs are made.",
)
@click.option(
    "--accuracy",
    type=float,
    metavar="SHARE",
    help="Also find out who has the lowest p99 of those that are at least so accurate, such as "
    "0.95.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A .csv or .tex file; repeatable.  [default: DIR/compare.csv and DIR/compare.tex]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(
    folder: Path,
    baseline: str | None,
    method: "Method",
    accuracy: float | None,
    outputs: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Compare every policy of the result in DIR with a baseline, over the same runs.

    Prints ratio and difference of each measure with their paired intervals, and whether the runs
    can tell the policies apart (p-values corrected by Holm for all tests of the table); below, how
    many single requests a policy made faster and slower. Nothing is simulated.
    """
    # Imported here, so that help and the other commands start at once.
    import strag_sim
    from strag_sim.cli import compared

    paths = outputs or (folder / "compare.csv", folder / "compare.tex")
    for path in paths:
        compared.check_ending(path)
    result = strag_sim.Result.open(folder)
    found = strag_sim.compare(result, baseline=baseline, method=method, accuracy=accuracy)
    compared.write(found, paths)
    show = compared.as_json if as_json else compared.as_text
    click.echo(show(found, paths))

"""``strag-sim accuracy``: models of codes and ensembles, trained, measured into tables."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strag_sim.cli.accuracy_replay import replay
from strag_sim.cli.accuracy_room import DATA, room
from strag_sim.errors import TrainingError

if TYPE_CHECKING:
    from strag_sim.accuracies import AccuracyTable

_SCHEMES = click.option(
    "--schemes",
    metavar="NAMES",
    default="",
    help="Separated by commas, such as collage-3,lagrange-4-6.  [default: the shipped ones]",
)


@click.group()
def accuracy() -> None:
    """Train models for coded requests and ensembles, and measure how accurate answers are."""


accuracy.add_command(replay)


@accuracy.command()
@_SCHEMES
@DATA
@click.option(
    "--seeds",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help="How many: each has its own split, weights and training.",
)
@click.option("--steps", type=click.IntRange(1, 10**7), help="Of each model.  [default: its own]")
@click.option("--tiny", is_flag=True, help="Train a minute, to see whether all works.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    required=True,
    help="For the models. What is there with the same settings is not trained again.",
)
def train(
    schemes: str,
    data: str,
    seeds: int,
    steps: int | None,
    tiny: bool,
    output: Path,
) -> None:
    """Train the models of schemes.

    A model that is finished is kept whatever happens to the next, so the same command goes on
    where it was interrupted.
    """
    trained = room()
    asked = trained.Asked(
        schemes=trained.schemes(_names(schemes)),
        images=trained.images(data),
        folder=output,
        count=seeds,
        steps=steps,
        tiny=tiny,
    )
    models = trained.missing(asked)
    from strag_sim.cli.progress import progress

    total = sum(asked.settings(each.name).steps for each in models)
    with progress("training", "steps", total) as advance:
        for each in trained.train(asked, models, advance):
            click.echo(f"trained {each.name}, seed {each.seed}", err=True)
    click.echo(f"{len(models)} models trained, all are in {output}", err=True)


@accuracy.command()
@click.argument("models", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER")
@_SCHEMES
@DATA
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    default=Path(),
    help="For one DATA-SCHEME.json a scheme, replaced if there.  [default: this folder]",
)
def measure(models: Path, schemes: str, data: str, output: Path) -> None:
    """Measure how accurate the answers of the models in FOLDER are, into one table a scheme.

    Every set of tasks that may return is decoded, over all seeds that were trained.
    """
    trained = room()
    chosen = trained.schemes(_names(schemes))
    images = trained.images(data)
    command = shlex.join(["strag-sim", *sys.argv[1:]])
    from strag_sim.cli.progress import progress

    tables = []
    with progress("measuring", "schemes", len(chosen)) as advance:
        for done, scheme in enumerate(chosen, 1):
            table = trained.measured(scheme, images, models, command)
            _write(table, output)
            tables.append(table)
            if advance is not None:
                advance(done, len(chosen))
    click.echo(_table(tables))
    for table in tables:
        click.echo(f"wrote {output / table.name}.json", err=True)


def _names(text: str) -> list[str]:
    """Return the names in a list with commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _write(table: "AccuracyTable", folder: Path) -> None:
    """Write the file of a table; a TrainingError says why it cannot be."""
    from strag_sim.accuracies import write_accuracy

    path = folder / f"{table.name}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_accuracy(table, path)
    except OSError as error:
        raise TrainingError(f"{path}: cannot be written: {error.strerror or error}") from None


def _table(tables: "list[AccuracyTable]") -> str:
    """Return one line for each number of results that returned, in per cent."""
    from strag_sim.cli.columns import NONE, aligned

    rows = [("table", "returned", "accuracy", "interval", "worst set", "as uncoded", "uncoded")]
    for table in tables:
        for each in table.numbers:
            spread = table.spread(each.returned)
            rows.append(
                (
                    table.name,
                    f"{each.returned} of {table.tasks}",
                    _per_cent(each.value),
                    f"{_per_cent(each.low)} to {_per_cent(each.high)}",
                    _per_cent(spread[0]) if spread else NONE,
                    _per_cent(each.agreement),
                    _per_cent(table.uncoded.value if table.uncoded else None),
                )
            )
    return aligned(rows)


def _per_cent(share: float | None) -> str:
    """Return a share in per cent, a dash where it is not known."""
    return "-" if share is None else f"{100 * share:.1f}"

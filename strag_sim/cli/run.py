"""``strag-sim run``: simulate a scenario, print the table, write the result."""

from pathlib import Path
from typing import Literal

import click

from strag_sim.cli.progress import progress

STOPPED = 130


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the result.  [default: results/NAME]",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of the scenario, such as policies.1.copies=3; repeatable.",
)
@click.option(
    "--engine",
    type=click.Choice(["compiled", "reference"]),
    default="compiled",
    show_default=True,
    help="Both give the same, bit for bit; compiled is fast.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Runs at a time.  [default: one a core]"
)
@click.option(
    "--record",
    type=click.Choice(["summary", "requests", "tasks"]),
    default="summary",
    show_default=True,
    help="Also keep a row a request, or a row a task too.",
)
@click.option(
    "--attribution",
    is_flag=True,
    help="Also tell where the time of requests above p99 went.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Keep each run on disk as it ends, beside DIR, and take up those that a command "
    "which was stopped has kept; the result is the same.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_context
def run(
    ctx: click.Context,
    scenario: Path,
    output: Path | None,
    overrides: tuple[str, ...],
    engine: str,
    jobs: int | None,
    record: Literal["summary", "requests", "tasks"],
    attribution: bool,
    resume: bool,
    as_json: bool,
) -> None:
    """Simulate every policy of SCENARIO, print the table, write the result.

    Ctrl-C stops it; the runs that every policy has finished are then printed and written.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim.cli import summary
    from strag_sim.results import check_target
    from strag_sim.scenario import load
    from strag_sim.simulate import Store, simulate

    loaded = load(scenario, overrides=overrides)
    folder = output or Path("results") / loaded.name
    # Before hours of simulation, not after them.
    check_target(folder)
    kept = folder.with_name(f".{folder.resolve().name}.runs") if resume else None
    with progress("simulating", "runs", loaded.runs * len(loaded.policies)) as advance:
        result = simulate(
            loaded,
            engine=engine,
            jobs=jobs,
            record=record,
            attribution=attribution,
            progress=advance,
            resume=kept,
        )
    result.save(folder)
    if kept is not None and not result.interrupted:
        Store(Path(str(result.provenance["kept"]))).remove()
    show = summary.as_json if as_json else summary.as_table
    click.echo(show(result, folder))
    if result.interrupted:
        more = "; --resume again goes on with them" if resume else ""
        text = "interrupted: these are the runs that every policy has finished"
        click.echo(text + more, err=True)
        ctx.exit(STOPPED)

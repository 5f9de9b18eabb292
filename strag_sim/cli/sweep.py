"""``strag-sim sweep``: simulate a grid of scenarios, on this machine or on a cluster."""

from pathlib import Path
from typing import Any

import click

from strag_sim.cli.group import FAILED, STOPPED, WRONG_INPUT
from strag_sim.cli.queues import asked, queue_options


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path), required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the sweep.  [default: results/NAME-sweep]",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=A,B,C",
    help="Sweep over these values, or {from: 1, to: 8, steps: 4, scale: log}; a single value "
    "holds for all cells; repeatable.",
)
@click.option("--recompute", is_flag=True, help="Simulate cells again that are there already.")
@click.option("--keep-going", is_flag=True, help="Go on with the others when a cell has failed.")
@click.option(
    "--dry-run", is_flag=True, help="List the cells, time some, and simulate nothing else."
)
@click.option(
    "--status",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Tell how far the sweep in DIR is, and do nothing else.",
)
@click.option("--json", "as_json", is_flag=True, help="Print how it went as JSON.")
@queue_options
@click.pass_context
def sweep(
    ctx: click.Context,
    /,
    scenario: Path | None,
    output: Path | None,
    overrides: tuple[str, ...],
    recompute: bool,
    keep_going: bool,
    dry_run: bool,
    status: Path | None,
    as_json: bool,
    on: str,
    jobs: int | None,
    **queue: Any,
) -> None:
    """Simulate the cells of SCENARIO's sweep that are missing in DIR; resumes.

    The product of all axes is the grid. DIR/cells.parquet has a row a cell and policy. Ctrl-C, or
    a kill, loses no cell that was finished.
    """
    if status is not None:
        _tell(status, as_json)
        return
    if scenario is None:
        raise click.UsageError("Sweep what? Name the SCENARIO, or --status DIR.")
    cluster = asked(on, jobs, queue)
    given = {"overrides": overrides, "output": output, "recompute": recompute}
    if dry_run:
        workers = cluster.jobs * cluster.cpus if cluster else jobs
        wrong = _plan(scenario, workers, given)
        if wrong and not keep_going:
            ctx.exit(WRONG_INPUT)
        return
    where = {"on": on, "jobs": jobs, "scheduler": queue["scheduler"], "cluster": cluster}
    try:
        failed = _sweep(scenario, as_json, {**given, "keep_going": keep_going, **where})
    except KeyboardInterrupt:
        click.echo("interrupted: what is done is kept; the same command goes on", err=True)
        ctx.exit(STOPPED)
    if failed:
        ctx.exit(FAILED)


# What these import is imported there, so that help and the other commands start at once.


def _tell(folder: Path, as_json: bool) -> None:
    """Print how far the sweep in a folder is."""
    from strag_sim.cli import swept
    from strag_sim.sweep import Swept

    found = Swept.open(folder)
    click.echo(swept.as_json(found) if as_json else swept.status(found))


def _plan(scenario: Path, workers: int | None, given: dict[str, Any]) -> bool:
    """Print what a sweep would do; return whether cells of it are impossible."""
    from strag_sim.cli import swept
    from strag_sim.simulate import cores
    from strag_sim.sweep import outlook

    plan = outlook(scenario, **given)
    click.echo(swept.planned(plan, workers or cores()))
    return bool(plan.failures)


def _sweep(scenario: Path, as_json: bool, given: dict[str, Any]) -> bool:
    """Sweep, and print how it went; return whether cells have failed."""
    from strag_sim import sweep as simulate
    from strag_sim.cli import swept
    from strag_sim.cli.cells import watching

    with watching() as progress:
        done = simulate(scenario, progress=progress, **given)
    click.echo(swept.as_json(done) if as_json else swept.finished(done))
    return bool(done.failures)

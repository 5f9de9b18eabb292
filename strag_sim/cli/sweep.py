"""``strag-sim sweep``: simulate a grid of scenarios, on this machine or on a cluster."""

from pathlib import Path

import click

from strag_sim.cli.group import FAILED, STOPPED, WRONG_INPUT


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
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes on this machine.  [default: one a core]",
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
@click.pass_context
def sweep(
    ctx: click.Context,
    scenario: Path | None,
    output: Path | None,
    overrides: tuple[str, ...],
    jobs: int | None,
    recompute: bool,
    keep_going: bool,
    dry_run: bool,
    status: Path | None,
    as_json: bool,
) -> None:
    """Simulate the cells of SCENARIO's sweep that are missing in DIR; resumes.

    The product of all axes is the grid. DIR/cells.parquet has a row a cell and policy. Ctrl-C, or
    a kill, loses no cell that was finished.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim import sweep as simulate
    from strag_sim.cli import swept
    from strag_sim.cli.cells import watching
    from strag_sim.simulate import cores
    from strag_sim.sweep import Swept, outlook

    if status is not None:
        found = Swept.open(status)
        click.echo(swept.as_json(found) if as_json else swept.status(found))
        return
    if scenario is None:
        raise click.UsageError("Sweep what? Name the SCENARIO, or --status DIR.")
    if dry_run:
        plan = outlook(scenario, overrides=overrides, output=output, jobs=jobs, recompute=recompute)
        click.echo(swept.planned(plan, jobs or cores()))
        if plan.failures and not keep_going:
            ctx.exit(WRONG_INPUT)
        return
    try:
        with watching() as progress:
            done = simulate(
                scenario,
                overrides=overrides,
                output=output,
                jobs=jobs,
                recompute=recompute,
                keep_going=keep_going,
                progress=progress,
            )
    except KeyboardInterrupt:
        click.echo("interrupted: what is done is kept; the same command goes on", err=True)
        ctx.exit(STOPPED)
    click.echo(swept.as_json(done) if as_json else swept.finished(done))
    if done.failures:
        ctx.exit(FAILED)

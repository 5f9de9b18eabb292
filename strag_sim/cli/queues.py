"""The options of commands that can have their work done elsewhere."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from strag_sim.scenario import Cluster

PLACES = ("local", "dask", "slurm", "pbs")
# Options that a file has as keys.
KEYS = ("partition", "account", "time", "memory", "cpus", "adapt")

_OPTIONS = (
    click.option(
        "--on",
        type=click.Choice(PLACES),
        default="local",
        show_default=True,
        help="Who simulates: processes here, workers of Dask, or jobs of a queue.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Processes here, by default one a core; on slurm and pbs jobs, by default 1.",
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="With dask: a scheduler that is running, such as tcp://host:8786.",
    ),
    click.option(
        "--cluster",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="With slurm and pbs: YAML with what each job may use; the options below win.",
    ),
    click.option("--partition", metavar="NAME", help="Partition of slurm, or queue of pbs."),
    click.option("--account", metavar="NAME", help="Who is charged."),
    click.option("--time", metavar="TIME", help="Of a job, such as '2 h'.  [default: 1 h]"),
    click.option("--memory", metavar="SIZE", help="Of a job, such as 4GB.  [default: 2GB]"),
    click.option(
        "--cpus",
        type=click.IntRange(min=1),
        metavar="N",
        help="Of a job, each with a cell at a time.  [default: 1]",
    ),
    click.option("--adapt", is_flag=True, help="Only as many jobs as there is work for."),
)


def queue_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked(on: str, jobs: int | None, options: Mapping[str, Any]) -> "Cluster | None":
    """Return what is asked of a queue; a UsageError where there is none to ask."""
    given = {key: options[key] for key in KEYS if options[key]}
    file = options["cluster"]
    if on not in ("slurm", "pbs"):
        if given or file:
            name = next(iter(given), "cluster")
            raise click.UsageError(f"--{name} is for --on slurm and --on pbs, not --on {on}.")
        return None
    from strag_sim.scenario import read_cluster

    return read_cluster(file, given | ({} if jobs is None else {"jobs": jobs}))

"""``strag-sim allocate``: which models of an ensemble go on which devices."""

import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strag_sim.cli.group import STOPPED
from strag_sim.errors import AllocationError

if TYPE_CHECKING:
    from strag_sim.allocating import Allocated, Progress

BATCHES = "1,2,4,8,16,32,64,128"


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "--policy", metavar="LABEL", help="Which ensemble of the scenario.  [default: the first]"
)
@click.option(
    "--search",
    type=click.Choice(["worst-fit", "best-batch", "greedy", "exhaustive"]),
    default="greedy",
    show_default=True,
    help="How: where they fit; then their batch sizes alone, or all; or all that there is.",
)
@click.option(
    "--objective",
    type=click.Choice(["throughput", "p99"]),
    default="throughput",
    show_default=True,
    help="What for: samples a second, or the p99 at the scenario's arrivals.",
)
@click.option(
    "--batches", default=BATCHES, show_default=True, metavar="N,N,...", help="Sizes of batches."
)
@click.option(
    "--max-neighbours",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    metavar="N",
    help="How many allocations a step looks at, unless none of them is better.",
)
@click.option(
    "--max-iterations",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    metavar="N",
    help="How many steps the search takes at the most.",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of the scenario, such as devices.0.count=8; repeatable.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="Write the matrix, which a scenario may name as its allocation.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
@click.pass_context
def allocate(
    ctx: click.Context,
    scenario: Path,
    policy: str | None,
    search: str,
    objective: str,
    batches: str,
    max_neighbours: int,
    max_iterations: int,
    overrides: tuple[str, ...],
    output: Path | None,
    as_json: bool,
) -> None:
    """Find on which devices the models of an ensemble of SCENARIO go, and in which batches.

    Each allocation is simulated by the compiled engine on the same random numbers. Ctrl-C stops
    the search; the best allocation so far is then printed and written.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim.allocating import allocate as find
    from strag_sim.scenario import load

    sizes = _sizes(batches)
    _check(output)
    loaded = load(scenario, overrides=overrides)
    with _progress() as progress:
        found = find(
            loaded,
            policy=policy,
            search=search,  # type: ignore[arg-type]  # click has checked both
            objective=objective,  # type: ignore[arg-type]
            batches=sizes,
            max_neighbours=max_neighbours,
            max_iterations=max_iterations,
            progress=progress,
        )
    if output is not None:
        found.save(output)
    click.echo(json.dumps(found.plain(), indent=2) if as_json else "\n".join(_lines(found)))
    if found.interrupted:
        click.echo("interrupted: this is the best allocation so far", err=True)
        ctx.exit(STOPPED)


def _sizes(text: str) -> tuple[int, ...]:
    """Return the batch sizes, rising, each once."""
    try:
        sizes = sorted({int(size) for size in text.split(",")})
    except ValueError:
        sizes = [0]
    if sizes[0] < 1:
        raise click.BadParameter(
            f"{text!r} is not allowed; write sizes of at least 1, such as 1,2,4,8",
            param_hint="'--batches'",
        )
    return tuple(sizes)


def _check(output: Path | None) -> None:
    """Refuse now a file that could not be written at the end."""
    if output is None:
        return
    if output.suffix.lower() != ".csv":
        raise AllocationError(f"{output}: is not allowed; the name of the matrix must end in .csv")
    if not output.absolute().parent.is_dir():
        raise AllocationError(f"{output}: cannot write the matrix: there is no such folder")


def _lines(found: "Allocated") -> Iterator[str]:
    """Yield the matrix, what it is worth, and how the search came there."""
    from strag_sim.cli.columns import aligned
    from strag_sim.units import readable, readable_bytes

    rows = [("device", *found.allocation.models, "memory", "of")]
    for d, (row, used) in enumerate(zip(found.allocation.batch, found.used, strict=True)):
        cells = [str(batch) if batch else "-" for batch in row]
        rows.append((str(d), *cells, readable_bytes(used), readable_bytes(found.devices[d].memory)))
    yield aligned(rows)
    yield ""
    models = _several(len(found.allocation.models), "model")
    devices = _several(len(found.devices), "device")
    worth = f"{models} on {devices}: {found.throughput:,.4g} samples a second"
    if not math.isnan(found.bound):
        worth += f" (in the long run its devices allow {found.bound:,.4g})"
    yield worth if math.isnan(found.p99) else f"{worth}; p99 {readable(found.p99)}"
    if len(found.steps) > 1:
        yield from _steps(found)
    if found.overfull:
        yield "No allocation that was tried takes all that arrives; this one takes most of it."
    if not found.settled and not found.interrupted:
        yield "The search was stopped by --max-iterations."
    was = "was" if found.evaluations == 1 else "were"
    yield f"{_several(found.evaluations, 'allocation')} {was} simulated."


def _several(count: int, thing: str) -> str:
    """Return how many things there are."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _steps(found: "Allocated") -> Iterator[str]:
    """Yield a line for each step of the search."""
    from strag_sim.units import readable

    for step in found.steps:
        if step.score == -math.inf:
            score = "overfull"
        elif found.objective == "throughput":
            score = f"{step.score:,.4g}"
        else:
            score = readable(-step.score)
        yield f"  {score:>10}  {step.change}"


@contextmanager
def _progress() -> Iterator["Progress | None"]:
    """Give what shows how far the search is on standard error, if it is a terminal."""
    from rich.console import Console

    if not sys.stderr.isatty():
        yield None
        return
    with Console(stderr=True).status("searching") as status:
        yield lambda count, best: status.update(f"{count:,} allocations simulated: {best:,.4g}")

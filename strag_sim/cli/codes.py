"""``strag-sim codes``: how long codes take to encode and decode on this machine."""

import json
import os
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from strag_sim.errors import CodeError

if TYPE_CHECKING:
    from strag_sim.codes.costs import Rates
    from strag_sim.codes.timing import Timing

# What sets the number of threads of the libraries that multiply matrices.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Write the times and rates into a file.",
)
def codes(as_json: bool, output: Path | None) -> None:
    """Measure how long codes take to encode and decode groups of images on this machine.

    Of images with three colours and 32 or 224 pixels a side, in float32, and results of 1,000
    classes. Times are the processor's, all threads together: with OMP_NUM_THREADS=1 in the
    environment they are those of one core. Each is the median over rounds of the least of a round.

    The rates that were measured on one machine are shipped, and used where a master has none.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim.cli.progress import progress
    from strag_sim.codes import costs, timing

    if output is not None:
        _check(output)
    asked = timing.trials()
    with progress("measuring", "rounds", timing.ROUNDS) as advance:
        timings = timing.measure(asked, advance)
    found = costs.content(timings, _where())
    if output is not None:
        costs.write_costs(output, found)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        click.echo(_table(timings))
        click.echo("\n" + _rates(costs.rates(timings)))
    if output is not None:
        click.echo(f"wrote {output}", err=True)


def _check(output: Path) -> None:
    """Refuse now a file that could not be written at the end."""
    if output.suffix.lower() != ".json" or output.is_dir():
        raise CodeError(f"--output: {str(output)!r} is not allowed; it must be a file FILE.json")
    if not output.parent.is_dir():
        raise CodeError(
            f"--output: {str(output)!r} cannot be written: there is no folder {output.parent}"
        )


def _where() -> dict[str, Any]:
    """Return where and how it was measured."""
    import importlib.metadata
    import platform

    from strag_sim.machine import processor

    return {
        "command": shlex.join(["strag-sim", *sys.argv[1:]]),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "processor": processor(),
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "threads": {name: os.environ.get(name) for name in THREADS},
            "load": os.getloadavg()[0],
        },
        "versions": {
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in ("strag-sim", "numpy")},
        },
    }


def _table(timings: "Sequence[Timing]") -> str:
    """Return a row for each size of images, K and N: the times to encode, and two to decode."""
    from strag_sim.cli.columns import NONE, aligned
    from strag_sim.codes.costs import rate
    from strag_sim.units import readable

    names = list(dict.fromkeys(each.trial.name for each in timings))
    rows: dict[tuple[int, int, int], dict[str, Timing]] = {}
    for each in timings:
        trial = each.trial
        tasks = trial.code.tasks if trial.code.tasks > 1 else trial.code.inputs + 1
        rows.setdefault((trial.side, trial.code.inputs, tasks), {})[trial.name] = each
    lines = [("image", "K", "N", *names, "decode", "GFLOP/s")]
    for (side, inputs, tasks), found in rows.items():
        times = (readable(found[name].encode) if name in found else NONE for name in names)
        first = found[names[0]]
        decode, speed = readable(first.decode), f"{rate(first) / 1e9:.0f}"
        lines.append((f"{side} px", str(inputs), str(tasks), *times, decode, speed))
    return aligned(lines)


def _rates(found: "Rates") -> str:
    """Return what the rates are."""
    from strag_sim.units import readable

    return (
        f"Encoding runs at {found.flops / 1e9:.1f} GFLOP/s, resizing at "
        f"{found.resize_flops / 1e9:.2f}; a decode takes {readable(found.weights)} beside its "
        "operations.\nThe last two columns are of lagrange, those before them encode."
    )

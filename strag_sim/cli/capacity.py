"""``strag-sim capacity``: how many requests a second each policy can take."""

import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strag_sim.cli.group import STOPPED
from strag_sim.errors import ResultError

if TYPE_CHECKING:
    from strag_sim.capacity import Capacities, Limit, Progress


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "--slo", metavar="TIME", help="What p99 must keep, such as 300ms.  [default: the scenario's]"
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of the scenario, such as policies.1.copies=3; repeatable.",
)
@click.option(
    "--within",
    default="1%",
    show_default=True,
    metavar="SHARE",
    help="How narrow the brackets of the search become.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="Also write a table with all that was found.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Runs at a time.  [default: one a core]"
)
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
@click.pass_context
def capacity(
    ctx: click.Context,
    scenario: Path,
    slo: str | None,
    overrides: tuple[str, ...],
    within: str,
    output: Path | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Find the largest rate at which each policy of SCENARIO is stable, and within an SLO on p99.

    Its runs, requests and seed hold at every rate that is tried. Ctrl-C stops it; the policies
    that are done are then printed and written.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim.capacity import capacity as find
    from strag_sim.scenario import load

    narrow = _share(within)
    if output is not None and output.suffix.lower() != ".csv":
        raise ResultError(f"{output}: is not allowed; the name of the table must end in .csv")
    if output is not None and not output.absolute().parent.is_dir():  # before long searches
        raise ResultError(f"{output}: cannot write the table: there is no such folder")
    loaded = load(scenario, overrides=overrides)
    with _progress(len(loaded.policies)) as progress:
        found = find(loaded, slo=slo, within=narrow, jobs=jobs, progress=progress)
    if output is not None:
        found.save(output)
    click.echo(_json(found) if as_json else _text(found))
    if found.interrupted:
        click.echo("interrupted: these are the policies that are done", err=True)
        ctx.exit(STOPPED)


def _share(text: str) -> float:
    """Return a share that is written as a number or in per cent."""
    from strag_sim.units import per_cent

    try:
        return per_cent(text) if "%" in text else float(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not allowed; write a share such as 1% or 0.01", param_hint="'--within'"
        ) from None


def _text(found: "Capacities") -> str:
    """Return one line a policy, and below what the numbers are of."""
    from strag_sim.cli.summary import table
    from strag_sim.units import readable

    head = ["policy", "stable up to", "load"]
    if found.slo is not None:
        head += [f"p99 within {readable(found.slo)}", "load", "utilisation", "cost"]
    rows = [head]
    for policy in found.policies:
        row = [policy.label, *_rate(policy.stable)]
        if found.slo is not None:
            row += [*_rate(policy.slo), *_spent(policy.slo)]
        rows.append(row)
    notes = [f"{policy.label}: {note}" for policy in found.policies for note in policy.notes]
    return "\n".join([table(rows), "", *_below(found), *notes])


def _below(found: "Capacities") -> Iterator[str]:
    """Yield what the numbers are of."""
    text = f"Requests a second; {found.runs:,} run{'s' if found.runs > 1 else ''} x "
    text += f"{found.requests:,} requests at each rate"
    if found.runs > 1:
        text += f"; ± is the {100 * found.confidence:.4g} % confidence interval over runs"
    yield text
    if found.precision:
        yield "precision is not looked at: the runs are those that the scenario names"


def _rate(limit: "Limit") -> list[str]:
    """Return a rate with its interval, and the offered load that it is."""
    from strag_sim.cli.columns import NONE, plus_minus
    from strag_sim.units import rounded

    if math.isnan(limit.rate):
        return [NONE, NONE]
    exact = limit.low == limit.high
    rate = rounded(limit.rate) if exact else plus_minus(limit.rate, limit.low, limit.high)
    return [rate, f"{limit.load:.3f}"]


def _spent(limit: "Limit") -> list[str]:
    """Return the utilisation and the cost at a limit."""
    from strag_sim.cli.columns import NONE
    from strag_sim.units import readable

    if math.isnan(limit.cost):
        return [NONE, NONE]
    return [f"{100 * limit.utilisation:.1f} %", readable(limit.cost)]


def _json(found: "Capacities") -> str:
    """Return all that was found; null where there is no number."""
    rows = found.table().to_dict("records")
    policies = [{key: _finite(value) for key, value in row.items()} for row in rows]
    known = {
        "slo": found.slo,
        "confidence": found.confidence,
        "runs": found.runs,
        "requests": found.requests,
        "interrupted": found.interrupted,
    }
    return json.dumps({**known, "policies": policies}, indent=2)


def _finite(value: object) -> object:
    """Return a value that JSON knows: None for NaN and infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def _progress(policies: int) -> Iterator["Progress | None"]:
    """Give what shows how far the search is on standard error, if it is a terminal."""
    from rich.console import Console

    if not sys.stderr.isatty():
        yield None
        return
    begun: list[str] = []
    with Console(stderr=True).status("searching") as status:

        def show(label: str, tried: int) -> None:
            if label not in begun:
                begun.append(label)
            text = f"{label} (policy {len(begun)} of {policies}): {tried} rates tried"
            status.update(text)

        yield show

"""``strag-sim selfcheck``: hold the simulator against theory."""

import json
import math
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from strag_sim.selfcheck import Verdict

FAILED = 1
HEAD = ("check", "theory", "simulated", "95 % interval", "z", "verdict")
SECONDS = 5  # that each run under way is waited for after Ctrl-C
NOTHING = ""


@click.command()
@click.option("--quick", is_flag=True, help="A fifth of the requests: wider intervals, seconds.")
@click.option(
    "--family",
    "families",
    multiple=True,
    metavar="NAME",
    help="Only the checks of a family, such as hedge; repeatable.  [default: all]",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Runs at a time.  [default: one a core]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
@click.pass_context
def selfcheck(
    ctx: click.Context, quick: bool, families: tuple[str, ...], jobs: int | None, as_json: bool
) -> None:
    """Hold the simulator against closed forms: a table of theory and simulation.

    The exit code is 1 if any check fails.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim.selfcheck import selfcheck as verdicts_of

    with _stopped_at_once(), _progress() as progress:
        verdicts = verdicts_of(quick=quick, families=families or None, jobs=jobs, progress=progress)
    click.echo(_as_json(verdicts, quick) if as_json else _as_text(verdicts, quick))
    if not all(verdict.passed for verdict in verdicts):
        ctx.exit(FAILED)


def _as_text(verdicts: "Sequence[Verdict]", quick: bool) -> str:
    """Return the table, what it means, what failed, and how many agree."""
    table = _rich(verdicts) if sys.stdout.isatty() else _plain(verdicts)
    failed = [v for v in verdicts if not v.passed]
    lines = [f"{v.outcome}: {v.check.family}: {_name(v)} (z = {_z(v) or 'none'})" for v in failed]
    agree = f"{len(verdicts) - len(failed)} of {len(verdicts)} agree"
    return "\n".join([table, NOTHING, *_below(verdicts, quick), *lines, agree])


def _below(verdicts: "Sequence[Verdict]", quick: bool) -> Iterator[str]:
    """Yield what the columns mean, and how often a check fails though all is right."""
    from strag_sim.selfcheck import LIMIT, SIZE, WIDEST, WIDEST_QUICK

    judged = sum(not v.identity for v in verdicts)
    widest = WIDEST_QUICK if quick else WIDEST
    if judged:
        yield (
            f"z: standard errors over runs from theory, which may be {LIMIT:g}; of {judged} such "
            f"checks one fails by chance in {100 * judged * SIZE:.1g} % of all seeds"
        )
        yield f"inconclusive: a standard error above {100 * widest:g} % of the value"
    if judged < len(verdicts):
        yield "without z: identities, which each single run must fulfil but for rounding"
    if quick:
        yield "quick: a fifth of the requests, so intervals are more than twice as wide"


def _plain(verdicts: "Sequence[Verdict]") -> str:
    """Return a line a check in columns, each family under its name."""
    from strag_sim.cli.columns import aligned

    head, *lines = aligned([HEAD, *map(_row, verdicts)]).splitlines()
    parts = [head]
    remaining = iter(lines)
    for family, group in groupby(verdicts, key=lambda v: v.check.family):
        parts += [NOTHING, family, *(next(remaining) for _ in group)]
    return "\n".join(parts)


def _rich(verdicts: "Sequence[Verdict]") -> str:
    """Return the same as a table for a terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(HEAD[0])
    for name in HEAD[1:]:
        table.add_column(name, justify="right", no_wrap=True)
    for family, group in groupby(verdicts, key=lambda v: v.check.family):
        table.add_row(Text(family, style="bold"))
        for verdict in group:
            style = "" if verdict.passed else "red"
            table.add_row(*(Text(cell, style=style) for cell in _row(verdict)))
        table.add_section()
    console = Console()
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip("\n")


def _row(verdict: "Verdict") -> tuple[str, ...]:
    """Return the cells of a check."""
    interval = f"{verdict.low:.5g} to {verdict.high:.5g}" if not verdict.identity else NOTHING
    numbers = (f"{verdict.theory:.5g}", f"{verdict.simulated:.5g}")
    return (_name(verdict), *numbers, interval, _z(verdict), verdict.outcome)


def _name(verdict: "Verdict") -> str:
    """Return what is checked."""
    return f"{verdict.check.name}: {verdict.check.measure}"


def _z(verdict: "Verdict") -> str:
    """Return z with its sign; nothing for an identity."""
    return NOTHING if verdict.identity else f"{verdict.z:+.2f}"


def _as_json(verdicts: "Sequence[Verdict]", quick: bool) -> str:
    """Return the verdicts as JSON; null where there is no number."""
    rows = []
    for verdict in verdicts:
        check = verdict.check
        numbers = {
            name: value if math.isfinite(value := getattr(verdict, name)) else None
            for name in ("theory", "simulated", "low", "high", "z")
        }
        words = {
            name: getattr(check, name)
            for name in ("family", "name", "measure", "formula", "source")
        }
        rows.append({**words, **numbers, "outcome": verdict.outcome})
    agree = sum(verdict.passed for verdict in verdicts)
    return json.dumps({"quick": quick, "agree": agree, "of": len(rows), "checks": rows}, indent=2)


@contextmanager
def _stopped_at_once() -> Iterator[None]:
    """Let Ctrl-C end the check wherever it is.

    A simulation would keep what is finished, and go on to its estimates, and the check to the next.
    """

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if usual:  # others, and ignored signals, are somebody's wish
        signal.signal(signal.SIGINT, stop)
    try:
        yield
    except KeyboardInterrupt:
        # The runs under way have been told to stop. A thread that is in compiled code when Python
        # ends makes the process abort, so they are waited for; a second Ctrl-C does not wait.
        for thread in threading.enumerate():
            if thread.daemon:
                thread.join(SECONDS)
        raise
    finally:
        if usual:
            signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Give what shows the progress on standard error, if it is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("checking"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(separator=" of "),
        progress.TextColumn("scenarios"),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

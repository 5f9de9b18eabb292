"""How far a sweep is: a bar on a terminal, a line now and then elsewhere; on standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from strag_sim.sweep import Progress

OFTEN = 10.0  # seconds between two lines


@contextmanager
def watching() -> "Iterator[Callable[[Progress], None]]":
    """Give what shows how far a sweep is, the time left, and how many cells have failed."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _Lines().show


class _Lines:
    """A line every few seconds, and one at the end."""

    def __init__(self) -> None:
        self.last = time.monotonic()
        self.state = ""

    def show(self, progress: "Progress") -> None:
        now = time.monotonic()
        ended = progress.state in ("finished", "stopped")
        if (ended and self.state != progress.state) or (not ended and now - self.last >= OFTEN):
            click.echo(line(progress), err=True)
            self.last = now
        self.state = progress.state


def line(progress: "Progress") -> str:
    """Return how far a sweep is, in one line."""
    from strag_sim.units import readable

    parts = [f"{progress.done:,} of {progress.total:,} cells"]
    if progress.state != "looking" and progress.rate > 0:
        parts.append(f"{progress.rate:.3g} cells/s")
        if progress.state == "running" and progress.left > 0:
            parts.append(f"{readable(progress.left)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    return ", ".join(parts)


@contextmanager
def _bar() -> "Iterator[Callable[[Progress], None]]":
    """Give a bar on the terminal, which is gone at the end."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("sweeping"),
        progress.BarColumn(),
        progress.TextColumn("{task.description}"),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking at what is there", total=None)

        def show(known: "Progress") -> None:
            ended = known.done + known.failed
            bar.update(task, completed=ended, total=known.total, description=line(known))

        yield show

"""How far a long command is, and how long it still takes: on standard error, on a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]  # how many are done, of how many


@contextmanager
def progress(doing: str, things: str, total: int) -> Iterator[Progress | None]:
    """Give what shows the progress and the time left, if there is a terminal to show it on."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn(doing),
        progress.BarColumn(),
        progress.MofNCompleteColumn(separator=" of "),
        progress.TextColumn(f"{things},"),
        progress.TimeRemainingColumn(),
        progress.TextColumn("left"),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done, asked: bar.update(task, completed=done, total=asked)

"""A sweep as people read it, before, while and after it runs."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from strag_sim.cli.columns import aligned

if TYPE_CHECKING:
    from strag_sim.sweep import Failure, Outlook, Swept

MOST = 20  # cells, or failures, that are listed


def planned(found: "Outlook", workers: int) -> str:
    """Return the cells of a sweep, how many there are, and how long they would take."""
    grid = found.grid
    paths = list(grid.sweep.paths)
    wrong = {failure.cell for failure in found.failures}
    missing = set(found.missing)
    rows = [["cell", *paths, ""]]
    for cell in range(min(len(grid), MOST)):
        state = "impossible" if cell in wrong else "" if cell in missing else "done"
        rows.append([str(cell), *map(shown, grid.parameters(cell).values()), state])
    if not any(row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
    texts = [aligned(rows)]
    if len(grid) > MOST:
        texts.append(f"... and {len(grid) - MOST:,} more")
    return "\n".join([*texts, "", *_counts(found, workers)])


def finished(swept: "Swept") -> str:
    """Return what a sweep has done, and where that lies."""
    known = swept.status
    fresh = known["done"] - known["before"]
    text = f"{known['done']:,} of {known['total']:,} cells are done, {fresh:,} of them now"
    return "\n".join([text, *failed(swept.failures), f"Sweep: {swept.folder}"])


def status(swept: "Swept") -> str:
    """Return how far the sweep in a folder is."""
    from strag_sim.units import readable

    known, holder = swept.status, swept.running
    lines = [f"{swept.about['name']}: {known['done']:,} of {known['total']:,} cells are done"]
    if holder is not None:
        left = known["left"]
        rate = f"{known['rate']:.3g} cells/s"
        more = f", {readable(left)} left" if left else ""
        lines.append(f"running: {holder}; {rate}{more} (at {known['time']})")
    elif swept.interrupted:
        lines.append("not running; the same command goes on with the rest")
    else:
        lines.append(f"finished at {known['time']}")
    return "\n".join([*lines, *failed(swept.failures)])


def as_json(swept: "Swept") -> str:
    """Return the state of a sweep for machines."""
    failures = [
        {"cell": each.cell, "parameters": dict(each.parameters), "error": each.error}
        for each in swept.failures
    ]
    known = {"name": swept.about["name"], "folder": str(swept.folder), "running": swept.running}
    return json.dumps({**known, **swept.status, "failures": failures}, indent=2)


def failed(failures: "Sequence[Failure]") -> Iterator[str]:
    """Yield the cells that failed, and why."""
    if failures:
        yield f"{len(failures):,} cell{'s' if len(failures) > 1 else ''} failed:"
    for failure in failures[:MOST]:
        yield f"  {failure.told}"
    if len(failures) > MOST:
        yield f"  and {len(failures) - MOST:,} more; all are in failures.json"


def shown(value: Any) -> str:
    """Return a value of a parameter as people write it."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _counts(found: "Outlook", workers: int) -> Iterator[str]:
    """Yield how many cells there are, and how long they would take."""
    from strag_sim.units import readable

    total, missing = len(found.grid), len(found.missing)
    done = total - missing - len(found.failures)
    text = f"{total:,} cell{'s' if total > 1 else ''}"
    text += f": {done:,} done, {missing:,} to be simulated" if done else ""
    yield text
    yield from failed(found.failures)
    if missing:
        least = "at least" if found.growing else "about"
        time = readable(found.seconds / workers)
        noun = "worker" if workers == 1 else "workers"
        yield f"That takes {least} {time} with {workers} {noun} (from {found.timed} cells, timed)"

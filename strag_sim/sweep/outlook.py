"""What a sweep would do: its cells, those that are done, and how long the rest would take."""

import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strag_sim.scenario import Grid, Scenario, read_grid
from strag_sim.sweep import cells
from strag_sim.sweep.chunks import Chunks
from strag_sim.sweep.job import Job
from strag_sim.sweep.keys import code
from strag_sim.sweep.places import local
from strag_sim.sweep.sweeping import folder_of
from strag_sim.sweep.swept import Failure

SAMPLE = 3  # cells that are timed, spread over those that are missing
WARM = 10  # requests of a run that only compiles


@dataclass(frozen=True)
class Outlook:
    """What a sweep would do; nothing was written.

    Parameters
    ----------
    grid : Grid
        Its cells.
    folder : Path
        Where it would be kept.
    missing : tuple of int
        The cells that would be simulated.
    failures : tuple of Failure
        The cells whose scenario is impossible.
    seconds : float
        About how long one worker takes for all that are missing.
    timed : int
        Of how many cells that was estimated.
    growing : bool
        Whether cells may take longer, since their runs go on until a precision is reached.
    """

    grid: Grid
    folder: Path
    missing: tuple[int, ...]
    failures: tuple[Failure, ...]
    seconds: float
    timed: int
    growing: bool


def outlook(
    source: str | Path | Mapping[str, Any],
    *,
    overrides: Iterable[str] | Mapping[str, Any] = (),
    output: str | Path | None = None,
    jobs: int | None = None,
    recompute: bool = False,
) -> Outlook:
    """Return what `sweep` would do with the same arguments; one run of a few cells is timed.

    Raises
    ------
    ScenarioError
        If the sweep itself is wrong.
    """
    grid = read_grid(source, overrides=overrides)
    folder = folder_of(grid, output)
    job = Job(grid, str(folder.resolve()), code(), recompute)
    missing: list[int] = []
    failures: list[Failure] = []
    with closing(local(job, jobs)) as executor:
        chunks = Chunks(range(len(grid)), executor.workers)
        for reports in executor.reports(cells.look, chunks, 1):
            missing += [report.cell for report in reports if report.state == "missing"]
            failures += [
                Failure(report.cell, grid.parameters(report.cell), report.error)
                for report in reports
                if report.state == "failed"
            ]
    missing.sort()
    failures.sort(key=lambda failure: failure.cell)
    sample = spread_over(missing, SAMPLE)
    scenarios = [grid.scenario(cell) for cell in sample]
    each = sum(map(_takes, scenarios)) / max(1, len(sample))
    growing = any(scenario.precision is not None for scenario in scenarios)
    return Outlook(
        grid, folder, tuple(missing), tuple(failures), each * len(missing), len(sample), growing
    )


def spread_over(values: list[int], count: int) -> list[int]:
    """Return as many values as asked for, evenly spread from the first to the last."""
    if len(values) <= count:
        return values
    return [values[i * (len(values) - 1) // (count - 1)] for i in range(count)]


def _takes(scenario: Scenario) -> float:
    """Return how long a cell takes, in seconds, from the time of one of its runs."""
    requests = min(WARM, scenario.requests or WARM)
    alone = {"runs": 1, "precision": None}
    cells.simulated(scenario.model_copy(update={**alone, "requests": requests, "warm_up": 0}), 1)
    began = time.perf_counter()
    cells.simulated(scenario.model_copy(update=alone), 1)
    return (time.perf_counter() - began) * scenario.runs

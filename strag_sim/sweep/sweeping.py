"""The verb ``sweep``: what is missing of a grid is simulated, and its table written."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from strag_sim.errors import ScenarioError, SweepError
from strag_sim.results import provenance
from strag_sim.scenario import Cluster, Grid, dump, read_grid
from strag_sim.sweep import cells
from strag_sim.sweep.chunks import Chunks
from strag_sim.sweep.executors import Executor
from strag_sim.sweep.folder import FAILURES, LOG, STATUS, TABLE, check_folder, locked, write_json
from strag_sim.sweep.job import Job, Report
from strag_sim.sweep.keys import code
from strag_sim.sweep.places import On, executor_of, local
from strag_sim.sweep.progress import Log, Progress, Watch
from strag_sim.sweep.swept import Failure, Swept
from strag_sim.sweep.table import Table

MOST_TOLD = 20  # of cells that are impossible, in one message
OFTEN = 1.0  # seconds between two looks at the status in the folder


def sweep(
    source: str | Path | Mapping[str, Any],
    *,
    overrides: Iterable[str] | Mapping[str, Any] = (),
    output: str | Path | None = None,
    on: On = "local",
    jobs: int | None = None,
    scheduler: str | None = None,
    cluster: Cluster | str | Path | Mapping[str, Any] | None = None,
    recompute: bool = False,
    keep_going: bool = False,
    progress: Watch | None = None,
) -> Swept:
    """Simulate what is missing of the cells of a sweep, and return what its folder holds.

    Parameters
    ----------
    source : str, Path or mapping
        A scenario, as ``load`` takes it; its key ``sweep`` has the axes.
    overrides : iterable of str, or mapping
        ``"workers.count=4,8"``, or ``{"workers.count": [4, 8]}``, is an axis beside those of the
        scenario; a single value holds for all cells.
    output : str, Path or None
        The folder; None is ``results/NAME-sweep``. Cells that it holds already are taken up.
    on : "local", "dask", "slurm" or "pbs"
        Who simulates: processes of this machine, workers of Dask, or jobs of a queue.
    jobs : int or None
        Processes on this machine, by default one for each core that this process may use; of a
        queue, how many jobs.
    scheduler : str or None
        With dask: the address of a scheduler that is running; None starts workers here.
    cluster : str, Path, mapping, Cluster or None
        With slurm and pbs: what each job may use, a file of YAML or what such a file would hold.
    recompute : bool
        Whether cells that are there are simulated again.
    keep_going : bool
        Whether to go on after a cell has failed; it is then among the ``failures``.
    progress : callable or None
        Called with a `Progress` whenever cells have ended.

    Raises
    ------
    ScenarioError
        If the sweep is wrong; if a cell's scenario is, unless ``keep_going``; nothing is run then.
    SweepError
        If a cell fails, unless ``keep_going``; if cells cannot be kept in the folder, or another
        sweep is running there. What was done is kept.
    KeyboardInterrupt
        If it is interrupted; what was done is kept, and the same call goes on with the rest.
    """
    making = executor_of(on, jobs, scheduler, cluster)
    grid = read_grid(source, overrides=overrides)
    folder = folder_of(grid, output)
    check_folder(folder)
    with locked(folder):
        job = Job(grid, str(folder.resolve()), code(), recompute)
        sweeping = Sweeping(job, keep_going, progress)
        with closing(local(job, jobs if on == "local" else None)) as here:
            sweeping.look(here)
            sweeping.begin()
            if making is None:
                sweeping.simulate(here)
        if making is not None and sweeping.missing:
            with closing(making(job)) as there:
                sweeping.simulate(there)
        sweeping.end()
    return Swept.open(folder)


def folder_of(grid: Grid, output: str | Path | None) -> Path:
    """Return the folder of a sweep."""
    return Path(output) if output is not None else Path("results") / f"{grid.name}-sweep"


class Sweeping:
    """A sweep that is under way: which cells are missing, and what became of the others."""

    def __init__(self, job: Job, keep_going: bool, watch: Watch | None) -> None:
        grid = job.grid
        self.job = job
        self.keep_going = keep_going
        self.watch = watch
        self.folder = Path(job.folder)
        self.values = parameters(grid)
        self.table = Table(self.folder / TABLE, self.values)
        self.log = Log(self.folder / LOG)
        self.progress = Progress(len(grid))
        self.missing: list[int] = []
        self.failures: list[Failure] = []
        self.told = 0.0

    def look(self, executor: Executor) -> None:
        """Find out which cells are missing; raise for those that are impossible."""
        chunks = Chunks(range(len(self.job.grid)), executor.workers)
        for reports in executor.reports(cells.look, chunks, 1):
            for report in reports:
                if report.damaged:
                    self.log.say(f"cell {report.cell}: its file was damaged ({report.key}.json)")
                if report.state == "missing":
                    self.missing.append(report.cell)
            self._take(reports)
        self.missing.sort()
        if self.failures and not self.keep_going:
            raise ScenarioError(*_impossible(self.failures, len(self.job.grid)))

    def begin(self) -> None:
        """Write what the sweep is, and that it has begun."""
        write_json(self.folder / cells.MARK, self._about())
        self.progress.began = time.monotonic()
        self.progress.state = "running"
        count, total = len(self.missing), self.progress.total
        self.log.say(f"began: {total:,} cells, of which {count:,} are to be simulated")
        self._tell(at_once=True)

    def simulate(self, executor: Executor) -> None:
        """Simulate the missing cells."""
        chunks = Chunks(self.missing, executor.workers)
        threads = max(1, executor.workers // max(1, len(self.missing)))
        try:
            for reports in executor.reports(cells.run, chunks, threads):
                self._take(reports)
                self._stop_at(reports)
        except BaseException as error:
            self.progress.state = "stopped"
            text = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
            self.log.say(f"stopped: {text}")
            self.end()
            raise

    def end(self) -> None:
        """Write the table and how it went."""
        if self.progress.state == "running":
            self.progress.state = "finished"
            done, failed = self.progress.done, len(self.failures)
            self.log.say(f"finished: {done:,} cells are done, {failed:,} have failed")
        self.table.write()
        self._tell(at_once=True)

    def _take(self, reports: list[Report]) -> None:
        """Take in what became of some cells."""
        for report in reports:
            if report.state == "done":
                self.progress.done += 1
                self.progress.before += self.progress.state == "looking"
            elif report.state == "failed":
                self.progress.failed += 1
                values = self.job.grid.parameters(report.cell)
                self.failures.append(Failure(report.cell, values, report.error))
                self.log.say(self.failures[-1].told)
        self.table.add(reports)
        self._tell()

    def _stop_at(self, reports: list[Report]) -> None:
        """Raise a SweepError where the sweep cannot go on, or is not to."""
        for report in reports:
            if report.state == "lost":
                raise SweepError(report.error)
            if report.state == "failed" and not self.keep_going:
                raise SweepError(
                    f"{self.failures[-1].told}\nWith --keep-going the other cells go on"
                )

    def _tell(self, at_once: bool = False) -> None:
        """Tell whoever watches, and the folder now and then, how far it is."""
        if self.watch is not None:
            self.watch(self.progress)
        if at_once or (time.monotonic() - self.told > OFTEN and (self.folder / STATUS).exists()):
            self.told = time.monotonic()
            write_json(self.folder / STATUS, self.progress.told())
            failed = [asdict(failure) for failure in sorted(self.failures, key=lambda f: f.cell)]
            write_json(self.folder / FAILURES, failed)

    def _about(self) -> dict[str, object]:
        """Return what ``sweep.json`` says."""
        grid = self.job.grid
        first = next((cell for cell in range(len(grid)) if cell not in self._failed()), None)
        known = dict(provenance([] if first is None else grid.scenario(first).setups()))
        scenario = None if first is None else dump(grid.scenario(first))
        return {
            "name": grid.name,
            "cells": len(grid),
            "parameters": self.values,
            "sweep": grid.sweep.plain(),
            "scenario": scenario,
            "code": self.job.code,
            **known,
        }

    def _failed(self) -> set[int]:
        """Return the cells that have failed."""
        return {failure.cell for failure in self.failures}


def parameters(grid: Grid) -> dict[str, list[Any]]:
    """Return each path that is swept over, and its values in order, each once."""
    columns: dict[str, list[Any]] = {}
    for axis in grid.sweep.axes:
        for path, values in zip(axis.paths, zip(*axis.rows, strict=True), strict=True):
            columns[path] = list({repr(value): value for value in values}.values())
    return columns


def _impossible(failures: list[Failure], total: int) -> Iterator[str]:
    """Yield what is wrong with cells; nothing was run."""
    for failure in sorted(failures, key=lambda failure: failure.cell)[:MOST_TOLD]:
        yield failure.told
    more = len(failures) - MOST_TOLD
    if more > 0:
        yield f"and {more:,} more"
    count = f"{len(failures):,} of {total:,} cells"
    yield f"{count} cannot be simulated; nothing was run. With --keep-going the others are"

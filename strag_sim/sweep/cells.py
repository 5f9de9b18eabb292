"""Cells are looked at and simulated: what runs in a worker, wherever that is."""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from strag_sim.errors import StragSimError, SweepError
from strag_sim.results import inputs
from strag_sim.results.folder import SWEEP
from strag_sim.results.frames import summary_rows
from strag_sim.scenario import Scenario
from strag_sim.simulate import warming
from strag_sim.simulate.looking import Look, enough, missed
from strag_sim.simulate.runs import Simulation
from strag_sim.simulate.spreading import interruptible
from strag_sim.statistics import notes
from strag_sim.sweep.job import Cell, Job, Report, Row
from strag_sim.sweep.kept import KeptRuns, read_kept
from strag_sim.sweep.keys import cell_key, code, told_of
from strag_sim.sweep.store import CellStore, Content, plain_rows

ENGINE = "compiled"
MARK = SWEEP  # of a folder of cells


@dataclass(frozen=True)
class Simulated:
    """What was simulated of a cell: its last look, its settled scenario, and its notes."""

    look: Look
    settled: Scenario
    notes: list[str]
    kept: KeptRuns


def look(job: Job, cells: Sequence[Cell], threads: int = 1) -> list[Report]:
    """Report which cells are done, which are missing, and which are impossible."""
    return [_looked(job, cell) for cell in cells]


def run(job: Job, cells: Sequence[Cell], threads: int = 1) -> list[Report]:
    """Simulate what is missing of these cells, keep each as it ends, and report.

    A cell that cannot be kept is lost, and the ones after it are not tried.
    """
    _check(job)
    reports: list[Report] = []
    for cell in cells:
        reports.append(_run(job, cell, threads))
        if reports[-1].state == "lost":
            break
    return reports


def simulated(scenario: Scenario, threads: int, kept: Path | None = None) -> Simulated:
    """Simulate a cell, from the runs that are kept in a file, if any."""
    with interruptible() as stop:
        simulation = Simulation(scenario.setups(), ENGINE, "summary", threads, stop)
        settled, warm_up = warming.settle(scenario, simulation)
        known = read_kept(kept, settled) if kept is not None else KeptRuns()
        simulation = Simulation(settled.setups(), ENGINE, "summary", threads, stop, store=known)
        found = enough(settled, simulation, None)
    if found.interrupted:
        raise KeyboardInterrupt
    texts = notes(found.samples, found.estimates)
    if warm_up is not None:
        texts += warming.unsettled(warm_up)
    if settled.precision is not None:
        texts += missed(settled.precision, found)
    return Simulated(found, settled, texts, known)


def _check(job: Job) -> None:
    """Raise a SweepError where this worker would not do what the sweep asks for."""
    host = socket.gethostname()
    if not (Path(job.folder) / MARK).is_file():
        raise SweepError(
            f"{host} does not see {job.folder}; workers keep cells there, so name a folder that "
            "all hosts share"
        )
    if code() != job.code:
        raise SweepError(
            f"{host} has another version of strag-sim, Python, numpy, numba or scipy than the "
            "host that began the sweep; install the same on all"
        )


def _looked(job: Job, cell: Cell) -> Report:
    """Return the report on a cell that is looked at."""
    try:
        scenario = job.grid.scenario(cell)
        key = cell_key(scenario)
    except Exception as error:  # a user's own policy may raise anything
        return Report(cell, "failed", error=_told(error))
    return _found(job, cell, scenario, key)


def _found(job: Job, cell: Cell, scenario: Scenario, key: str) -> Report:
    """Return the report on a cell that is done, or missing."""
    store = CellStore(Path(job.folder))
    content, damaged = store.read(key)
    if content is None or job.recompute or content["asked"] != scenario.runs:
        return Report(cell, "missing", key, damaged=damaged)
    return Report(cell, "done", key, _rows(job, cell, content, store.read_made(key)))


def _run(job: Job, cell: Cell, threads: int) -> Report:
    """Simulate a cell unless it is done, keep it, and report."""
    began = time.perf_counter()
    key = ""
    try:
        scenario = job.grid.scenario(cell)
        key = cell_key(scenario)
        found = _found(job, cell, scenario, key)
        if found.state == "done":  # by a worker that was lost before it could report
            return found
        store = CellStore(Path(job.folder))
        made = simulated(scenario, threads, None if job.recompute else store.runs(key))
    except Exception as error:  # the others go on, whatever it is
        seconds = time.perf_counter() - began
        return Report(cell, "failed", key, seconds=seconds, error=_told(error))
    try:
        return _kept(job, cell, key, scenario, made, began)
    except SweepError as error:
        return Report(cell, "lost", key, error=str(error))


def _kept(
    job: Job, cell: Cell, key: str, scenario: Scenario, made: Simulated, began: float
) -> Report:
    """Keep a cell that was simulated, and report."""
    store = CellStore(Path(job.folder))
    rows = summary_rows(made.look.samples, made.look.estimates, scenario.confidence)
    content: Content = {
        "key": key,
        "asked": scenario.runs,
        "seed": scenario.seed,
        "confidence": scenario.confidence,
        "policies": plain_rows(rows),
        "notes": made.notes,
        "scenario": told_of(scenario),
        "inputs": inputs(scenario.setups()),
        "code": job.code,
    }
    made.kept.write(store.runs(key), made.settled)
    seconds = time.perf_counter() - began
    fresh = made.kept.added // len(made.look.samples)
    told = {
        "host": socket.gethostname(),
        "wall_time": round(seconds, 6),
        "runs": fresh,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    store.write(key, content, told)
    return Report(cell, "done", key, _rows(job, cell, content, told), seconds, fresh)


def _rows(job: Job, cell: Cell, content: Content, made: Content) -> list[Row]:
    """Return the rows of a cell that is done, as the table of all cells has them."""
    head = {"cell": cell, **job.grid.parameters(cell)}
    tail = {
        "seed": content["seed"],
        "wall_time": made.get("wall_time"),
        "host": made.get("host"),
        "key": content["key"],
    }
    return [{**head, **policy, **tail} for policy in content["policies"]]


def _told(error: Exception) -> str:
    """Return why a cell failed, in words."""
    if isinstance(error, StragSimError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory for it"
    return f"{type(error).__name__}: {error}"

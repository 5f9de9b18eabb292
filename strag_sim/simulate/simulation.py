"""A scenario is simulated: its runs, its estimates, and what is known of how they were made."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from strag_sim import engines
from strag_sim.errors import ScenarioError
from strag_sim.results import Result, provenance
from strag_sim.scenario import Scenario, dump
from strag_sim.simulate.runs import Simulation, finish, samples
from strag_sim.simulate.spreading import Progress, cores, interruptible
from strag_sim.statistics import RECORDS, Estimates, Record, Sample, estimate, notes


def simulate(
    scenario: Scenario,
    *,
    engine: str = "compiled",
    jobs: int | None = None,
    record: Record = "summary",
    attribution: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Simulate every policy of a scenario and estimate what its result reports.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    engine : str
        ``compiled``, or ``reference``, which is slow and short; they agree to the last bit.
    jobs : int or None
        Runs at a time; None is one for each core that this process may use.
    record : "summary", "requests" or "tasks"
        Whether to keep a row for each request, and one for each task too.
    attribution : bool
        Whether to tell where the time of requests above p99 went; keeps no rows.
    progress : callable or None
        Called with the number of runs that are done and that of all, after each.

    Raises
    ------
    EngineError
        If a run cannot end; the text names the policy and says why.
    KeyboardInterrupt
        If it is interrupted before every policy has finished its first run; later, the runs that
        every policy has finished are returned, and the result is marked ``interrupted``. At a
        second Ctrl-C in any case, without waiting for the runs that are being stopped.
    """
    _check(engine, jobs, record)
    began = time.perf_counter()
    with interruptible() as stop:
        threads = jobs or cores()
        simulation = Simulation(scenario.setups(), engine, record, threads, stop, attribution)
        finish(simulation, scenario.runs, progress)
        measured = samples(simulation)
        if not measured:
            raise KeyboardInterrupt
        estimates = _estimates(scenario, measured, simulation.threads)
    runs = len(measured[0].runs)
    known = provenance(
        simulation.setups,
        name=scenario.name,
        seed=scenario.seed,
        engine=engine,
        runs=runs,
        interrupted=runs < scenario.runs,
        notes=notes(measured),
        seconds=round(time.perf_counter() - began, 3),
    )
    return Result.of(measured, estimates, dump(scenario), known, confidence=scenario.confidence)


def _check(engine: str, jobs: int | None, record: str) -> None:
    """Raise a ScenarioError for an argument that is not allowed."""
    if engine not in engines.ENGINES:
        known = " or ".join(engines.ENGINES)
        raise ScenarioError(f"engine: {engine!r} is not allowed; engine must be {known}")
    if jobs is not None and jobs < 1:
        raise ScenarioError(f"jobs: {jobs} is not allowed; jobs must be at least 1")
    if record not in RECORDS:
        known = ", ".join(RECORDS)
        raise ScenarioError(f"record: {record!r} is not allowed; record must be one of {known}")


def _estimates(scenario: Scenario, measured: Sequence[Sample], jobs: int) -> list[Estimates]:
    """Estimate every policy; the sorting of its runs is spread over threads too."""
    with ThreadPoolExecutor(jobs) as pool:
        return [
            estimate(
                sample,
                quantiles=scenario.quantiles,
                slo=scenario.slo,
                confidence=scenario.confidence,
                spread=pool.map,
            )
            for sample in measured
        ]

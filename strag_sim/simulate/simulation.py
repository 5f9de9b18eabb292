"""A scenario is simulated: its runs, its estimates, and what is known of how they were made."""

import time
from dataclasses import asdict, replace
from pathlib import Path

from strag_sim import engines
from strag_sim.errors import ScenarioError
from strag_sim.results import Result, provenance
from strag_sim.scenario import Scenario, dump
from strag_sim.simulate import warming
from strag_sim.simulate.looking import Look, enough, missed
from strag_sim.simulate.runs import Simulation
from strag_sim.simulate.spreading import Progress, cores, interruptible
from strag_sim.simulate.store import Store
from strag_sim.simulate.warming import WarmUp
from strag_sim.statistics import RECORDS, Record, notes, overloaded


def simulate(
    scenario: Scenario,
    *,
    engine: str = "compiled",
    jobs: int | None = None,
    record: Record = "summary",
    attribution: bool = False,
    progress: Progress | None = None,
    resume: str | Path | None = None,
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
        Called with the number of runs that are done and that of all, after each. With a
        precision, all is what is asked for so far.
    resume : str, Path or None
        A folder in which every run is kept as it ends. Those that are there already, of the same
        scenario, are taken up; the result is the same as without, to the last bit. They stay:
        provenance["kept"] says where.

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
    refuse_sweep(scenario)
    began = time.perf_counter()
    with interruptible() as stop:
        simulation = Simulation(scenario.setups(), engine, record, jobs or cores(), stop)
        settled, warm_up = warming.settle(scenario, simulation)
        simulation = replace(simulation, setups=settled.setups(), attribution=attribution)
        known = provenance(simulation.setups, name=scenario.name, seed=scenario.seed, engine=engine)
        store = None
        if resume is not None:
            told = f"{dump(settled)}\n{record}\n{attribution}"
            store = Store.of(resume, told, known)
            simulation = replace(simulation, store=store)
        look = enough(settled, simulation, progress)
    if look.runs == 0:
        raise KeyboardInterrupt
    known |= {
        "runs": look.runs,
        "interrupted": look.interrupted,
        **_told(settled, look, warm_up),
        "seconds": round(time.perf_counter() - began, 3),
    }
    if store is not None:
        known["kept"] = str(store.folder)
    confidence = scenario.confidence
    return Result.of(look.samples, look.estimates, dump(scenario), known, confidence=confidence)


def refuse_sweep(scenario: Scenario) -> None:
    """Raise a ScenarioError for a scenario of many cells."""
    if scenario.sweep is not None:
        raise ScenarioError(
            f"sweep: {scenario.name} sweeps over {scenario.sweep.size:,} cells: use `strag-sim "
            "sweep` (in Python: strag_sim.sweep), or leave this key out"
        )


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


def _told(scenario: Scenario, look: Look, warm_up: WarmUp | None) -> dict[str, object]:
    """Return what a result tells of how it was made: notes, warm-up and precision."""
    told: dict[str, object] = {}
    texts = notes(look.samples, look.estimates)
    if flooded := overloaded(look.samples, look.estimates):
        told["overloaded"] = list(flooded)
    if warm_up is not None:
        told["warm_up"] = {"by": "MSER-5", **asdict(warm_up)}
        texts += warming.unsettled(warm_up)
    if scenario.precision is not None:
        told["precision"] = {
            "of": scenario.precision.of,
            "baseline": scenario.precision.baseline,
            "within": scenario.precision.within,
            "reached": dict(look.reached),
        }
        texts += missed(scenario.precision, look)
    return {**told, "notes": texts}

"""What the profile of each model of a session holds."""

import resource
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from strag_sim.measurements.table import tail_of
from strag_sim.profiler.beside import Neighbour
from strag_sim.profiler.calling import Loaded, sizes
from strag_sim.profiler.environment import environment
from strag_sim.profiler.record import NS, UNIT, point
from strag_sim.profiler.serving import TIME
from strag_sim.profiler.session import Session

_LAW = ("n", "mean", "std", "levels", "values")


def profile_of(
    session: Session, model: Loaded, neighbour: Neighbour | None, texts: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the content of a model's profile; None where nothing of it was measured.

    ``texts`` are its name, the command, and the licence.
    """
    load = session.asked.load
    records = [r for r in session.records if r.configuration.model == model.subject.name]
    records = [record for record in records if record.is_law]
    if not records:
        return None
    points = [point(record, load, session.begun) for record in records]
    return {
        "name": texts["name"],
        "description": _description(session, model, neighbour),
        "source": f"Measured with strag-sim {_version()}.",
        "licence": texts["licence"],
        "unit": UNIT,
        **{key: points[0][key] for key in _LAW},
        "tail": tail_of(records[0].rows[:, TIME] / NS, points[0]["values"][-1]),
        "environment": {
            **environment(session.asked.device),
            **_of_model(session, model),
            **_of_session(session, neighbour),
        },
        "command": texts["command"],
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "points": points,
    }


def _version() -> str:
    """Return the version of this package, which runs also where it lies and is not installed."""
    try:
        return version("strag-sim")
    except PackageNotFoundError:
        return "(a copy of its repository)"


def _description(session: Session, model: Loaded, neighbour: Neighbour | None) -> str:
    """Return in a sentence what was measured."""
    asked, subject = session.asked, model.subject
    batches = ", ".join(map(str, asked.batches))
    concurrencies = ", ".join(map(str, asked.concurrencies))
    load = "a closed loop" if not asked.load.rate else f"{asked.load.rate:g} calls a second"
    parts = [
        f"Times of {subject.name} ({subject.source}, weights {subject.weights}) in {asked.dtype}"
        f"{', compiled' if asked.compiled else ''}: batches of {batches}, {concurrencies} at once, "
        f"in {load}; weights do not change how long a call takes"
    ]
    if neighbour is not None:
        parts.append(f"while another process ran {neighbour.model} ({neighbour.load})")
    if session.interrupted:
        parts.append("the session was interrupted")
    return "; ".join(parts) + "."


def _of_model(session: Session, model: Loaded) -> dict[str, Any]:
    """Return what was called."""
    parameters, macs = sizes(model, session.asked)
    return {
        "model": model.subject.name,
        "model_source": model.subject.source,
        "weights": model.subject.weights,
        "parameters": parameters,
        "multiply_accumulates": macs,
        "input": model.shape,
        "load_time": round(model.load_time, 6),
        "dtype": session.asked.dtype,
        "compiled": session.asked.compiled,
    }


def _of_session(session: Session, neighbour: Neighbour | None) -> dict[str, Any]:
    """Return how it was called, and what else was going on."""
    return {
        "work": "GPU time between events"
        if "cuda" in session.asked.device
        else "CPU time of the thread that calls",
        "kept_memory": session.kept_memory,
        "timer_overhead": float(f"{session.overhead:.3g}"),
        "seed": session.asked.seed,
        "models_in_session": len(session.models),
        "interrupted": session.interrupted,
        "peak_memory_of_process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        **{f"{name}_during": value for name, value in session.counters.items()},
        "beside": neighbour.model if neighbour else None,
        "beside_load": str(neighbour.load) if neighbour else None,
        "beside_calls": neighbour.calls if neighbour else None,
        "beside_mean": neighbour.mean if neighbour else None,
        "beside_failure": (neighbour.failure or None) if neighbour else None,
    }

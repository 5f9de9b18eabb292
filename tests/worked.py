"""Scripted scenarios in, rows of requests and tasks out: what the hand-worked cases share.

All times are whole or binary-fraction seconds, so that equality is exact.
"""

import math
from collections.abc import Sequence
from typing import Any

import pytest

import strag_sim
from strag_sim.results import Result
from strag_sim.scenario import Scenario

ENGINES = ("reference", "compiled")
both_engines = pytest.mark.parametrize("engine", ENGINES)

FINISHED, DROPPED, STOPPED = "finished", "cancelled-queued", "cancelled-running"


def worked(engine: str, policy: dict[str, Any], **keys: Any) -> Result:
    """Simulate one policy once, with exact arrivals and sizes, and record its tasks."""
    return strag_sim.simulate(written(policy, **keys), engine=engine, record="tasks")


def written(
    policy: dict[str, Any],
    *,
    arrivals: Sequence[float] | dict[str, Any],
    own: Sequence[float] | None = None,
    redundant: Sequence[Sequence[float]] = (),
    workers: dict[str, Any],
    **keys: Any,
) -> Scenario:
    """Return the scenario of one policy and run, with exact arrivals and sizes."""
    service: dict[str, Any] = {"kind": "scripted"}
    if own is not None:
        service["own"] = list(own)
    if redundant:
        service["redundant"] = [list(row) for row in redundant]
    times = (
        {"kind": "trace", "times": list(arrivals)} if not isinstance(arrivals, dict) else arrivals
    )
    return strag_sim.load(
        {
            "name": "worked",
            "runs": 1,
            "arrivals": times,
            "service": service,
            "workers": workers,
            "policies": [{"label": "case", **policy}],
            **keys,
        }
    )


def scripted(
    count: int, own: Sequence[int] | None = None, redundant: Sequence[Sequence[int]] = ()
) -> dict[str, Any]:
    """Return ``workers`` with every task's worker written out."""
    placement: dict[str, Any] = {"kind": "scripted"}
    if own is not None:
        placement["own"] = list(own)
    if redundant:
        placement["redundant"] = [list(row) for row in redundant]
    return {"count": count, "placement": placement}


def fixed(count: int) -> dict[str, Any]:
    """Return ``workers`` of which the j-th serves the j-th task of each group."""
    return {"count": count, "placement": "fixed"}


def requests_of(result: Result) -> list[tuple[float, float, str]]:
    """Return (arrival, completion, path) of each request, in order of arrival."""
    table = result.requests().sort_values("request")
    return [
        (float(row.arrival), float(row.completion), str(row.path)) for row in table.itertuples()
    ]


def tasks_of(result: Result) -> dict[int, tuple[Any, ...]]:
    """Return task -> (role, worker, released, started, finished, state); None where not started.

    ``finished`` of a task that was cancelled is the instant at which it was.
    """
    return {
        int(row.task): (
            str(row.role),
            int(row.worker),
            float(row.released),
            _known(float(row.started)),
            float(row.finished),
            str(row.state),
        )
        for row in result.tasks().itertuples()
    }


def _known(time: float) -> float | None:
    return None if math.isnan(time) else time

"""Recorded requests and tasks as tables, run by run, so that a long recording needs no copy."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from strag_sim.policies.shape import ROLES
from strag_sim.statistics import Facts, Sample
from strag_sim.tables import STATES, TaskLog

_NAMES = pa.dictionary(pa.int32(), pa.string())
REQUESTS = pa.schema(
    [
        ("label", _NAMES),
        ("run", pa.int32()),
        ("request", pa.int64()),
        ("group", pa.int32()),
        ("arrival", pa.float64()),
        ("completion", pa.float64()),
        ("response", pa.float64()),
        ("path", _NAMES),
        ("accuracy", pa.float64()),
        ("returned", pa.int64()),
    ]
)
TASKS = pa.schema(
    [
        ("label", _NAMES),
        ("run", pa.int32()),
        ("task", pa.int64()),
        ("group", pa.int64()),
        ("role", _NAMES),
        ("index", pa.int64()),
        ("worker", pa.int32()),
        ("released", pa.float64()),
        ("started", pa.float64()),
        ("finished", pa.float64()),
        ("service", pa.float64()),
        ("unslowed", pa.float64()),
        ("batch", pa.int32()),
        ("state", _NAMES),
    ]
)


def request_tables(samples: Sequence[Sample]) -> Iterator[pa.Table]:
    """Yield the measured requests of each policy and run that were recorded.

    ``request`` counts from the first of the run, warm-up included. Times in seconds.
    """
    labels = [sample.setup.label for sample in samples]
    ways = sorted({name for sample in samples for name in sample.facts.paths.name})
    for number, sample in enumerate(samples):
        paths = sample.facts.paths
        way = np.array([ways.index(name) for name in paths.name])
        for run, each in enumerate(sample.runs):
            if each.requests is None:
                continue
            count = each.count
            columns = {
                "label": _named(np.full(count, number), labels),
                "run": np.full(count, run),
                "request": np.arange(count) + sample.setup.warm_up,
                **vars(each.requests),
                "response": each.requests.completion - each.requests.arrival,
                "path": _named(way[each.requests.path], ways),
                "returned": _or_null(each.requests.returned),
            }
            yield _table(columns, REQUESTS)


def task_tables(samples: Sequence[Sample]) -> Iterator[pa.Table]:
    """Yield the tasks of each policy and run that were recorded, those of the warm-up included.

    Tasks that were never released (a hedge that was not needed) have no row. ``index`` is the
    place of the request for an own task, and counts the redundant tasks of a group for the others.
    """
    labels = [sample.setup.label for sample in samples]
    for number, sample in enumerate(samples):
        for run, each in enumerate(sample.runs):
            if each.log is None:
                continue
            tasks = task_columns(each.log, sample.facts)
            count = len(tasks["task"])
            columns = {
                **tasks,
                "label": _named(np.full(count, number), labels),
                "run": np.full(count, run),
                "role": _named(tasks["role"], ROLES),
                "state": _named(_final(tasks["state"]), _STATES),
            }
            yield _table(columns, TASKS)


def task_columns(log: TaskLog, facts: Facts) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the tasks that were released; role and state as numbers."""
    task = np.flatnonzero(~np.isnan(log.released))
    group, place = np.divmod(task, facts.tasks)
    roles = np.array([ROLES.index(role) for role in facts.roles])
    logged = {name: column[task] for name, column in log._asdict().items()}
    index = np.where(place < facts.own, place, place - facts.own)
    return {"task": task, "group": group, "role": roles[place], "index": index, **logged}


def _or_null(returned: NDArray[np.int64]) -> pa.Array:
    """Return which tasks had returned, as bits; null where that is not known."""
    return pa.array(returned, mask=returned < 0)


# The engines tell apart how a finished task was used; results do not.
_STATES = sorted(set(STATES))


def _final(state: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return the places in ``_STATES`` of the engines' states."""
    places = np.array([_STATES.index(name) for name in STATES])
    return places[state.astype(np.int64)]


def _named(places: NDArray[np.generic], names: Sequence[str]) -> pa.DictionaryArray:
    """Return names by their place, as a column that stores each name once."""
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), pa.array(names))


def _table(columns: Mapping[str, object], schema: pa.Schema) -> pa.Table:
    """Return the columns in the order and with the types of the schema."""
    return pa.table({name: columns[name] for name in schema.names}).cast(schema)

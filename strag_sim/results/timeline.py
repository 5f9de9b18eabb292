"""Tasks on their workers in Chrome's trace-event format, for chrome://tracing and Perfetto."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from strag_sim.policies.shape import ROLES
from strag_sim.results.recorded import task_columns
from strag_sim.statistics import Sample
from strag_sim.tables import STATES

# Viewers stall beyond some hundred thousand events, and one run shows what there is to see.
MOST = 100_000
MICROSECONDS = 1e6


def write_timeline(path: Path, samples: Sequence[Sample]) -> None:
    """Write run 0 of every policy, at most its first ``MOST`` tasks that were served.

    A policy is a process of the trace, a worker a thread; where a worker has several slots, or
    serves several tasks at a time, it has a thread for each.
    """
    with path.open("w", encoding="utf-8") as file:
        file.write('{"displayTimeUnit":"ms","traceEvents":[')
        for number, event in enumerate(_events(samples)):
            file.write(",\n" if number else "\n")
            file.write(json.dumps(event, separators=(",", ":")))
        file.write("\n]}\n")


def _events(samples: Sequence[Sample]) -> Iterator[dict[str, object]]:
    """Yield the events: for each policy its name, the workers' names, and the tasks."""
    for process, sample in enumerate(samples):
        yield _name("process_name", process, 0, sample.setup.label)
        slots = [count * sample.setup.most for count in sample.setup.slots]
        first = np.concatenate(([0], np.cumsum(slots)))
        for worker, count in enumerate(slots):
            for slot in range(count):
                name = f"worker {worker}" + (f" slot {slot}" if count > 1 else "")
                yield _name("thread_name", process, int(first[worker]) + slot, name)
        yield from _served(process, sample, [int(thread) for thread in first])


def _served(process: int, sample: Sample, first: Sequence[int]) -> Iterator[dict[str, object]]:
    """Yield the tasks that were served, in order of their start."""
    log = sample.runs[0].log
    if log is None:
        return
    columns = task_columns(log, sample.facts)
    names = ("released", "started", "finished")
    released, started, finished = (columns[name].astype(float) for name in names)
    busy_until = [0.0] * first[-1]
    order = np.argsort(started, kind="stable")[: np.count_nonzero(~np.isnan(started))]
    for row in order[:MOST]:
        worker = int(columns["worker"][row])
        threads = range(first[worker], first[worker + 1])
        thread = min(threads, key=lambda each: (busy_until[each] > started[row], each))
        busy_until[thread] = float(finished[row])
        group = int(columns["group"][row])
        role = ROLES[int(columns["role"][row])]
        yield {
            "name": f"{role} {group}.{columns['index'][row]}",
            "cat": role,
            "ph": "X",
            "pid": process,
            "tid": thread,
            "ts": float(started[row]) * MICROSECONDS,
            "dur": float(finished[row] - started[row]) * MICROSECONDS,
            "args": {
                "task": int(columns["task"][row]),
                "group": group,
                "waited": float(started[row] - released[row]),
                "state": STATES[int(columns["state"][row])],
            },
        }


def _name(what: str, process: int, thread: int, name: str) -> dict[str, object]:
    """Return the event that names a process or a thread."""
    return {"name": what, "ph": "M", "pid": process, "tid": thread, "args": {"name": name}}

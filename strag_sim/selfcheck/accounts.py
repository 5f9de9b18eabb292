"""Identities of each single run: the same quantity, once from its events and once from its tables.

References
----------
.. [1] Little (1961), A proof for the queuing formula L = lambda W, Operations Research 9; for a
   finite interval without requests at its ends it holds of each run (Stidham 1974).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from strag_sim.results import Result
from strag_sim.statistics import Record
from strag_sim.tables import Floats

ROUNDING = 1e-9  # relative


@dataclass(frozen=True)
class Identity:
    """What has to be recorded, and a function that calculates both sides, each of shape (runs,).

    The first is from the tables that results report, the second from recorded events.
    """

    record: Record
    sides: Callable[[Result], tuple[Floats, Floats]]


def number_in_system(result: Result) -> tuple[Floats, Floats]:
    """Return lambda W, and L: the time average of the number of measured requests under way [1]_.

    From the first measured arrival to the last answer, between which all measured requests come
    and go. L is the sum of N(t) dt over the merged arrivals and answers.
    """
    rows, means = result.requests(), result.runs()["mean"].to_numpy(dtype=np.float64)
    flows, numbers = [], []
    for mean, (_, group) in zip(means, rows.groupby("run"), strict=True):
        arrival, completion = group["arrival"].to_numpy(), group["completion"].to_numpy()
        times = np.concatenate((arrival, completion))
        change = np.repeat((1, -1), arrival.size)
        order = np.argsort(times, kind="stable")
        length = float(times[order[-1]] - times[order[0]])
        under_way = np.cumsum(change[order])[:-1]
        numbers.append(float(under_way @ np.diff(times[order])) / length)
        flows.append(arrival.size / length * mean)
    return np.array(flows), np.array(numbers)


def busy_share(result: Result) -> tuple[Floats, Floats]:
    """Return the reported utilisation, and the busy share of all workers from their tasks.

    Between the first measured and the last arrival.
    """
    slots = result.samples[0].setup.servers
    shares = []
    for requests, tasks in _by_run(result):
        begin, end = requests["arrival"].min(), requests["arrival"].max()
        served = tasks["until"].clip(begin, end) - tasks["started"].clip(begin, end)
        served /= tasks["batch"]
        shares.append(float(served.sum()) / (slots * (end - begin)))
    return result.runs()["utilisation"].to_numpy(dtype=np.float64), np.array(shares)


def spent(result: Result) -> tuple[Floats, Floats]:
    """Return the reported cost, and the service of the measured groups' tasks over their requests.

    No group may straddle the end of the warm-up.
    """
    costs = []
    for requests, tasks in _by_run(result):
        measured = tasks[tasks["group"] >= requests["group"].min()]
        served = (measured["until"] - measured["started"]) / measured["batch"]
        costs.append(float(served.sum()) / len(requests))
    return result.runs()["cost"].to_numpy(dtype=np.float64), np.array(costs)


IDENTITIES = {
    "L": Identity("requests", number_in_system),
    "utilisation of tasks": Identity("tasks", busy_share),
    "cost of tasks": Identity("tasks", spent),
}


def _by_run(result: Result) -> Iterator[tuple[Any, Any]]:
    """Yield the requests and the tasks that were served of each run, in order.

    ``until`` is when a task, or the last of those that started together, freed the worker. Where
    there are batches, workers have one slot.
    """
    requests, tasks = result.requests(), result.tasks()
    begun = tasks[tasks["started"].notna()]
    last = begun.groupby(["run", "worker", "started"])["finished"].transform("max")
    begun = begun.assign(until=last.where(begun["batch"] > 1, begun["finished"]))
    of_run = dict(iter(begun.groupby("run")))
    for run, rows in requests.groupby("run"):
        yield rows, of_run[run]

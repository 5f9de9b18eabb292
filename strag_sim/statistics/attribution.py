"""Where the time of each request went, from the log of its tasks; parts that add up to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from strag_sim.setup import Job
from strag_sim.statistics.jobs import by_request, last_segments
from strag_sim.statistics.quantiles import quantile
from strag_sim.tables import (
    ENCODED,
    NOWHERE,
    RETURNING,
    SPARE,
    Floats,
    Ints,
    Layout,
    Outcome,
    Plan,
    TaskLog,
)

# The parts of a response, in the order of time; both ways over the network are one part.
PARTS = (
    "forming",
    "encode",
    "delay",
    "network",
    "queue",
    "service",
    "slowdown",
    "waiting",
    "decode",
)
WAITING = PARTS.index("waiting")
ONE = Job()
LEVEL = 0.99  # of the quantile above which requests are the tail
# Of which requests the parts are told.
ABOVE, ALL = 0, 1


@dataclass(frozen=True)
class Attribution:
    """Where the time of a run's measured requests went.

    Parameters
    ----------
    requests : array of int, shape (2,)
        How many there are ABOVE the run's own quantile, and ALL of them.
    seconds : array of float, shape (2, parts)
        Their time in each part, summed.
    """

    requests: Ints
    seconds: Floats


@dataclass(frozen=True)
class Shares:
    """Where the time of a policy's requests went, ABOVE the quantile and of ALL.

    Parameters
    ----------
    seconds, pooled : array of float, shape (2, parts)
        Mean of a request, and share of the time of all runs' requests; NaN without any.
    values : array of float, shape (runs, 2, parts)
        The shares of each run.
    """

    seconds: Floats
    pooled: Floats
    values: Floats


class _Groups(NamedTuple):
    """The groups that have formed: first request, number of members, and when each was full."""

    first: Ints  # (G,)
    members: Ints  # (G,)
    full: Floats  # (G,) or closed; inf is never


class _Answers(NamedTuple):
    """The answered requests, shape (a,), and by what each was answered."""

    request: Ints
    group: Ints
    path: Ints
    place: Ints  # of the task whose result was the first to be back
    met: Floats  # when the recovery had its tasks


def attribute(plan: Plan, outcome: Outcome, job: Job = ONE) -> Floats:
    """Return how long each request was in each of the PARTS, which sum to its response.

    The time up to the first result that went into its answer is that of the result's task:
    forming, encode, delay, network, queue, service, slowdown. What follows is waiting, until the
    recovery has as many results as it needs, and decode. docs/attribution.md has the cases.
    Of a request of several segments it is the time of the one answered last; where answers leave
    in order, what a request then waits for those before it is waiting too.

    Parameters
    ----------
    plan : Plan
    outcome : Outcome
        Of the plan, with a log of its tasks. Neither is changed.
    job : Job
        What a request is.

    Returns
    -------
    array of float, shape (n, parts)
        Seconds, the warm-up included; NaN for a request without an answer.
    """
    assert outcome.log is not None
    groups = _groups(plan, outcome)
    credited = _credited(plan, outcome.log, groups)
    answers = _answers(plan, outcome, groups, credited)
    parts = np.full((outcome.arrival.size, len(PARTS)), np.nan)
    parts[answers.request] = _parts(plan, outcome, groups, credited, answers)
    last = last_segments(outcome.completion, job)
    parts = parts[last]
    parts[:, WAITING] += by_request(outcome, job).completion - outcome.completion[last]
    return parts


def attributed(
    plan: Plan, outcome: Outcome, job: Job = ONE, *, level: float = LEVEL
) -> Attribution:
    """Return the sums of `attribute` over measured requests: above a quantile, and over all."""
    cut = plan.protocol.warm_up // job.segments
    parts = attribute(plan, outcome, job)[cut:]
    whole = by_request(outcome, job)
    response = (whole.completion - whole.arrival)[cut:]
    above = response > quantile(np.sort(response), level)
    requests = np.array([np.count_nonzero(above), response.size])
    return Attribution(requests, np.stack([parts[above].sum(axis=0), parts.sum(axis=0)]))


def shares(runs: Sequence[Attribution]) -> Shares:
    """Return the mean parts and their shares; ratios of sums over all runs, and of each run."""
    requests = np.stack([run.requests for run in runs])
    seconds = np.stack([run.seconds for run in runs])
    total = seconds.sum(axis=0)
    with np.errstate(invalid="ignore"):  # 0 / 0 where no request is above the quantile
        return Shares(
            seconds=total / requests.sum(axis=0)[:, None],
            pooled=total / total.sum(axis=-1, keepdims=True),
            values=seconds / seconds.sum(axis=-1, keepdims=True),
        )


def _groups(plan: Plan, outcome: Outcome) -> _Groups:
    """Return the groups that have formed, from the requests that have arrived."""
    arrived = outcome.group[outcome.group != NOWHERE]
    members = np.bincount(arrived)
    first = np.cumsum(members) - members
    last = first + members - 1
    # A short group was closed by its timeout, or by the last arrival of all.
    by_arrival = (members == plan.layout.requests) | (last == outcome.arrival.size - 1)
    timeout = outcome.arrival[first] + plan.protocol.fill_timeout
    return _Groups(first, members, np.where(by_arrival, outcome.arrival[last], timeout))


def _credited(plan: Plan, log: TaskLog, groups: _Groups) -> Floats:
    """Return when the result of each task was back, shape (G, T); inf is never.

    A result that an alternative had brought before does not count: inf too.
    """
    tasks = groups.first.size * plan.layout.tasks
    state, finished = log.state[:tasks], log.finished[:tasks]
    done = (state >= RETURNING) & (state <= SPARE)
    credited = np.where(done, finished, np.inf).reshape(-1, plan.layout.tasks)
    group, place = np.indices(credited.shape, sparse=True)
    back = credited + _flight(plan.draws.own_from, plan.draws.back, plan, groups, group, place)
    for j in np.flatnonzero(plan.layout.gives != np.arange(plan.layout.tasks)):
        same = np.flatnonzero(plan.layout.gives[:j] == plan.layout.gives[j])
        before = back[:, same].min(axis=1)  # of those that are back together the first counts
        back[:, same] = np.where(back[:, same] > back[:, [j]], np.inf, back[:, same])
        back[:, j] = np.where(before <= back[:, j], np.inf, back[:, j])
    return back


def _flight(
    of_own: Floats, of_redundant: Floats, plan: Plan, groups: _Groups, group: Ints, place: Ints
) -> Floats:
    """Return the network times of some tasks, one way; of a blank place some other task's."""
    own = plan.layout.own
    if of_own.size + of_redundant.size == 0:
        return np.zeros(np.broadcast_shapes(group.shape, place.shape))
    redundant = of_redundant[group, np.maximum(place - own, 0)] if of_redundant.size else 0.0
    member = of_own[np.minimum(groups.first[group] + place, of_own.size - 1)] if own else 0.0
    return np.where(place < own, member, redundant)


def _answers(plan: Plan, outcome: Outcome, groups: _Groups, credited: Floats) -> _Answers:
    """Return, path by path, the first result of each answer, and when the last needed was back."""
    request = np.flatnonzero(~np.isnan(outcome.completion))
    group, path = outcome.group[request].astype(np.int64), outcome.path[request].astype(np.int64)
    place, met = np.empty(request.size, np.int64), np.empty(request.size)
    order = np.argsort(path, kind="stable")
    paths, starts = np.unique(path[order], return_index=True)
    for recovery, rows in zip(paths, np.split(order, starts[1:]), strict=True):
        if recovery == plan.layout.threshold.size:  # the resend, one task a request
            place[rows] = plan.layout.regular + request[rows] - groups.first[group[rows]]
            met[rows] = credited[group[rows], place[rows]]
        else:
            of, of_row = np.unique(group[rows], return_inverse=True)
            first, last = _met(plan.layout, int(recovery), groups, credited, of)
            place[rows], met[rows] = first[of_row], last[of_row]
    return _Answers(request, group, path, place, met)


def _met(
    layout: Layout, recovery: int, groups: _Groups, credited: Floats, of: Ints
) -> tuple[Ints, Floats]:
    """Return, for some groups, a recovery's first task to be credited, and when it was met.

    The results of blank places are known from when the group was closed.
    """
    bounds = slice(*layout.recovery_tasks_from[recovery : recovery + 2])
    tasks, needed = layout.recovery_tasks[bounds], layout.threshold[recovery]
    results = credited[np.ix_(of, tasks)]
    blank = (tasks < layout.own) & (tasks >= groups.members[of, None])
    known = np.where(blank, groups.full[of, None], results)
    return tasks[results.argmin(axis=1)], np.partition(known, needed - 1, axis=1)[:, needed - 1]


def _parts(
    plan: Plan, outcome: Outcome, groups: _Groups, credited: Floats, answers: _Answers
) -> Floats:
    """Return the parts of the answered requests: the times between what happened to them."""
    log, draws, layout = outcome.log, plan.draws, plan.layout
    assert log is not None
    group, place = answers.group, answers.place
    task = group * layout.tasks + place
    arrival, completion = outcome.arrival[answers.request], outcome.completion[answers.request]
    released, started = log.released[task], log.started[task]
    instants = [
        arrival,
        np.minimum(released, groups.full[group]),
        released,
        released + _flight(draws.own_to, draws.to, plan, groups, group, place),
        started,
        started + np.minimum(log.unslowed[task], log.service[task]),
        log.finished[task],
        credited[group, place],
        _ready(layout, groups, credited, answers, completion),
        completion,
    ]
    # What happened before the request arrived has taken none of its time.
    lengths = np.diff(np.clip(instants, arrival, completion), axis=0)
    forming, sending, there, queue, service, slowdown, back, waiting, decode = lengths
    encoded = layout.when[place] == ENCODED
    encode, delay = np.where(encoded, sending, 0.0), np.where(encoded, 0.0, sending)
    network = there + back
    parts = [forming, encode, delay, network, queue, service, slowdown, waiting, decode]
    return np.stack(parts, axis=1)


def _ready(
    layout: Layout, groups: _Groups, credited: Floats, answers: _Answers, completion: Floats
) -> Floats:
    """Return when each answer's decode was asked for; without a decode, when it was there.

    A group that completes together looks at what it has when all its results are back or at the
    deadline, and from the deadline on whenever one more is back. Whose answer needs no decode
    waits there until all of the group is complete.
    """
    if not layout.together:
        return answers.met
    tasks = np.arange(layout.regular)
    exists = (tasks >= layout.own) | (tasks < groups.members[:, None])
    results = np.where(exists, credited[:, : layout.regular], -np.inf)
    for j in np.flatnonzero(layout.gives[: layout.regular] != tasks):
        first = layout.gives[j]
        results[:, first] = np.minimum(results[:, first], results[:, j])
        results[:, j] = -np.inf
    gathered = results.max(axis=1)
    settled = np.minimum(gathered, groups.full + layout.deadline)
    np.maximum.at(settled, answers.group, answers.met)
    decodes = np.append(layout.decode_column, NOWHERE)[answers.path] != NOWHERE
    return np.where(decodes, settled[answers.group], completion)

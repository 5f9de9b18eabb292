"""The tables that stages hand to each other: a run is given a plan, and gives an outcome.

Times are seconds, ids are numbers from 0, -1 points nowhere and NaN is not yet. A task's id is
``group * tasks + place``: its group, and its place among the ``tasks`` of a group, own tasks
first. ``n`` counts requests (warm-up included), ``G`` groups, ``T`` tasks of a group of which
``K`` are own and ``J`` redundant, ``R`` recoveries, ``W`` workers.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from strag_sim.accuracies import AccuracyTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOWHERE = -1

# Tasks of a group that can be told apart by the bits of a number.
MOST_BITS = 63

# In place of a count: the group has another recovery.
TAKEN = 1 << 30

# Which tasks had returned, where that is not noted.
NOT_NOTED: Ints = np.zeros(0, np.int64)

# Which tasks a run cancels when they are no longer needed.
NEVER, QUEUED, RUNNING, ON_START = 0, 1, 2, 3
CANCELS = ("never", "queued", "running", "on-start")

# How a worker is chosen for a task.
RANDOM, ROUND_ROBIN, SHORTEST_QUEUE, TWO_CHOICES, FIXED, SCRIPTED = 0, 1, 2, 3, 4, 5
PLACEMENTS = ("random", "round-robin", "shortest-queue", "two-choices", "fixed", "scripted")

# How slowness changes a service time: a factor, seconds added, or a time that it is at least.
PRODUCT, SUM, MAX = 0, 1, 2
COMBINES = ("product", "sum", "max")

# When a redundant task is released.
AT_FULL, ENCODED, LATER, ON_RESEND = 0, 1, 2, 3

# States of a task. RETURNING is finished, its result on the network; USED is FINISHED and part of
# an answer; SPARE is finished too late to be.
PENDING, WAITING, SERVING, RETURNING, FINISHED, USED, SPARE, DROPPED, STOPPED = range(9)
STATES = (
    "pending",
    "queued",
    "running",
    "returning",
    "finished",
    "finished",
    "finished",
    "cancelled-queued",
    "cancelled-running",
)

# Columns of the groups' table: first request, number of members, members without an answer.
FIRST, MEMBERS, UNANSWERED = 0, 1, 2

# Places of the totals, in worker-seconds: busy within the window from the first measured to the
# last arrival; spent on measured groups; of that, on tasks that were part of an answer.
BUSY, COST, USEFUL = 0, 1, 2

# How a run ended.
COMPLETE, EVENT_LIMIT, INTERRUPTED, STUCK = 0, 2, 3, 4


class Layout(NamedTuple):
    """A policy's shape as arrays: task -> recoveries -> requests, all by place in the group.

    The ``*_from`` arrays hold, for row i, the slice ``x_from[i]:x_from[i + 1]`` of array x.
    """

    requests: int  # of a full group
    own: int  # own tasks of a full group: requests, or 0
    regular: int  # tasks without resends
    tasks: int  # T, resends included
    together: bool  # requests complete together
    deadline: float  # of a together group, from full; inf is none
    resend: bool
    budget: float  # largest share of requests hedged
    counting: bool  # some recovery needs several tasks or a decode
    noting: bool  # which tasks a recovery had decides how accurate its answers are
    once: bool  # a group's first recovery to have its tasks is its only one
    threshold: Ints  # (R,)
    decode_column: Ints  # (R,) of the decode draws; -1 answers directly
    task_recoveries: Ints
    task_recoveries_from: Ints  # (T + 1,)
    recovery_tasks: Ints
    recovery_tasks_from: Ints  # (R + 1,)
    answers: Ints
    answers_from: Ints  # (R + 1,)
    request_recoveries: Ints
    request_recoveries_from: Ints  # (requests + 1,)
    when: Ints  # (T,) AT_FULL ... ON_RESEND; own tasks AT_FULL
    gap: Floats  # (T,) from the LATER task before it (the first: from full)
    next_later: Ints  # (T + 1,) the LATER task due after place j - 1, one too; of j = 0 the first
    expires: Floats  # (T,) from release; inf is never
    pool: Ints  # (T,) 0 own, 1 redundant; of an ensemble the place of its model
    alternatives: bool  # some tasks give the same result, of which the first that is in counts
    gives: Ints  # (T,) the first task that gives the same result
    results: int  # that the tasks without resends give
    few: Ints  # the tasks that a recovery, when it answers, may make useless ...
    few_from: Ints  # (R + 1,)
    has_few: Flags  # (R,) ... if they are few; else all must be looked at


class Fleet(NamedTuple):
    """The workers. Pool p is the workers ``pool_first[p]`` to ``pool_stop[p] - 1``.

    A task of book b has its size looked up at its level, in the table of the machine that its
    worker is bound to or, where the book is ``by_batch``, in row n - 1 after that for a batch of n
    tasks; book -1 is a size as drawn. Only tasks of the same model share a batch.

    Where models are allocated to D devices, each worker is an instance, one of a model on a device,
    and takes batches of its own size; otherwise ``device`` and what follows it have size 0.
    """

    speed: Floats  # (W,)
    slots: Ints  # (W,)
    pool_first: Ints  # (pools,)
    pool_stop: Ints  # (pools,)
    book: Ints  # (T,)
    machine: Ints  # (books, W)
    levels: Floats  # (books, L)
    values: Floats  # (books, machines or tasks a batch, L)
    by_batch: Flags  # (books,)
    model: Ints  # (T,) 0 is that of own tasks
    device: Ints  # (W,) on which an instance is
    device_slots: Ints  # (D,) instances of a device that serve at once
    interference: Floats  # (D, k) the factor of a service that begins when k - 1 others serve
    most: Ints  # (W,) tasks a batch
    multiple: Floats  # (W, n) of a drawn size, for a batch of n tasks


class Protocol(NamedTuple):
    """How requests, workers and the master deal with each other."""

    shared: bool  # one queue a pool, not one a worker
    placement: int
    distinct: bool
    cancel: int
    cancel_delay: float
    cores: int  # of the master; 0 is unlimited
    fill_timeout: float  # inf is none
    clients: int  # of a closed loop; 0 is open
    round: int  # requests a client sends at once
    warm_up: int
    combine: int = PRODUCT  # sizes with slowness
    most: int = 1  # tasks a batch, of any worker
    wait: float = 0.0  # that the first of a batch waits at most for others
    growth: float = 0.0  # of a size, by each further task of its batch


class Draws(NamedTuple):
    """All that is random in a run, laid out by request or by (group, redundant task).

    An array of size 0 is a feature that is not used.
    """

    arrival: Floats  # (n,); NaN in a closed loop
    own_size: Floats  # (n,) size, or level in a book
    own_luck: Floats  # (n,) in [0, 1), chooses the worker
    own_worker: NDArray[np.int32]  # (n,) scripted
    own_to: Floats  # (n,) network time to the worker
    own_from: Floats  # (n,) and back
    size: Floats  # (G, J); NaN of a resend is the own size
    added: Floats  # (G, J) encoding by the worker itself, part of the size
    luck: Floats  # (G, J)
    worker: NDArray[np.int32]  # (G, J) scripted; -1 is not scripted
    to: Floats  # (G, J)
    back: Floats  # (G, J)
    encode: Floats  # (G,)
    decode: Floats  # (G, decodes)
    think: Floats  # (n,) by the last request of a round, when all of it are answered


class Slowness(NamedTuple):
    """How slow each worker is, in each of P parts: a track, which is a step function.

    Track k takes ``value[i]`` from position ``at[i]`` on, for i from ``first[k]`` to
    ``first[k + 1] - 1``; positions begin at 0, and from ``period[k]`` on the track begins anew.
    A position is the time since ``origin``, or the number of tasks that the worker began before.
    Values are factors or seconds, as the protocol combines them.
    """

    track: Ints  # (P, W) the track of each worker
    stepped: Flags  # (P,) positions are tasks, not seconds
    first: Ints  # (tracks + 1,)
    at: Floats
    value: Floats
    period: Floats  # (tracks,); inf is never
    origin: float  # when timelines begin: the first arrival


class Paths(NamedTuple):
    """The ways to an answer: the recoveries, and last of all the resend where there is one.

    Where a way has a table, the accuracy is that of the tasks that had returned, and NaN here.
    """

    name: tuple[str, ...]
    accuracy: Floats
    tables: tuple[AccuracyTable | None, ...]
    tasks: tuple[tuple[int, ...], ...]  # that are decoded, places in the group; () if none are
    returned: Ints  # of these, as bits, if that is always the same; else -1


class Plan(NamedTuple):
    """All that one run is given."""

    layout: Layout
    fleet: Fleet
    protocol: Protocol
    draws: Draws
    slowness: Slowness
    paths: Paths
    roles: tuple[str, ...]  # (T,)


class TaskLog(NamedTuple):
    """What became of each task, by id, shape (G * T,); NaN is never, worker -1 none."""

    state: NDArray[np.int8]
    worker: NDArray[np.int32]
    released: Floats
    started: Floats
    finished: Floats  # or cancelled
    service: Floats
    unslowed: Floats  # the service that it would have been without slowness
    batch: NDArray[np.int32]  # tasks that started together with it, itself included; 0 is never


class Outcome(NamedTuple):
    """All that one run gives. Requests are in order of arrival, the warm-up included."""

    code: int  # COMPLETE, EVENT_LIMIT, INTERRUPTED or STUCK
    arrival: Floats  # (n,)
    completion: Floats  # (n,)
    path: NDArray[np.int16]  # (n,) row of the plan's paths; -1 is none
    group: NDArray[np.int32]  # (n,)
    totals: Floats  # (3,) BUSY, COST, USEFUL
    window: Floats  # (2,) first measured and last arrival
    measured: int  # requests in measured groups, which COST and USEFUL are about
    log: TaskLog | None
    past: int = 0  # services that began where a track begins anew
    returned: Ints = (
        NOT_NOTED  # (n,) the tasks of the group that the answer's recovery had, as bits
    )


def bit_of(place: int) -> int:
    """Return the number by which a task of a group is noted; 0 where there are too many to be."""
    return 1 << place if place < MOST_BITS else 0


def empty_log(tasks: int) -> TaskLog:
    """Return a log for so many tasks."""
    state, worker = np.zeros(tasks, np.int8), np.full(tasks, NOWHERE, np.int32)
    released, started, finished, service, unslowed = (np.full(tasks, np.nan) for _ in range(5))
    batch = np.zeros(tasks, np.int32)
    return TaskLog(state, worker, released, started, finished, service, unslowed, batch)

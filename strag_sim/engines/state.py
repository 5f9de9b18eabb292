"""What the compiled engine writes to while it runs. An array of size 0 is a feature not used."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from strag_sim.tables import FIXED, NEVER, NOWHERE, ON_START, Flags, Floats, Ints, Plan

Ids = NDArray[np.int32]


class Progress(NamedTuple):
    """How far groups, tasks and clients are."""

    groups: Ids  # (G, 3) FIRST, MEMBERS, UNANSWERED
    counts: Ids  # (G, R) tasks that have finished; (1, 0) where one always suffices
    met: Ints  # (G, R) which tasks those are, as bits, where that is noted; else (1, 0)
    begun: Ids  # (G, R) tasks that have started, for cancel-on-start; else (1, 0)
    in_hand: Flags  # (G * T,) by the first task that gives it: a result that has alternatives is in
    tried: Ids  # (G * T,) by that task: of those that give the result, how many have started
    phase: NDArray[np.int8]  # (G,) of groups that complete together
    left: Ids  # (G,) tasks that such a group waits for
    hedged: Flags  # (G,) where hedges have a budget
    taken: Ids  # (G * T,) the workers that a group's tasks went to, sorted, from g * T on
    taken_count: Ids  # (G,)
    state: NDArray[np.int8]  # (G * T,)
    worker: Ids  # (G * T,)
    following: Ids  # (G * T,) the task behind it in its queue
    clock: Floats  # (G * T,) when service started; once finished, how long it took
    doomed: Flags  # (G * T,) a cancel is on its way
    joined: Floats  # (G * T,) when it joined its queue, where batches wait or devices are shared
    lead: Ids  # (G * T,) the first task of its batch, where there are batches
    serving: Ids  # (G * T,) by that first task: tasks of the batch that are still in service ...
    in_batch: Ids  # ... all its tasks ...
    counted: Ids  # ... and those of measured groups
    client: Ids  # (n,) who sent a request, in a closed loop
    awaited: Ids  # (clients,) requests of a client that are unanswered
    latest: Ids  # (clients,) the last request that a client has sent


class Crew(NamedTuple):
    """How busy workers and master are. Queues are linked through the tasks."""

    head: Ids  # (queues,) first task of a queue: one a worker, or one a pool
    tail: Ids
    length: Ints  # (W,) tasks in the queue and in service
    busy: Ints  # (W,) tasks in service
    begun: Ints  # (W,) tasks that a worker has begun, counted where workers are slow
    on_device: Ints  # (D,) instances of a device that serve
    turn: Ints  # (pools,) whose turn it is in a pool, by round robin
    idle: Ints  # (W,) for a shared queue: heaps of the workers with a free slot, one a pool
    idle_size: Ints  # (pools,)
    jobs: Ints  # the master's queue, where its cores are counted


class Agenda(NamedTuple):
    """What is due, and what the instant still has to settle.

    Each array has room for all that there can be; pages that are never reached cost nothing.
    """

    event_time: Floats  # a heap
    event_code: Ints
    finish_time: Floats  # a heap
    finish_task: Ints
    client_time: Floats  # a heap
    client: Ints
    ready: Ints  # a heap of recoveries that now have their tasks
    touched: Ints  # groups in which tasks may no longer be needed
    stops: Ints  # a heap of tasks to cancel
    freed: Ints  # a heap of workers that may start a task
    is_freed: Flags  # (W,)
    answered: Ints  # requests answered, in a closed loop
    answers: Ints  # (1,) how many
    sent: Ints  # places of the tasks of one group that are released
    batch: Ints  # tasks that start together


def progress(plan: Plan) -> Progress:
    """Return the state of groups, tasks and clients before a run."""
    layout, protocol, draws = plan.layout, plan.protocol, plan.draws
    groups, recoveries = draws.luck.shape[0], layout.threshold.size
    tasks = groups * layout.tasks
    on_start = protocol.cancel == ON_START and layout.tasks > 1 and not layout.together
    tracking = protocol.distinct and not protocol.shared and protocol.placement < FIXED
    batched = tasks if protocol.most > 1 else 0
    paired = tasks if layout.alternatives else 0
    timed = protocol.wait > 0 or plan.fleet.device.size > 0
    return Progress(
        groups=np.zeros((groups, 3), np.int32),
        counts=np.zeros((groups, recoveries) if layout.counting else (1, 0), np.int32),
        met=np.zeros((groups, recoveries) if layout.noting else (1, 0), np.int64),
        begun=np.zeros((groups, recoveries) if on_start else (1, 0), np.int32),
        in_hand=np.zeros(paired, np.bool_),
        tried=np.zeros(paired if on_start else 0, np.int32),
        phase=np.zeros(groups if layout.together else 0, np.int8),
        left=np.zeros(groups if layout.together else 0, np.int32),
        hedged=np.zeros(groups if layout.budget < 1 else 0, np.bool_),
        taken=np.zeros(tasks if tracking else 1, np.int32),
        taken_count=np.zeros(groups if tracking else 1, np.int32),
        state=np.zeros(tasks, np.int8),
        worker=np.full(tasks, NOWHERE, np.int32),
        following=np.empty(tasks, np.int32),
        clock=np.empty(tasks),
        doomed=np.zeros(tasks if protocol.cancel_delay > 0 else 0, np.bool_),
        joined=np.empty(tasks if timed else 0),
        lead=np.empty(batched, np.int32),
        serving=np.empty(batched, np.int32),
        in_batch=np.empty(batched, np.int32),
        counted=np.empty(batched, np.int32),
        client=np.empty(draws.arrival.size if protocol.clients else 0, np.int32),
        awaited=np.zeros(protocol.clients, np.int32),
        latest=np.zeros(protocol.clients, np.int32),
    )


def crew(plan: Plan) -> Crew:
    """Return the state of workers and master before a run: nothing to do."""
    workers, pools = plan.fleet.speed.size, plan.fleet.pool_first.size
    groups, recoveries = plan.draws.luck.shape[0], plan.layout.threshold.size
    return Crew(
        head=np.full(max(workers, pools), NOWHERE, np.int32),
        tail=np.full(max(workers, pools), NOWHERE, np.int32),
        length=np.zeros(workers, np.int64),
        busy=np.zeros(workers, np.int64),
        begun=np.zeros(workers, np.int64),
        on_device=np.zeros(plan.fleet.device_slots.size, np.int64),
        turn=plan.fleet.pool_first.copy(),
        idle=np.arange(workers),
        idle_size=plan.fleet.pool_stop - plan.fleet.pool_first,
        jobs=np.empty(groups * (1 + recoveries) if plan.protocol.cores else 0, np.int64),
    )


def agenda(plan: Plan) -> Agenda:
    """Return an agenda on which nothing is due yet but the clients of a closed loop."""
    layout, protocol, draws = plan.layout, plan.protocol, plan.draws
    groups, tasks = draws.luck.shape[0], draws.luck.shape[0] * layout.tasks
    kinds_of_task = (
        (draws.own_to.size + draws.to.size > 0)
        + (draws.own_from.size + draws.back.size > 0)
        + bool(np.isfinite(layout.expires).any())
        + (protocol.cancel != NEVER and protocol.cancel_delay > 0)
        + bool(layout.next_later[0] != NOWHERE)
        + (protocol.wait > 0)
    )
    events = 3 + tasks * kinds_of_task + groups * (3 + layout.threshold.size)
    ready = groups * (layout.task_recoveries.size + layout.tasks) + 1
    client_time = np.full(protocol.clients + 3, np.inf)
    client_time[: protocol.clients] = 0.0
    return Agenda(
        event_time=_never_due(events),
        event_code=np.empty(events, np.int64),
        finish_time=_never_due(tasks + 3),
        finish_task=np.empty(tasks + 3, np.int64),
        client_time=client_time,
        client=np.arange(protocol.clients + 3),
        ready=np.empty(ready, np.int64),
        touched=np.empty(2 * ready + groups, np.int64),
        stops=np.empty(3 * tasks + 1, np.int64),
        freed=np.empty(plan.fleet.speed.size, np.int64),
        is_freed=np.zeros(plan.fleet.speed.size, np.bool_),
        answered=np.empty(protocol.clients * protocol.round, np.int64),
        answers=np.zeros(1, np.int64),
        sent=np.empty(layout.tasks, np.int64),
        batch=np.empty(protocol.most, np.int64),
    )


def _never_due(room: int) -> Floats:
    """Return the times of an empty heap."""
    times = np.empty(room)
    times[:3] = np.inf
    return times

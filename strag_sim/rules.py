"""The decisions that both engines share: plain Python in one, inlined in the other when compiled.

An instant is settled in this order, whatever the engine:

(a) finished tasks are credited, and requests whose recovery needs no decoding are answered;
(b) decodes that end now answer their requests;
(c) releases due join their queue: arrivals, full groups, hedges and relaunches still needed;
(d) tasks no longer needed are cancelled, and idle workers start their next task or batch, in
    worker order; where instances share devices, the one whose first task joined first starts first.

Ties within a step go by task id; the steps repeat until nothing more is due at that time.
"""

import numpy as np
from numba.extending import register_jitable

from strag_sim.tables import (
    FIRST,
    FIXED,
    MEMBERS,
    NOWHERE,
    PRODUCT,
    RANDOM,
    ROUND_ROBIN,
    SCRIPTED,
    SUM,
    TWO_CHOICES,
)

# Events other than the finish of a task, in the order of an instant.
CREDIT, DECODED, RELEASE, STOP = 0, 1, 2, 3  # steps (a) to (d)
# What is due in step (c), and in step (d).
CLOSE, SEND, JOIN, ENCODE_END, DEADLINE = 0, 1, 2, 3, 4
CANCEL_ARRIVES, EXPIRES, RIPE = 0, 1, 2

_KINDS = 8
_IDS = 1 << 55

# Phases of a group whose requests complete together.
GATHERING, DECODING, RESENT, LATE, DONE = 0, 1, 2, 3, 4


@register_jitable
def event_code(step, task, kind):
    """Return a number that sorts events of one time by step, then by id, then by kind."""
    return step * _IDS + task * _KINDS + kind


@register_jitable
def event_step(code):
    """Return the step of the instant in which an event is settled."""
    return code // _IDS


@register_jitable
def event_task(code):
    """Return the id that an event is about."""
    return (code % _IDS) // _KINDS


@register_jitable
def event_kind(code):
    """Return what an event is, within its step."""
    return code % _KINDS


@register_jitable
def group_id(task, share):
    """Return the group of a task id, given 1 / (tasks of a group): exact, and no slow division.

    ``(task + 1/2) / tasks`` is at least ``1 / (2 tasks)`` away from a whole number, far more than
    its rounding error for any id below 2^50.
    """
    return int((task + 0.5) * share)


@register_jitable
def listed_unanswered(g, recovery, groups, completion, answers, answers_from):
    """Is a request that the recovery would answer still without an answer?"""
    first, members = groups[g, FIRST], groups[g, MEMBERS]
    for a in range(answers_from[recovery], answers_from[recovery + 1]):
        if answers[a] < members and np.isnan(completion[first + answers[a]]):
            return True
    return False


@register_jitable
def needed(
    g,
    place,
    groups,
    completion,
    counts,
    threshold,
    task_recoveries,
    task_recoveries_from,
    answers,
    answers_from,
):
    """Does an unanswered request list the task in a recovery that still lacks tasks?

    A recovery that has its tasks, and is being decoded or waits for a core, needs no more.
    ``counts`` has shape (G, R), or (1, 0) where each recovery needs one task and no decode, so
    that it lacks its task as long as a request is unanswered.
    """
    for k in range(task_recoveries_from[place], task_recoveries_from[place + 1]):
        recovery = task_recoveries[k]
        if counts.shape[1] > 0 and counts[g, recovery] >= threshold[recovery]:
            continue
        if listed_unanswered(g, recovery, groups, completion, answers, answers_from):
            return True
    return False


@register_jitable
def needed_together(phase, place, regular):
    """Is a task of a group whose requests complete together still worth having?"""
    if phase == RESENT:
        return place >= regular
    return phase == GATHERING or phase == LATE  # numba compiles "in" slowly


@register_jitable
def covered(
    g,
    place,
    groups,
    completion,
    started,
    threshold,
    task_recoveries,
    task_recoveries_from,
    answers,
    answers_from,
    request_recoveries,
    request_recoveries_from,
):
    """Cancel-on-start: is each request that lists the task answered, or sure to be?

    A request is sure of its answer when as many tasks have started as one of its recoveries
    needs. ``started`` has shape (G, R).
    """
    first, members = groups[g, FIRST], groups[g, MEMBERS]
    for k in range(task_recoveries_from[place], task_recoveries_from[place + 1]):
        recovery = task_recoveries[k]
        for a in range(answers_from[recovery], answers_from[recovery + 1]):
            request = answers[a]
            if request >= members or not np.isnan(completion[first + request]):
                continue
            sure = False
            for m in range(request_recoveries_from[request], request_recoveries_from[request + 1]):
                rival = request_recoveries[m]
                sure = sure or started[g, rival] >= threshold[rival]
            if not sure:
                return False
    return True


@register_jitable
def within_budget(hedged, arrived, budget):
    """May one more request be hedged? At most a share ``budget`` of those that arrived."""
    return hedged + 1 <= budget * arrived


@register_jitable
def nth_free(index, first, taken, taken_from, taken_to):
    """Return the ``index``-th worker from ``first`` on that is not taken; ``taken`` is sorted."""
    worker = first + index
    for k in range(taken_from, taken_to):
        worker += first <= taken[k] <= worker
    return worker


@register_jitable
def shortest(luck, first, stop, length, taken, taken_from, taken_to):
    """Return the worker with the shortest queue; the luck tells equal ones apart."""
    best, ties = np.iinfo(np.int64).max, 0
    chosen = NOWHERE
    for again in range(2):
        k = taken_from
        index = int(luck * ties)
        for worker in range(first, stop):
            while k < taken_to and taken[k] < worker:
                k += 1
            if k < taken_to and taken[k] == worker:
                continue
            if again == 0:
                if length[worker] < best:
                    best, ties = length[worker], 0
                ties += length[worker] == best
            elif length[worker] == best:
                if index == 0:
                    chosen = worker
                index -= 1
    return chosen


@register_jitable
def index_of(luck, size):
    """Return the number from 0 to ``size - 1`` that a luck in [0, 1) stands for."""
    return min(int(luck * size), size - 1)


@register_jitable
def free_of(first, stop, taken, taken_from, taken_to):
    """Return how many workers of a pool are not taken; 0 where none is left."""
    used = 0
    for k in range(taken_from, taken_to):
        used += first <= taken[k] < stop
    return max(stop - first - used, 0)


@register_jitable
def random_worker(luck, first, stop, taken, taken_from, taken_to):
    """Return any worker of the pool ``first:stop`` that is not taken, while there is one."""
    free = free_of(first, stop, taken, taken_from, taken_to)
    if free == 0:
        free, taken_to = stop - first, taken_from
    return nth_free(index_of(luck, free), first, taken, taken_from, taken_to)


@register_jitable
def choose_worker(
    placement, luck, place, first, stop, turn, length, taken, taken_from, taken_to, workers
):
    """Return the worker for a task that joins a queue now.

    It is one of the pool ``first:stop`` and none of the sorted ``taken``, while there are others.
    ``turn`` is whose turn it is by round robin, ``length`` counts the tasks of each worker, the
    one in service included, and ``workers`` are all there are.
    """
    unscripted = placement == SCRIPTED  # a resend that has no line in the script
    if placement == RANDOM or unscripted:
        return random_worker(luck, first, stop, taken, taken_from, taken_to)
    if placement == FIXED:
        return place % workers
    free = free_of(first, stop, taken, taken_from, taken_to)
    if free == 0:
        free, taken_to = stop - first, taken_from
    if placement == ROUND_ROBIN:
        return next_in_turn(turn, first, stop, taken, taken_from, taken_to)
    if placement == TWO_CHOICES and free > 1:
        index = index_of(luck, free)
        other = index_of(luck * free - index, free - 1)
        other += other >= index
        one = nth_free(index, first, taken, taken_from, taken_to)
        two = nth_free(other, first, taken, taken_from, taken_to)
        return two if length[two] < length[one] else one
    return shortest(luck, first, stop, length, taken, taken_from, taken_to)


@register_jitable
def remember(taken, taken_from, taken_to, worker):
    """Add a worker to the sorted ones that a group has taken; there must be room for it."""
    k = taken_to
    while k > taken_from and taken[k - 1] > worker:
        taken[k] = taken[k - 1]
        k -= 1
    taken[k] = worker


@register_jitable
def next_in_turn(turn, first, stop, taken, taken_from, taken_to):
    """Return the first worker from ``turn`` on, round the pool, that is not taken."""
    worker, k = turn, taken_from
    while k < taken_to:
        if taken[k] == worker:
            worker, k = worker + 1 if worker + 1 < stop else first, taken_from
        else:
            k += 1
    return worker


@register_jitable
def resend_worker(luck, on_time, own_workers, own_worker, first, stop):
    """Return a worker that was on time, by luck; if none was, another than the task's own.

    ``on_time`` holds the workers of the group's own tasks that were on time and ``own_workers``
    those of all its own tasks, both in the order of the requests. If the group had one worker
    only, any other of the pool ``first:stop`` serves; while none is known yet the answer is -1.
    """
    if on_time.size > 0:
        return on_time[index_of(luck, on_time.size)]
    others = own_workers[own_workers != own_worker]
    if others.size > 0:
        return others[index_of(luck, others.size)]
    inside = first <= own_worker < stop
    rest = stop - first - inside
    if own_worker < 0 or rest == 0:
        return own_worker
    worker = first + index_of(luck, rest)
    return worker + (inside and own_worker <= worker)


@register_jitable
def table_size(level, levels, values):
    """Return the size at a level of a table of quantiles, linear between its levels."""
    k = min(max(np.searchsorted(levels, level, side="right"), 1), levels.size - 1)
    share = (level - levels[k - 1]) / (levels[k] - levels[k - 1])
    return values[k - 1] + share * (values[k] - values[k - 1])


@register_jitable
def service_time(size, speed):
    """Return the time that a task of this size takes on a worker of this speed."""
    return size / speed


@register_jitable
def batch_size(size, tasks, growth):
    """Return the size of a batch of so many tasks, by that of its first."""
    return size * (1.0 + growth * (tasks - 1))


@register_jitable
def slowness_at(place, start, stop, at, value):
    """Return the value of a step function, given by its slice, at a place within its period."""
    low, high = start, stop
    while high - low > 1:
        middle = (low + high) // 2
        if at[middle] <= place:
            low = middle
        else:
            high = middle
    return value[low]


@register_jitable
def slowed(service, w, now, begun, combine, track, stepped, first, at, value, period, origin):
    """Return a service time with the slowness, read now, of its worker; and whether it is past.

    ``begun`` is the number of tasks that the worker began before. Past is what is read from a
    track that has begun anew.
    """
    past = False
    for part in range(track.shape[0]):
        k = track[part, w]
        position = float(begun) if stepped[part] else now - origin
        past = past or position >= period[k]
        place = np.fmod(position, period[k])
        slowness = slowness_at(place, first[k], first[k + 1], at, value)
        if combine == PRODUCT:
            service = service * slowness
        elif combine == SUM:
            service = service + slowness
        else:
            service = max(service, slowness)
    return service, past


@register_jitable
def overlap(start, end, window_start, window_end):
    """Return how much of an interval lies within the window; a bound not yet known is infinite."""
    return max(0.0, min(end, window_end) - max(start, window_start))


@register_jitable
def first_met(g, request, counts, threshold, request_recoveries, request_recoveries_from):
    """Return the first recovery in the shape's order that has its tasks for a request, or -1."""
    for k in range(request_recoveries_from[request], request_recoveries_from[request + 1]):
        recovery = request_recoveries[k]
        if counts[g, recovery] >= threshold[recovery]:
            return recovery
    return NOWHERE

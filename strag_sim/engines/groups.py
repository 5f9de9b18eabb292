"""What happens to a whole group, for the compiled engine: blanks, answers, completing together."""

import numpy as np
from numba.extending import register_jitable

from strag_sim.rules import first_met
from strag_sim.tables import FINISHED, FIRST, MEMBERS, NOWHERE, UNANSWERED, USED, bit_of

register_jitable(bit_of)  # that the compiled engine may call it, as the other one does


@register_jitable
def fill_blanks(g, members, own, counts, task_recoveries, task_recoveries_from):
    """Count the blank places of a short group as finished: their results are known."""
    for place in range(members, own):
        for k in range(task_recoveries_from[place], task_recoveries_from[place + 1]):
            counts[g, task_recoveries[k]] += 1


@register_jitable
def note_blanks(g, members, own, met, task_recoveries, task_recoveries_from):
    """Note the blank places of a short group among the tasks that have returned."""
    for place in range(members, own):
        for k in range(task_recoveries_from[place], task_recoveries_from[place + 1]):
            met[g, task_recoveries[k]] |= bit_of(place)


@register_jitable
def mark_used(base, recovery, state, clock, recovery_tasks, recovery_tasks_from):
    """Mark the finished tasks of a recovery as part of an answer; return their service, in s."""
    spent = 0.0
    for k in range(recovery_tasks_from[recovery], recovery_tasks_from[recovery + 1]):
        t = base + recovery_tasks[k]
        if state[t] == FINISHED:
            state[t] = USED
            spent += clock[t]
    return spent


@register_jitable
def settle(
    g,
    groups,
    path,
    counts,
    threshold,
    decode_column,
    request_recoveries,
    request_recoveries_from,
):
    """Choose the path of each request of a group that completes together, as far as it can be.

    Return how many have none yet, and the recovery that must be decoded with its column (or -1).
    """
    missing, decoding, column = 0, 0, NOWHERE
    for i in range(groups[g, MEMBERS]):
        r = groups[g, FIRST] + i
        recovery = first_met(g, i, counts, threshold, request_recoveries, request_recoveries_from)
        path[r] = recovery
        if recovery < 0:
            missing += 1
        elif decode_column[recovery] >= 0:
            decoding, column = recovery, decode_column[recovery]
    return missing, decoding, column


@register_jitable
def complete(
    g,
    now,
    warm_up,
    regular,
    tasks,
    resend_path,
    groups,
    completion,
    path,
    met,
    returned,
    state,
    clock,
    recovery_tasks,
    recovery_tasks_from,
    answered,
    tally,
):
    """Answer all requests of a group at once; return the service of the tasks used, in s."""
    first = groups[g, FIRST]
    spent = 0.0
    for i in range(groups[g, MEMBERS]):
        r = first + i
        completion[r] = now
        if path[r] == resend_path:
            state[g * tasks + regular + i] = USED
            spent += clock[g * tasks + regular + i]
        else:
            spent += mark_used(
                g * tasks, path[r], state, clock, recovery_tasks, recovery_tasks_from
            )
            if returned.size > 0:
                returned[r] = met[g, path[r]]
        if answered.size > 0:
            answered[tally[0]] = r
            tally[0] += 1
    groups[g, UNANSWERED] = 0
    return spent if first >= warm_up else 0.0


@register_jitable
def own_workers(base, members, state, worker_of, on_time):
    """Return the workers of a group's own tasks, of all or of those that were ``on_time``."""
    workers = np.empty(members, np.int64)
    size = 0
    for t in range(base, base + members):
        if worker_of[t] != NOWHERE and (state[t] == FINISHED or not on_time):
            workers[size] = worker_of[t]
            size += 1
    return workers[:size]

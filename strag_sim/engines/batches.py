"""Batches in a queue, for the compiled engine: whether one may start, and who is taken into it."""

from numba.extending import register_jitable

from strag_sim.rules import group_id
from strag_sim.tables import WAITING


@register_jitable
def is_ripe(first, now, wait, joined, most, tasks, share, model, state, following):
    """May the first task of a queue start: has it waited enough, or are there enough like it?"""
    kind = model[first - group_id(first, share) * tasks]
    alike, t = 0, first
    if now >= joined[first] + wait:
        alike = most
    while t >= 0 and alike < most:
        if state[t] == WAITING and model[t - group_id(t, share) * tasks] == kind:
            alike += 1
        t = following[t]
    return alike == most


@register_jitable
def take_alike(kind, before, q, tasks, share, model, state, following, head, tail):
    """Take the next task of a model out of a queue; return it, or -1, and the one before it.

    ``before`` is the last task that was passed over, or -1: the search goes on behind it.
    """
    t = head[q] if before < 0 else following[before]
    while t >= 0 and not (state[t] == WAITING and model[t - group_id(t, share) * tasks] == kind):
        before, t = t, following[t]
    if t >= 0:
        behind = following[t]
        if before < 0:
            head[q] = behind
        else:
            following[before] = behind
        if behind < 0:
            tail[q] = before
    return t, before

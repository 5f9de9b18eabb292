"""Instances that share devices, for the compiled engine: which of them starts next."""

from numba.extending import register_jitable

from strag_sim.engines.batches import is_ripe
from strag_sim.tables import NOWHERE, WAITING


@register_jitable
def next_instance(
    now,
    wait,
    tasks,
    share,
    shared,
    pool_stop,
    device,
    device_slots,
    on_device,
    most,
    busy,
    joined,
    model,
    state,
    following,
    head,
):
    """Return the idle instance that starts now and the queue that it serves; -1 if none can.

    It is the one whose first task joined first, the first in order of those that are equal; its
    device must have a slot for it. Tasks that were dropped are taken off the queues.
    """
    chosen, of_queue, pool = NOWHERE, 0, 0
    for w in range(busy.size):
        while w >= pool_stop[pool]:
            pool += 1
        d = device[w]
        if busy[w] > 0 or on_device[d] >= device_slots[d]:
            continue
        q = pool if shared else w
        while head[q] >= 0 and state[head[q]] != WAITING:
            head[q] = following[head[q]]
        t = head[q]
        if t < 0 or (chosen >= 0 and joined[t] >= joined[head[of_queue]]):
            continue
        if wait == 0 or is_ripe(
            t, now, wait, joined, most[w], tasks, share, model, state, following
        ):
            chosen, of_queue = w, q
    return chosen, of_queue

"""A plan without queues, on the best workers: what no run of the plan can be faster than."""

import numpy as np

from strag_sim.tables import FIXED, NEVER, RANDOM, Fleet, Ints, Plan, Slowness


def ideal(plan: Plan) -> Plan:
    """Return the plan with workers that are always free, and each the best that there is.

    A pool has one worker of unlimited slots, with the highest speed of the pool; at each level of
    a table, with the least size of the machines that its workers are bound to; and in each part of
    the slowness with the least value that any of them ever has. The master has cores enough,
    nothing is cancelled, and groups that complete together decode in no time. All else stays:
    draws, groups, encoding, decoding, network, delays, budgets and timeouts.

    Each request of the plan, which is not changed, is answered as late as here or later, if its
    shape passes ``policies.oracle.why_unbounded``, its loop is open and it has no batches (a task
    takes as long as its batch, which no plan knows); docs/oracle.md has the proof. Rounding changes
    that by some 1e-16 of a size, and only where sizes are of machines.
    """
    pools = _pools(plan)
    decode = plan.draws.decode
    return plan._replace(
        fleet=_best(plan.fleet, pools, plan.draws.luck.shape[0] * plan.layout.tasks),
        protocol=plan.protocol._replace(
            shared=True,
            placement=RANDOM,
            distinct=False,
            cancel=NEVER,
            cancel_delay=0.0,
            cores=0,
        ),
        draws=plan.draws._replace(decode=np.zeros_like(decode) if plan.layout.together else decode),
        slowness=_least(plan.slowness, pools),
    )


def _pools(plan: Plan) -> list[Ints]:
    """Return the workers of each pool; one pool where tasks of one go to workers of the other.

    Fixed and scripted placement know no pools, and resends go where own tasks went.
    """
    first, stop = plan.fleet.pool_first, plan.fleet.pool_stop
    named = plan.protocol.placement >= FIXED or plan.layout.pool[: plan.layout.own].any()
    if named or first[0] == first[1]:
        return [np.arange(plan.fleet.speed.size)]
    return [np.arange(first[pool], stop[pool]) for pool in range(2)]


def _best(fleet: Fleet, pools: list[Ints], tasks: int) -> Fleet:
    """Return one worker a pool, for so many tasks at once."""
    books, count = np.arange(fleet.machine.shape[0]), len(pools)
    places = np.arange(count)
    return fleet._replace(
        speed=np.array([fleet.speed[pool].max() for pool in pools]),
        slots=np.full(count, tasks),
        pool_first=np.array([0, count - 1]),
        pool_stop=np.array([1, count]),
        machine=np.tile(places, (books.size, 1)),
        values=np.stack(
            [fleet.values[books[:, None], fleet.machine[:, pool]].min(axis=1) for pool in pools],
            axis=1,
        ),
    )


def _least(slowness: Slowness, pools: list[Ints]) -> Slowness:
    """Return, for one worker a pool, the least of each part that its workers ever have.

    Not the least at the time: a task that waits may start when slowness is over, and end before
    one that started at once.
    """
    of_track = np.minimum.reduceat(slowness.value, slowness.first[:-1])
    least = [[of_track[part[pool]].min() for pool in pools] for part in slowness.track]
    value = np.array(least, dtype=np.float64).ravel()
    return slowness._replace(
        track=np.arange(value.size).reshape(-1, len(pools)),
        stepped=np.zeros(len(least), dtype=np.bool_),
        first=np.arange(value.size + 1),
        at=np.zeros(value.size),
        value=value,
        period=np.full(value.size, np.inf),
    )

"""The loads that are certain before anything is simulated: least work, most work, over capacity.

What must be worked off, whatever happens when:

- **Work in service runs on** (all rules but ``running``). A task starts without its size being
  known, so started tasks have the mean size, and they include those that answer: all own tasks of
  a group, or as many as the threshold of another recovery says.
- **``running``** stops tasks in service, and those that finish are then the short ones. Only where
  each request has one recovery, which needs all its tasks, must whole sizes be worked off.
- **``never``** besides runs all tasks that are released in any case (where each request has one
  recovery, which needs all its tasks, all rules do). They come to their workers
  as equals: if there is more of them than the fastest worker of the pool could do, were all like
  it, every worker of the pool falls behind without end. A request waits for them if each of its
  recoveries needs more tasks than go to other pools.

Tasks with a time to expire, and tasks released only if still needed, are never certain. Tasks that
are sent anew go to workers that keep up.

What can be worked off at most is all tasks, each in full. If the slowest worker of each pool could
do its share of that, were all like it, every worker keeps up: cancels only take work away.

In batches a task costs its part of the batch's time, which depends on how many share it: at the
least that of the cheapest batch size, at most that of the dearest. A worker waits for a batch to
fill only while its queue is short, so waiting costs no capacity.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from strag_sim.arrivals import Steady
from strag_sim.distributions.distribution import SMALLEST, Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.scripted import Scripted
from strag_sim.policies.shape import After, Recovery, Shape, Task
from strag_sim.setup import ScriptedPlacement, Setup
from strag_sim.slowdown import Fixed, Replay, Shock, Slowdown, States
from strag_sim.slowdown.part import Slow


@dataclass(frozen=True)
class Loads:
    """The loads of a policy that are certain; at 1 and above, queues grow without end.

    Parameters
    ----------
    least : float
        Of work that requests wait for; 0 where nothing is certain.
    piling : float
        Of the busiest pool of workers, with work that no request may wait for; at least ``least``.
    most : float
        Of the busiest pool if all tasks were released and ran in full; infinity where that is not
        known. Below 1 the policy is stable.
    """

    least: float
    piling: float
    most: float


NOTHING_KNOWN = Loads(0.0, 0.0, math.inf)


def certain_loads(setup: Setup) -> Loads:
    """Return the loads that are certain before anything is simulated."""
    rate = setup.arrivals.mean_rate if isinstance(setup.arrivals, Steady) else math.nan
    if setup.rivals or not has_laws(setup) or not rate > 0:  # nobody waits in a bound
        return NOTHING_KNOWN
    if setup.deployment:  # which instance takes which segment is not certain
        return NOTHING_KNOWN
    rate *= setup.job.segments
    shape = setup.policy.shape()
    speeds = _speeds(setup)
    useful = rate * _useful(setup, shape) / sum(speeds)
    pools = list(_pools(setup, shape, speeds))
    most = _most(setup, shape, rate, pools)
    if shape.resend or (setup.cancel != "never" and not _is_forced(shape)):
        return Loads(useful, useful, most)
    load = dict.fromkeys(range(len(shape.tasks)), 0.0)
    for tasks, some in pools:
        released = [t for t in tasks if not isinstance(shape.tasks[t].release, After)]
        work = sum(_certain(setup, shape.tasks[t]) for t in released)
        load |= dict.fromkeys(tasks, rate / shape.requests * work / (len(some) * max(some)))
    waited_for = max(
        min(_needed(recovery, load) for recovery in shape.recoveries if i in recovery.answers)
        for i in range(shape.requests)
    )
    return Loads(max(useful, waited_for), max(useful, *load.values()), most)


def has_laws(setup: Setup) -> bool:
    """Return whether sizes are of one law for all requests and workers: no script, no machines."""
    laws = (setup.service, *(model.service for model in setup.models.values()))
    return not any(
        isinstance(law, Scripted) or (isinstance(law, Profile) and law.per_worker) for law in laws
    )


def are_dealt_evenly(setup: Setup) -> bool:
    """Return whether workers of a pool get their share of all its tasks, large and small.

    They do not where the place of a task in its group says who serves it. By turns, and where
    tasks look at queues (those of a group go to different workers, the last to the longest), the
    order may give the large ones to some and the small ones to others.
    """
    if setup.queue == "shared" or setup.placement == "random":
        return True
    if setup.placement == "fixed" or isinstance(setup.placement, ScriptedPlacement):
        return False
    return len({tuple(_means(setup, task)) for task in setup.policy.shape().tasks}) == 1


def queues_at_master(setup: Setup) -> bool:
    """Return whether requests may wait for a core of the master too."""
    return setup.cores is not None and not (setup.encode is None and setup.decode is None)


def _certain(setup: Setup, task: Task) -> float:
    """Return the least mean size of a task, 0 where it may be stopped at its own time."""
    return min(_means(setup, task)) if task.expires is None else 0.0


def _means(setup: Setup, task: Task) -> list[float]:
    """Return the mean size of a task, as its part of a batch of 1, 2, ... tasks."""
    added = setup.encode.mean if task.encodes and setup.encode is not None else 0.0
    return [mean / (i + 1) + added for i, mean in enumerate(setup.batch_means(task.model))]


def _is_forced(shape: Shape) -> bool:
    """Return whether each request has one way to an answer, which needs all its tasks."""
    ways = Counter(request for recovery in shape.recoveries for request in recovery.answers)
    whole = all(recovery.threshold == len(recovery.tasks) for recovery in shape.recoveries)
    return whole and set(ways.values()) == {1}


def _useful(setup: Setup, shape: Shape) -> float:
    """Return the least work for answers, per request, in seconds of a worker of speed 1.

    Where groups may close short, of groups of any size.
    """
    if setup.cancel == "running" and not _is_forced(shape):
        return 0.0
    work = [_certain(setup, task) for task in shape.tasks]
    sizes = (shape.requests,) if setup.fill_timeout is None else range(1, shape.requests + 1)
    return min(_least(shape, work, members) / members for members in sizes)


def _least(shape: Shape, work: Sequence[float], members: int) -> float:
    """Return the least work that answers a group: all own tasks, or what another recovery needs.

    What the own tasks of blank places would find counts as known.
    """
    ways = [sum(work[:members])] if shape.own else []
    for recovery in shape.recoveries:
        if not (shape.own and len(recovery.tasks) == 1 and recovery.tasks == recovery.answers):
            blanks = sum(members <= task < shape.own for task in recovery.tasks)
            least = min(work[task] for task in recovery.tasks)
            ways.append(max(0, recovery.threshold - blanks) * least)
    return min(ways)


def _most(
    setup: Setup,
    shape: Shape,
    rate: float,
    pools: Sequence[tuple[Sequence[int], Sequence[float]]],
) -> float:
    """Return the load of the busiest pool with all tasks in full; infinity where not known."""
    slows = any(part.enabled for part in setup.slowdown)
    if queues_at_master(setup) or slows or shape.resend or not pools:
        return math.inf
    groups = rate / shape.requests if setup.fill_timeout is None else rate
    return max(
        groups * sum(max(_means(setup, shape.tasks[t])) for t in tasks) / (len(some) * min(some))
        for tasks, some in pools
    )


def _pools(
    setup: Setup, shape: Shape, speeds: Sequence[float]
) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
    """Yield tasks that go to the same workers as equals, and the speeds of these workers.

    None where tasks are not dealt evenly.
    """
    tasks, workers = range(len(shape.tasks)), len(speeds)
    if setup.queue == "per-worker" and setup.placement == "fixed":
        for worker in range(min(workers, len(tasks))):
            yield tasks[worker::workers], speeds[worker : worker + 1]
        return
    if not are_dealt_evenly(setup):
        return
    redundant = [t for t in tasks if setup.redundant_workers and shape.tasks[t].pool == "redundant"]
    first = workers - setup.redundant_workers
    own = [t for t in tasks if t not in redundant]
    for held, some in ((own, speeds[:first]), (redundant, speeds[first:])):
        if held:
            yield held, some


def _needed(recovery: Recovery, load: Mapping[int, float]) -> float:
    """Return the load of the busiest pool that a recovery cannot do without."""
    return sorted(load[task] for task in recovery.tasks)[recovery.threshold - 1]


def _speeds(setup: Setup) -> list[float]:
    """Return the most work that each worker could do in a second, never slower than at its best."""
    best = [speed * slots for speed, slots in zip(setup.speeds, setup.slots, strict=True)]
    if setup.combine == "product":
        for part in setup.slowdown:
            if part.enabled:
                best = [each / _fastest(part, w) for w, each in enumerate(best)]
    return best


def _fastest(part: Slowdown, worker: int) -> float:
    """Return the least factor that a worker can have, the smallest double if there is no least."""
    match part:
        case Fixed():
            least = part.factors[worker] if part.factors else _least_of(part.factor)
        case States():
            least = min(1.0, _least_of(part.factor))
        case Shock():
            least = 1.0 if _least_of(part.factor) >= 1 else 0.0  # of any number of shocks at once
        case Replay():
            least = float(part.matrix.min())
        case _:
            least = 0.0
    return max(least, SMALLEST)


def _least_of(factor: Slow | None) -> float:
    """Return the least that a factor can be."""
    return float(factor.quantile(0.0)) if isinstance(factor, Distribution) else float(factor or 1.0)

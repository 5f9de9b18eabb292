"""Whether the queues of a policy keep up with its requests, and how fast it answers if not.

Where the loads that are certain before anything is simulated settle it, they do (`loads`): more
work that requests wait for arrives than the workers could do, or less than that even if all tasks
ran in full. What lies between is judged by what was measured.

**Work done.** Each request cost some worker time, slowness and waste included; times the rate, it
is what the workers must do in a second. If that is more than they can, surely over the runs, what
is left over piles up; if it is surely less, and no worker has more of it than others, it does not.

**Backlog.** The backlog that a request meets is the number of earlier requests without an answer.
Where work comes in faster than it can be served it grows by a constant number a request, without
end. A busy stable system grows too, from its empty start to its level, but more slowly than its
square root: a single queue at exactly its capacity, the limit of all stable ones, grows like
sigma sqrt(n) |Z| over n requests, with Z standard normal and sigma^2 the dispersion of the arrivals
(the limit of variance over mean of their number; 1 for Poisson arrivals, cv^2 for independent gaps)
plus that of the work, `variability` (Whitt, "Stochastic-Process Limits" (2002), chapter 9); s such
queues, of n/s requests each, together like sqrt(n s). So growth is held against that. Of arrivals
with dispersion I that are split at random over s queues, each queue sees 1 + (I-1)/s.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from strag_sim.arrivals import Arrivals, Closed, Steady
from strag_sim.distributions.scripted import Scripted
from strag_sim.setup import Setup
from strag_sim.slowdown import Shock, States
from strag_sim.statistics.intervals import student
from strag_sim.statistics.loads import are_dealt_evenly, certain_loads, has_laws, queues_at_master
from strag_sim.statistics.variability import laws_of, spells, variability
from strag_sim.tables import Floats

# With fewer measured requests a run, a busy queue and a growing one look alike.
FEWEST = 10_000
# Looks at the backlog in the first and in the last quarter of a run.
LOOKS = 32
# Least growth of an unstable policy, in units of sqrt(n s (I + v) / 2) requests. In single runs of
# 10,000 requests to a single queue with exponential sizes, growth was above it in none of 120 at
# load 0.95 and in 116 of 120 at 1.05; means over runs are surer. verification/stability.py counts
# wrong verdicts on loads that are not certain: none of 320 at 0.95; at 1.05 3 of 80 by five runs of
# ten workers, which are judged by their cost too, and 31 of 80 by one run, which is not.
LEAST = 0.75
# Slow spells of each worker, in the mean, for the cost of a run to be that of a long one.
FEWEST_SPELLS = 20
# How sure it must be, to either side, that runs cost more than the workers can do.
SURE = 0.98
# Loads that differ from 1 by less are 1: sums of decimal fractions.
ROUNDING = 1e-9


class Outflow(NamedTuple):
    """The answers that left in some seconds of a run."""

    answers: int
    seconds: float


def outflow(arrival: Floats, completion: Floats, warm_up: int) -> Outflow:
    """Return the answers between the arrival of the request a quarter into a run and of the last.

    Parameters
    ----------
    arrival, completion : array of float, shape (n,)
        Seconds, in order of arrival, the ``warm_up`` requests included.

    Notes
    -----
    Once queues have grown, that is the rate at which the policy saturates. The first quarter, in
    which they grow from nothing, is left out, and so is what is answered after the last arrival,
    when no new work comes.
    """
    start, end = arrival[warm_up + (arrival.size - warm_up) // 4], arrival[-1]
    return Outflow(int(np.count_nonzero((completion > start) & (completion <= end))), end - start)


def backlog_growth(arrival: Floats, completion: Floats) -> float:
    """Return the least backlog in the last quarter of a run less the mean of the first quarter.

    Parameters
    ----------
    arrival, completion : array of float, shape (n,)
        Seconds, in order of arrival. An answer at the instant of an arrival comes before it.

    Notes
    -----
    The least, because a stable backlog keeps coming back to where it was and a growing one never
    does. The backlog is looked at by ``LOOKS`` requests of each quarter.
    """
    count = arrival.size
    first = np.linspace(0, count // 4, LOOKS, endpoint=False, dtype=np.int64)
    last = np.linspace(count - count // 4, count, LOOKS, endpoint=False, dtype=np.int64)
    met = [
        [np.count_nonzero(completion[:i] > arrival[i]) for i in quarter if i < count]
        for quarter in (first, last)
    ]
    return float(min(met[1], default=0) - np.mean(met[0]))


def is_stable(
    setup: Setup, growth: Sequence[float], requests: int, cost: Sequence[float] = ()
) -> bool | None:
    """Return whether a policy's queues keep up, or None where that is not judged.

    An oracle always keeps up: nobody waits in a bound.

    Parameters
    ----------
    setup : Setup
        The policy.
    growth : sequence of float
        One a run, see `backlog_growth`.
    requests : int
        Measured, a run. Not judged below ``FEWEST``, nor ever for a trace of arrivals or for
        scripted sizes, which end where they end, nor where the rate follows the clock.
    cost : sequence of float
        Worker-seconds a request, one a run; left out, they are not judged by.

    Notes
    -----
    If the certain loads do not settle it, what the runs cost does where it is surely more or less
    than the workers can do, and else whether the backlog `grows`.
    """
    if setup.rivals:
        return True
    if requests < FEWEST or not is_steady(setup):
        return None
    loads = certain_loads(setup)
    if loads.most < 1 - ROUNDING:
        return True
    # At exactly its capacity only a queue without any randomness keeps up.
    random = (_dispersion(setup.arrivals) or 0.0) + variability(setup) > ROUNDING
    if loads.least > 1 + ROUNDING or (loads.least > 1 - ROUNDING and random):
        return False
    done = _by_work(setup, cost, requests)
    return not grows(setup, growth, requests) if done is None else done


def grows(setup: Setup, growth: Sequence[float], requests: int) -> bool:
    """Return whether the backlog grew as that of no stable queue does.

    The arguments are those of `is_stable`. The mean growth must be above both ``LEAST`` x
    sqrt(n s (I + v) / 2), for n requests a run, s worker slots, sizes and slow spells of that
    `variability` and arrivals that each slot sees with a dispersion of I (at least 1, as in a
    closed loop), and twice its standard error over runs.
    """
    slots = setup.servers
    seen = 1 + max((_dispersion(setup.arrivals) or 0.0) - 1, 0.0) / slots
    least = LEAST * math.sqrt(requests * slots * (seen + variability(setup)) / 2)
    error = float(np.std(growth, ddof=1)) / math.sqrt(len(growth)) if len(growth) > 1 else 0.0
    return float(np.mean(growth)) > max(least, 2 * error)


def _by_work(setup: Setup, cost: Sequence[float], requests: int) -> bool | None:
    """Return whether the workers could do what the requests cost, None where that is not sure.

    Never by one run, nor by runs of few slow spells: what starts while a worker is slow costs
    more, and in runs that start empty more starts then. Too much under cancel never need keep
    nobody waiting, and too little in all may be too much for some, unless all tasks share workers
    that are alike.
    """
    if len(cost) < 2 or not isinstance(setup.arrivals, Steady):
        return None
    lasts = requests / setup.arrivals.mean_rate
    if any(each.cycle * FEWEST_SPELLS > lasts for each in spells(setup)):
        return None
    load = np.array(cost) * setup.arrivals.mean_rate / setup.servers
    half = student(SURE, load.size - 1) * float(load.std(ddof=1)) / math.sqrt(load.size)
    alike = _are_alike(setup)
    if load.mean() - half > 1 and (alike or setup.cancel != "never"):
        return False
    return True if load.mean() + half < 1 and alike and not queues_at_master(setup) else None


def _are_alike(setup: Setup) -> bool:
    """Return whether all tasks of a policy meet the same workers, which in the long run are alike.

    Workers with states and shocks are.
    """
    machines = {*zip(setup.speeds, setup.slots, strict=True)}
    passing = all(isinstance(part, States | Shock) for part in setup.slowdown if part.enabled)
    evenly = are_dealt_evenly(setup) and not setup.redundant_workers
    alone = setup.deployment is None  # instances meet the tasks of their model only
    return alone and len(machines) == 1 and passing and has_laws(setup) and evenly


def is_steady(setup: Setup) -> bool:
    """Return whether requests and sizes go on alike for ever, so that runs may be of any length.

    Not so are traces and scripted sizes, which end, and rates that follow the clock.
    """
    scripted = any(isinstance(law, Scripted) for law in laws_of(setup))
    return not scripted and _dispersion(setup.arrivals) is not None


def _dispersion(arrivals: Arrivals) -> float | None:
    """Return the dispersion of the arrivals; None where it has no limit."""
    if isinstance(arrivals, Closed):
        return 1.0
    return arrivals.dispersion if isinstance(arrivals, Steady) else None

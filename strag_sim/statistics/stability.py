"""Whether the queues of a policy keep up with its requests, judged by what was measured.

The backlog that a request meets is the number of earlier requests without an answer. Where work
comes in faster than it can be served it grows by a constant number a request, without end. A busy
stable system grows too, from its empty start to its level, but more slowly than its square root:
a single queue at exactly its capacity, the limit of all stable ones, grows like sigma sqrt(n) |Z|
over n requests, with Z standard normal and sigma^2 the dispersion of the arrivals (the limit of
variance over mean of their number; 1 for Poisson arrivals, cv^2 for independent gaps) plus the
squared coefficient of variation of the sizes (Whitt, "Stochastic-Process Limits" (2002), chapter
9); s such queues, of n/s requests each, together like sqrt(n s). So growth is held against that.
Of arrivals with dispersion I that are split at random over s queues, each queue sees 1 + (I-1)/s.
"""

import math
from collections.abc import Sequence

import numpy as np

from strag_sim.arrivals import Arrivals, Closed, Steady
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.scripted import Scripted
from strag_sim.setup import Setup
from strag_sim.tables import Floats

# With fewer measured requests a run, a busy queue and a growing one look alike.
FEWEST = 10_000
# Looks at the backlog in the first and in the last quarter of a run.
LOOKS = 32
# Least growth of an unstable policy, in units of sqrt(n s (I + cv^2) / 2) requests. In single
# runs of 10,000 requests to queues with exponential sizes, 1 or 10 of them, growth was above it
# in none of 120 at load 0.95 and in 116 of 120 at 1.05; means over runs are surer.
LEAST = 0.75


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


def is_stable(setup: Setup, growth: Sequence[float], requests: int) -> bool | None:
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

    Notes
    -----
    Unstable is a mean growth that is above both ``LEAST`` x sqrt(n s (I + cv^2) / 2), for n
    requests a run, s worker slots, sizes with that coefficient of variation and arrivals that each
    slot sees with a dispersion of I (at least 1, as in a closed loop), and twice its
    standard error over runs. A load within about 2 % of capacity may pass for either, and so may
    a run so short that its queues are far from settled: each worker needs hundreds of requests.
    """
    if setup.rivals:
        return True
    slots = sum(setup.slots)
    dispersion = _dispersion(setup.arrivals, slots)
    if requests < FEWEST or dispersion is None or not is_steady(setup):
        return None
    variability = max(_squared_variation(service) for service in _services(setup))
    least = LEAST * math.sqrt(requests * slots * (dispersion + variability) / 2)
    mean = float(np.mean(growth))
    error = float(np.std(growth, ddof=1)) / math.sqrt(len(growth)) if len(growth) > 1 else 0.0
    return mean <= max(least, 2 * error)


def is_steady(setup: Setup) -> bool:
    """Return whether requests and sizes go on alike for ever, so that runs may be of any length.

    Not so are traces and scripted sizes, which end, and rates that follow the clock.
    """
    scripted = any(isinstance(service, Scripted) for service in _services(setup))
    return not scripted and _dispersion(setup.arrivals, sum(setup.slots)) is not None


def _services(setup: Setup) -> list[Distribution]:
    """Return the laws of sizes."""
    return [setup.service, *(model.service for model in setup.models.values())]


def _dispersion(arrivals: Arrivals, slots: int) -> float | None:
    """Return the dispersion of the arrivals that one of the slots sees; None for no such limit."""
    if isinstance(arrivals, Closed):
        return 1.0
    whole = arrivals.dispersion if isinstance(arrivals, Steady) else None
    return None if whole is None else 1 + max(whole - 1, 0.0) / slots


def _squared_variation(service: Distribution) -> float:
    """Return the squared coefficient of variation, without the outermost parts per thousand.

    So it is finite for every law; by the midpoint rule over its quantiles.
    """
    values = service.quantile((np.arange(1000) + 0.5) / 1000)
    return float(np.var(values) / np.mean(values) ** 2)

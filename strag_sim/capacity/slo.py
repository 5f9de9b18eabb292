"""The largest rate at which p99 meets an SLO."""

import math

from strag_sim.capacity.capacities import Limit
from strag_sim.capacity.points import Policy, at, full_rate
from strag_sim.capacity.searching import MOST_DOUBLINGS, largest
from strag_sim.capacity.stable import limit_at
from strag_sim.statistics import Interval, section
from strag_sim.units import readable, rounded

# The rates that are tried first, as shares of one that is too large, from above: where groups
# have to fill, low rates miss the SLO too.
SHARES = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01)


def largest_within(policy: Policy, slo: float, within: float) -> tuple[Limit, list[str]]:
    """Return the largest rate at which p99 is at most ``slo`` seconds, and what to know of it.

    The interval turns that of p99 round: from the largest rate at which its upper end meets the
    SLO to the largest at which its lower end does; 0 where an end meets it nowhere, infinity where
    the lower end meets it at all rates that were tried.
    """
    top = _too_large(policy, slo)

    def pooled(rate: float) -> bool:
        return at(policy, rate).p99.pooled <= slo

    def surely(rate: float) -> bool:
        return _interval(policy, rate).high <= slo

    def perhaps(rate: float) -> bool:
        return _interval(policy, rate).low <= slo

    found, low, high = (
        largest(holds, [top * share for share in SHARES], policy.points, within)
        for holds in (pooled, surely, perhaps)
    )
    if policy.runs == 1:
        low = high = math.nan
    elif perhaps(top):
        high = math.inf
    if found is not None:
        return limit_at(policy, found, low or 0.0, high or found, at(policy, found)), []
    perhaps_some = Limit(low=low or 0.0, high=high) if high else Limit()
    return perhaps_some, [_missed(policy, slo)]


def _too_large(policy: Policy, slo: float) -> float:
    """Return a rate at which p99 misses the SLO: the least that is unstable, if any is known."""
    unstable = [rate for rate, point in policy.points.items() if point.stable is False]
    rate = min(unstable, default=full_rate(policy.setup))
    for _ in range(MOST_DOUBLINGS):
        if not at(policy, rate).p99.pooled <= slo:  # NaN where it is unstable
            break
        rate *= 2
    return rate


def _interval(policy: Policy, rate: float) -> Interval:
    """Return the interval of p99 at a rate, in seconds."""
    p99 = at(policy, rate).p99
    return section(p99.pooled, p99.values, policy.confidence)


def _missed(policy: Policy, slo: float) -> str:
    """Return why there is no such rate."""
    stable = [point for point in policy.points.values() if not math.isnan(point.p99.pooled)]
    if not stable:
        return f"no rate meets the SLO of {readable(slo)}: queues grew at every rate that was tried"
    best = min(stable, key=lambda point: point.p99.pooled)
    return (
        f"no rate meets the SLO of {readable(slo)}: p99 is {readable(best.p99.pooled)} at best, "
        f"at {rounded(best.rate)} requests a second"
    )

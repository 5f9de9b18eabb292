"""The largest rate at which a policy is stable, and what it answers beyond."""

import math
from dataclasses import replace

import numpy as np

from strag_sim.capacity.capacities import Limit
from strag_sim.capacity.points import Point, Policy, at, at_rate, full_rate
from strag_sim.capacity.searching import MOST_DOUBLINGS, bracket
from strag_sim.setup import Setup
from strag_sim.statistics import section
from strag_sim.statistics.loads import certain_loads
from strag_sim.units import rounded

# How far (relative) the verdict on stability may turn from the capacity by the noise of runs
# alone; the first bracket is that wide to either side.
FUZZ = 0.05
# Where overload is looked for: at about twice what is answered there.
LEAST_OVERLOAD, OVERLOAD, MOST_OVERLOAD = 1.5, 2.0, 3.0
# Where it is measured, in rates at which the queues grow for certain: nearer, they take long to
# grow; much farther, a policy may answer more than at its limit.
NEAR, FAR = 1.2, 1.5
# How sure it must be that the two measurements differ, whatever confidence is asked for.
SURE = 0.99
# Where what is answered grows almost as what arrives, nothing says where the two part.
STEEPEST = 0.8


def largest_stable(policy: Policy, within: float) -> tuple[Limit, Limit, list[str]]:
    """Return the largest stable rate, the rate at which it saturates, and what to know of them.

    Notes
    -----
    Where all tasks run in full on workers that are alike, the largest stable rate is certain, and
    not searched for. Else it is measured: where queues have grown, what is answered no longer
    depends on how much arrives, and is the largest stable rate, the saturation rule (Baccelli and
    Foss, "On the saturation rule for the stability of queues", Journal of Applied Probability 32
    (1995)). Of some policies it still does: a hedge finds its own task farther ahead in the queue
    when more arrives, a slow worker may fall behind alone. So it is measured at two rates beyond
    the limit, and if the two surely differ, the straight line through them is followed down to
    where as much is answered as arrives. A verdict that turns elsewhere is reported instead.
    """
    exact = _exact(policy.setup)
    if exact is not None:
        below = at(policy, exact / (1 + within))
        saturation = _saturation(policy, exact, below)
        return limit_at(policy, exact, exact, exact, below), saturation or Limit(), []
    guess = _overloaded(policy)
    if guess is None:
        return Limit(), Limit(), ["it keeps up with every rate that was tried"]
    ends = bracket(
        lambda rate: at(policy, rate).stable is True, guess.answered.pooled, FUZZ, within
    )
    if ends is None:
        return Limit(), Limit(), ["its queues grew at every rate that was tried"]
    low, high = ends
    below = at(policy, low)
    turn = limit_at(policy, (low * high) ** 0.5, low, high, below)
    saturation = _saturation(policy, high, below)
    if saturation is None or saturation.rate > high * (1 + FUZZ):
        return turn, saturation or Limit(), []
    if saturation.rate < low / (1 + FUZZ):
        return turn, saturation, [_metastable(low, saturation.rate)]
    return saturation, saturation, []


def limit_at(policy: Policy, rate: float, low: float, high: float, point: Point) -> Limit:
    """Return a largest rate and its interval, with what was measured at a rate near it."""
    load = rate / full_rate(policy.setup)
    return Limit(rate, low, high, load, point.utilisation, point.cost)


def _exact(setup: Setup) -> float | None:
    """Return the largest stable rate where it is certain before anything is simulated."""
    loads = certain_loads(replace(setup, arrivals=at_rate(setup.arrivals, 1.0)))
    return 1 / loads.least if math.isclose(loads.least, loads.most) else None


def _overloaded(policy: Policy) -> Point | None:
    """Return what a policy does at about twice the rate that it answers then; None if it cannot."""
    rate = OVERLOAD * full_rate(policy.setup)
    for _ in range(MOST_DOUBLINGS):
        point = at(policy, rate)
        answered = point.answered.pooled
        if not answered > 0:  # NaN where it is stable
            rate *= OVERLOAD
        elif LEAST_OVERLOAD * answered <= rate <= MOST_OVERLOAD * answered:
            return point
        else:
            rate = OVERLOAD * answered
    return None


def _saturation(policy: Policy, high: float, below: Point) -> Limit | None:
    """Return the rate at which as much is answered as arrives, followed down from overload.

    Where the two measurements surely differ, that is; else it is what is answered at the nearer.
    """
    near, far = NEAR * high, FAR * high
    first, second = at(policy, near).answered, at(policy, far).answered
    slope = (second.pooled - first.pooled) / (far - near)
    if not slope <= STEEPEST:  # NaN too
        return None
    slopes = (second.values - first.values) / (far - near)
    sloping = section(slope, slopes, SURE)
    if sloping.low <= 0 <= sloping.high:  # then a line would only add its noise
        slope, slopes = 0.0, np.zeros(slopes.size)
    rate = (first.pooled - slope * near) / (1 - slope)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (first.values - slopes * near) / (1 - slopes)
    interval = section(rate, values, policy.confidence)
    return limit_at(policy, rate, interval.low, interval.high, below)


def _metastable(low: float, saturation: float) -> str:
    """Return what is to be known of a policy that does not recover."""
    return (
        f"starting empty it kept up with {rounded(low)} requests a second, but once its queues "
        f"have grown it answers only {rounded(saturation)}: beyond that a burst may be one too many"
    )

"""Bisection over rates: where what holds at a rate ceases to hold."""

from collections.abc import Callable, Collection, Iterable

# Whether something holds at a rate.
Holds = Callable[[float], bool]

# A search that has not met its end after so many doublings of a step or rate never will.
MOST_DOUBLINGS = 30


def halve(holds: Holds, low: float, high: float, within: float) -> tuple[float, float]:
    """Return a narrower bracket, the larger end at most ``within`` (relative) above the other.

    It holds at ``low`` and does not at ``high``, before and after.
    """
    while high > low * (1 + within):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low, high


def bracket(holds: Holds, guess: float, step: float, within: float) -> tuple[float, float] | None:
    """Return rates, at the lower of which it holds and at the higher of which it does not.

    From ``step`` (relative) to either side of the guess on; None if it ends nowhere.
    """
    low, high = guess / (1 + step), guess * (1 + step)
    for doubling in range(MOST_DOUBLINGS):
        if not holds(low):
            low, high = low / (1 + step * 2**doubling), low
        elif holds(high):
            low, high = high, high * (1 + step * 2**doubling)
        else:
            return halve(holds, low, high, within)
    return None


def largest(
    holds: Holds, rates: Iterable[float], known: Collection[float], within: float
) -> float | None:
    """Return the largest rate at which it holds, to ``within``; None if at none of the rates.

    The rates fall, and are tried until it holds at one: below, it may cease to hold again, and
    that does not matter. ``known`` are those tried so far, by this search (it grows) and others.
    """
    found = next((rate for rate in rates if holds(rate)), None)
    if found is None:
        return None
    found = max(rate for rate in known if rate >= found and holds(rate))
    above = [rate for rate in known if rate > found]
    return halve(holds, found, min(above), within)[0] if above else found

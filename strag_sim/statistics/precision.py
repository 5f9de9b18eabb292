"""How precise estimates are, and whether they are precise enough to stop.

References
----------
.. [1] Chow and Robbins (1965), On the asymptotic theory of fixed-width sequential confidence
   intervals for the mean, Annals of Mathematical Statistics 36.
.. [2] Law (2015), Simulation Modeling and Analysis, 5th ed., section 9.4.1.
"""

import math
from collections.abc import Mapping

import numpy as np

from strag_sim.levels import level_of
from strag_sim.statistics.estimates import Estimates, Quantity
from strag_sim.statistics.intervals import section
from strag_sim.statistics.quantiles import rank

# No look at fewer runs: the spread of a few says little, and who stops when it happens to look
# small stops too soon.
FEWEST_RUNS = 10
# Nor at a quantile with fewer responses above it, in all runs together.
FEWEST_ABOVE = 200
# Each look has this many times the runs of the last.
GROWTH = 1.5


def first_look(runs: int, most: int) -> int:
    """Return after how many runs to look first: ``runs``, but not fewer than FEWEST_RUNS."""
    return min(most, max(runs, FEWEST_RUNS))


def next_look(runs: int, most: int) -> int:
    """Return after how many runs to look again [2]_."""
    return min(most, math.ceil(GROWTH * runs))


def enough_above(of: str, count: int) -> bool:
    """Return whether so many responses are enough for a quantile; other estimates ask for none."""
    return not of.startswith("p") or count - rank(level_of(of), count) >= FEWEST_ABOVE


def half_widths(
    estimates: Mapping[str, Estimates], of: str, baseline: str | None, confidence: float
) -> dict[str, float]:
    """Return how precise an estimate of each policy is, or its ratio to that of the baseline.

    Parameters
    ----------
    estimates : mapping of str to Estimates
        By label.
    of : str
        Name of a quantity, such as p99.
    baseline : str or None
        Label of the policy that the others are divided by; None looks at each alone.
    confidence : float
        In (0, 1).

    Returns
    -------
    dict of str to float
        Half the interval over runs, as a share of the estimate; inf where there is none yet. The
        interval of a ratio is that of its logarithm, of half width h: then it is exp(h) - 1.
        Policies that are unstable have no entry, nor have those of which it is not known (the cost
        of an oracle), nor has the baseline.
    """
    stable = {
        name: each.quantities[of] for name, each in estimates.items() if each.stable is not False
    }
    known = {name: each for name, each in stable.items() if not math.isnan(each.pooled)}
    if baseline is None:
        return {name: _relative(quantity, confidence) for name, quantity in known.items()}
    if baseline not in known:
        return {}
    base = known.pop(baseline)
    return {name: _of_ratio(each, base, confidence) for name, each in known.items()}


def _relative(quantity: Quantity, confidence: float) -> float:
    """Return half of an interval as a share of what it is of."""
    found = section(quantity.pooled, quantity.values, confidence)
    half = (found.high - found.low) / 2
    if half == 0:
        return 0.0
    return half / abs(quantity.pooled) if half > 0 and quantity.pooled else math.inf


def _of_ratio(over: Quantity, base: Quantity, confidence: float) -> float:
    """Return half of the interval of a ratio whose runs are paired, as a share of it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled, alone = (
            np.log(np.asarray(a, dtype=np.float64) / b)
            for a, b in ((over.pooled, base.pooled), (over.values, base.values))
        )
    found = section(float(pooled), alone, confidence)
    with np.errstate(over="ignore"):
        half = float(np.expm1((found.high - found.low) / 2))
    return half if half >= 0 else math.inf

"""The decode gains of a code, over all that may be missing."""

from itertools import combinations

import numpy as np

from strag_sim.codes.code import Code, Floats


def gains(code: Code, missing: int) -> Floats:
    """Return the decode gain of every set of tasks of which so many are missing, in their order."""
    kept = combinations(range(code.tasks), code.tasks - missing)
    return np.array([code.gain(returned) for returned in kept])

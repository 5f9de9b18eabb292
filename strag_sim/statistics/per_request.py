"""Two policies on the same requests: how many each made faster, and by how much."""

import math
from dataclasses import dataclass

import numpy as np

from strag_sim.tables import Floats

# Two responses are equal if they differ by no more than this share of the baseline's: clocks that
# have run for long round differently on the two ways to the same answer.
ALIKE = 1e-6


@dataclass(frozen=True)
class Pairs:
    """The requests of a run under a policy and under its baseline.

    Parameters
    ----------
    requests : int
        How many there are.
    faster, equal, slower : float
        Shares of the requests that the policy answered faster than the baseline, as fast, and
        slower; their sum is 1.
    gained, lost : float
        Mean seconds gained by a faster, and lost by a slower request; NaN where there is none.
    """

    requests: int
    faster: float
    equal: float
    slower: float
    gained: float
    lost: float


def per_request(response: Floats, base: Floats) -> Pairs:
    """Return how a policy changed single requests.

    Parameters
    ----------
    response, base : array of float, shape (n,), n >= 1
        Seconds, of the same requests in the same order, under the policy and the baseline.
    """
    gain = base - response
    same = np.abs(gain) <= ALIKE * base
    faster, slower = gain[~same & (gain > 0)], -gain[~same & (gain < 0)]
    return Pairs(
        requests=gain.size,
        faster=faster.size / gain.size,
        equal=int(same.sum()) / gain.size,
        slower=slower.size / gain.size,
        gained=float(faster.mean()) if faster.size else math.nan,
        lost=float(slower.mean()) if slower.size else math.nan,
    )

"""How many requests to drop first, because they met queues that were still filling.

References
----------
.. [1] White, Cobb and Spratt (2000), A Comparison of Five Steady-State Truncation Heuristics for
   Simulation, Winter Simulation Conference.
.. [2] Hoad, Robinson and Davies (2010), Automating warm-up length estimation, Journal of the
   Operational Research Society 61.
"""

import numpy as np

from strag_sim.tables import Floats

# Requests of a batch: the 5 of MSER-5.
BATCH = 5


def mser(series: Floats) -> int | None:
    """Return how many values at the beginning of a series to drop, by MSER-5.

    Parameters
    ----------
    series : array of float, shape (n,)
        The response of the i-th request, averaged over runs.

    Returns
    -------
    int or None
        A multiple of BATCH; None where even half of the series does not settle, which is too
        short then.

    Notes
    -----
    Of the m means Z of batches of 5 values, the first d are dropped for which the squared standard
    error that the rest would have if it were independent, sum_(j>=d) (Z_j - mean)^2 / (m - d)^2,
    is least, with d <= m / 2; of several such d the first. A least d at the bound is no answer
    [1]_, [2]_. It looks at the mean: what only the tail remembers may take longer.
    """
    batches = series.size // BATCH
    if batches < 4:
        return None
    means = series[: batches * BATCH].reshape(batches, BATCH).mean(axis=1)
    # About their overall mean: no sum of squares loses what is small beside a large mean.
    means = means - means.mean()
    left = np.arange(batches, 0, -1, dtype=np.float64)
    sums, squares = _from_the_end(means), _from_the_end(means**2)
    errors = (squares - sums**2 / left) / left**2
    bound = batches // 2
    least = int(np.argmin(errors[: bound + 1]))
    return None if least == bound else least * BATCH


def _from_the_end(values: Floats) -> Floats:
    """Return the sum of each value and all that follow it."""
    return np.cumsum(values[::-1])[::-1]

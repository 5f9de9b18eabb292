"""M/G/1 for sizes of any law, atoms included, by its renewal equation; times in seconds.

References
----------
.. [1] Asmussen (2003), Applied Probability and Queues, section X.3: ladder heights.
.. [2] Erlang (1909), see Franx (2001), A simple solution for the M/D/c waiting time distribution,
   Operations Research Letters 29, for c = 1.
"""

import math

import numpy as np

from strag_sim.theory import laws

CELLS = 4000  # of the finer of two meshes; their errors of order h^2 cancel


def mg1_wait_survival(
    rate: float, size: laws.Survival, mean_size: float, *, upper: float
) -> laws.Survival:
    """Return P(W > t) of M/G/1 up to ``upper``, for sizes whose atoms lie on upper / 2000.

    F(t) = 1 - rho + rate int_0^t F(t - x) P(S > x) dx, the law of a geometric number of sizes
    that are under way [1]_; by the trapezoid rule, once extrapolated, and linear in between: errors
    of (upper / 2000)^2 times the curvature.
    """
    coarse = _wait(rate, size, mean_size, upper, CELLS // 2)
    fine = _wait(rate, size, mean_size, upper, CELLS)[::2]
    times = np.linspace(0.0, upper, CELLS // 2 + 1)
    below = (4 * fine - coarse) / 3
    return lambda t: laws.as_array(
        np.where(np.asarray(t) < 0, 1.0, 1 - np.interp(t, times, below, right=np.nan))
    )


def mg1_response_survival(
    rate: float, size: laws.Survival, mean_size: float, *, upper: float
) -> laws.Survival:
    """Return P(T > t) of M/G/1 up to ``upper``, for sizes without atoms.

    T = S + W, so P(T > t) = P(S > t) + int_0^t P(W > t - x) dP(S <= x), by the trapezoid rule.
    """
    times = np.linspace(0.0, upper, CELLS + 1)
    waits = mg1_wait_survival(rate, size, mean_size, upper=upper)(laws.as_array(times))
    sizes = laws.as_array(size(times))
    middle = (waits[1:] + waits[:-1]) / 2
    both = np.convolve(sizes[:-1] - sizes[1:], middle)[:CELLS]
    above = sizes + np.concatenate(([0.0], both))
    return lambda t: laws.as_array(np.interp(t, times, above, left=1.0, right=np.nan))


def md1_wait_survival(rate: float, size: float) -> laws.Survival:
    """Return P(W > t) of M/D/1 with sizes of D seconds, for t up to some 20 D.

    P(W <= t) = (1 - rho) sum_(k=0)^(t/D) (-u_k)^k / k! exp(u_k), u_k = rate (t - k D) [2]_. The
    terms alternate: beyond that they cancel to nothing in floating point.
    """
    free = 1 - rate * size

    def at(time: float) -> float:
        if time < 0:
            return 1.0
        whole = int(math.floor(time / size))
        u = [rate * (time - k * size) for k in range(whole + 1)]
        terms = [(-x) ** k / math.factorial(k) * math.exp(x) for k, x in enumerate(u)]
        return 1 - free * math.fsum(terms)

    return lambda times: laws.as_array(np.vectorize(at, otypes=[np.float64])(times))


def _wait(
    rate: float, size: laws.Survival, mean_size: float, upper: float, cells: int
) -> laws.FloatArray:
    """Return P(W <= t) at the ends of so many cells from 0 to ``upper``, 0 included.

    P(S > x) is read in the middle of cells, so that an atom between two of them does no harm.
    """
    step = upper / cells
    flow = rate * step / 2 * size(laws.as_array((np.arange(cells) + 0.5) * step))
    below = np.empty(cells + 1)
    pairs = np.empty(cells)  # the sums of neighbours
    below[0] = free = 1 - rate * mean_size
    for n in range(1, cells + 1):
        known = float(flow[1:n] @ pairs[n - 2 :: -1]) if n > 1 else 0.0
        below[n] = (free + known + flow[0] * below[n - 1]) / (1 - flow[0])
        pairs[n - 1] = below[n] + below[n - 1]
    return below

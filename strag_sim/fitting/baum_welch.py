"""Baum and Welch's steps for two states with normal log times, on all lines at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.fitting.lines import Lines

Numbers = NDArray[np.float64]

# No state is narrower than this share of the standard deviation of all, nor is left or entered
# more seldom or more often than this.
_NARROWEST, _RAREST = 0.02, 1e-5
# The climb ends where a step gains less than this of log likelihood a time.
_GAIN = 1e-7


@dataclass(frozen=True, eq=False)
class Chain:
    """Two states: ``leave[s]`` is the probability of leaving s at a step; arrays of shape (2,).

    ``log_likelihood`` is of the chain before the last step of the climb.
    """

    leave: Numbers
    means: Numbers
    spreads: Numbers
    log_likelihood: float


def climbed(lines: Lines, chain: Chain, steps: int) -> Chain:
    """Return the chain after at most so many steps, of which the last hardly raised the likelihood.

    A step leaves out how lines begin when it weighs the moves: one time in a line.
    """
    floor = _NARROWEST * float(lines.pooled.std())
    before = -np.inf
    for _ in range(steps):
        chain = _step(lines, chain, floor)
        if chain.log_likelihood - before < _GAIN * lines.there.sum():
            break
        before = chain.log_likelihood
    return chain


def _step(lines: Lines, chain: Chain, floor: float) -> Chain:
    """Return the likeliest chain given how likely each state is at each step under this one."""
    density, peaks = _densities(lines, chain)
    ahead, scales = _forward(lines, chain, density)
    shares, leaving = _backward(lines, chain, density, ahead, scales)
    log_likelihood = float(np.log(scales[lines.there]).sum() + peaks.sum())
    sums = shares.sum(axis=(0, 1)) + 1e-300
    means = np.einsum("pts,pt->s", shares, lines.logs) / sums
    gaps = lines.logs[:, :, None] - means
    spreads = np.sqrt(np.einsum("pts,pts->s", shares, gaps**2) / sums)
    stays = shares[:, :-1][lines.there[:, 1:]].sum(axis=0) + 1e-300
    leave = np.clip(leaving / stays, _RAREST, 1 - _RAREST)
    return Chain(leave, means, np.maximum(spreads, floor), log_likelihood)


def _densities(lines: Lines, chain: Chain) -> tuple[Numbers, Numbers]:
    """Return the states' densities over the larger of the two, and the log of that one.

    Shapes (pieces, steps, 2) and (n,); 1 where nothing was measured.
    """
    gaps = (lines.logs[:, :, None] - chain.means) / chain.spreads
    logs = -0.5 * (gaps**2 + np.log(2 * np.pi)) - np.log(chain.spreads)
    peaks = logs.max(axis=2)
    density = np.exp(logs - peaks[:, :, None])
    density[~lines.there] = 1.0
    return density, peaks[lines.there]


def _forward(lines: Lines, chain: Chain, density: Numbers) -> tuple[Numbers, Numbers]:
    """Return the states' shares given the times so far, and what each time added.

    Shapes (pieces, steps, 2) and (pieces, steps). Lines begin in the long run's shares.
    """
    moves = _moves(chain)
    ahead = np.empty_like(density)
    scales = np.empty(lines.logs.shape)
    expected = np.broadcast_to(chain.leave[::-1] / chain.leave.sum(), density[:, 0].shape)
    for t in range(density.shape[1]):
        joint = expected * density[:, t]
        scales[:, t] = joint.sum(axis=1)
        ahead[:, t] = joint / scales[:, t, None]
        expected = ahead[:, t] @ moves
    return ahead, scales


def _backward(
    lines: Lines, chain: Chain, density: Numbers, ahead: Numbers, scales: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the states' shares given all times, and how often each state is left.

    Shapes (pieces, steps, 2) and (2,); 0 where nothing was measured.
    """
    moves = _moves(chain)
    shares = np.empty_like(ahead)
    leaving = np.zeros(2)
    later = np.ones_like(ahead[:, 0])
    for t in range(ahead.shape[1] - 1, -1, -1):
        shares[:, t] = ahead[:, t] * later
        if t == 0:
            break
        coming = density[:, t] * later / scales[:, t, None]
        here = lines.there[:, t]
        # From s to the other state: the share of s before, the move, and what comes of it.
        leaving += (ahead[:, t - 1] * chain.leave * coming[:, ::-1])[here].sum(axis=0)
        later = np.where(here[:, None], coming @ moves.T, 1.0)
    shares[~lines.there] = 0.0
    return shares, leaving


def _moves(chain: Chain) -> Numbers:
    """Return the probabilities of going from a state (row) to a state (column)."""
    enter, leave = chain.leave
    return np.array([[1 - enter, enter], [leave, 1 - leave]])

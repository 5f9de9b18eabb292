"""Slow states: a two-state Markov chain on the log of time over the worker's own median.

At each step a worker is fast or slow, and its log time is normal around the state's mean: a hidden
Markov model (Rabiner, Proceedings of the IEEE 77, 1989), one for all workers.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.lognormal import Lognormal
from strag_sim.errors import FitError
from strag_sim.fitting.baum_welch import Chain, climbed
from strag_sim.fitting.lines import FEWEST, MOST, Lines, lines_of
from strag_sim.fitting.normals import two_normals
from strag_sim.measurements import Measurements

LAGS = (1, 5, 20)
# Shares of the times that are first taken for fast.
_SPLITS = (0.6, 0.8, 0.9, 0.97)
_FIRST_STEPS, _MOST_STEPS = 20, 500
# An autocorrelation that is off by more is told, if it is more than three standard errors.
_OFF = 0.05
# Slow stretches that are longer than by chance by less than this share are told, and so are fewer
# of them than this.
_LONGER, _FEW = 1.25, 30


@dataclass(frozen=True)
class States:
    """Two states fitted to measured times, and what speaks for and against them.

    Parameters
    ----------
    n, workers, left_out : int
        Times and workers that were fitted, and times beyond the most that are.
    share, dwell, factor : float
        Share of steps in the slow state, its mean length in steps, and how much slower it is: the
        ratio of the states' medians.
    spreads : tuple of float
        Standard deviation of the log time in the fast and in the slow state.
    typical, mean : float
        The fast state's median on a worker whose own median is the geometric mean of all; and the
        mean of all times. Seconds.
    between_workers : float
        Standard deviation of the log of the workers' medians, which the model leaves out.
    bic : dict
        Schwarz's criterion of ``one state``, ``two without memory`` and ``two states``; less is
        better.
    measured, modelled : dict
        Lag in steps -> autocorrelation of the log times within a worker.
    """

    n: int
    workers: int
    left_out: int
    share: float
    dwell: float
    factor: float
    spreads: tuple[float, float]
    typical: float
    mean: float
    between_workers: float
    bic: dict[str, float]
    measured: dict[int, float]
    modelled: dict[int, float]

    @property
    def supported(self) -> bool:
        """Whether two states with memory explain the times better than what is simpler."""
        return min(self.bic, key=lambda name: self.bic[name]) == "two states"

    @property
    def service(self) -> Lognormal:
        """The law of times in the fast state, in seconds."""
        spread = self.spreads[0]
        mean = self.typical * math.exp(spread**2 / 2)
        return Lognormal(mean=mean, cv=math.sqrt(math.expm1(spread**2)))

    @property
    def memory(self) -> float:
        """How much of the difference between the states is left after a step; 0 by chance."""
        return 1 - 1 / (self.dwell * (1 - self.share))

    @property
    def lasting(self) -> float:
        """The mean of slow stretches that end at any time, not between steps only; in seconds.

        A step is as long as the mean time. Looked at step by step, such stretches have the memory
        of the steps: exp(-1 / (lasting (1 - share))) is that. Long dwells are hardly changed.
        """
        if not 0 < self.memory < 1:
            return self.dwell * self.mean
        return self.mean / (-math.log(self.memory) * (1 - self.share))

    @property
    def slowdown(self) -> dict[str, object]:
        """The part of a scenario's ``slowdown`` that says this."""
        return {
            "kind": "states",
            "share": self.share,
            "dwell": self.lasting,
            "factor": self.factor,
        }

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader must know before using the states, in sentences."""
        return (*_verdict(self), *_memory(self), *_rest(self))


def states(measurements: Measurements) -> States:
    """Fit two states to each worker's times in their order.

    Raises
    ------
    FitError
        If workers were not told apart, or too few times in order are left.
    """
    lines = lines_of(measurements)
    pooled = lines.pooled
    if not pooled.std() > 0:
        raise FitError("values: every time is its worker's median; there are no states to fit")
    starts = [climbed(lines, _started(lines, share), _FIRST_STEPS) for share in _SPLITS]
    chain = climbed(lines, max(starts, key=lambda each: each.log_likelihood), _MOST_STEPS)
    fast, slow = np.argsort(chain.means, kind="stable")
    share = chain.leave[fast] / (chain.leave[fast] + chain.leave[slow])
    return States(
        n=pooled.size,
        workers=lines.workers,
        left_out=lines.left_out,
        share=float(share),
        dwell=float(1 / chain.leave[slow]),
        factor=float(np.exp(chain.means[slow] - chain.means[fast])),
        spreads=(float(chain.spreads[fast]), float(chain.spreads[slow])),
        typical=float(np.exp(lines.log_medians.mean() + chain.means[fast])),
        mean=lines.mean,
        between_workers=float(lines.log_medians.std()),
        bic=_criteria(pooled, chain),
        measured={lag: _autocorrelation(lines, lag) for lag in LAGS},
        modelled={lag: _modelled(chain, lag) for lag in LAGS},
    )


def _started(lines: Lines, share: float) -> Chain:
    """Return the chain of the steps below and above a quantile of all times."""
    pooled = lines.pooled
    cut = float(np.quantile(pooled, share))
    slow = lines.logs > cut
    means = [float(pooled[pooled <= cut].mean()), float(pooled[pooled > cut].mean())]
    both = lines.there[:, 1:] & lines.there[:, :-1]
    leave = []
    for state in (False, True):
        here = both & (slow[:, :-1] == state)
        left = np.count_nonzero(here & (slow[:, 1:] != state))
        leave.append((left + 1) / (np.count_nonzero(here) + 2))
    spread = float(pooled.std()) / 2
    return Chain(np.array(leave), np.array(means), np.array([spread, spread]), -math.inf)


def _criteria(pooled: NDArray[np.float64], chain: Chain) -> dict[str, float]:
    """Return Schwarz's criterion of the chain and of what is simpler."""
    variance = float(pooled.var())
    one = -0.5 * pooled.size * (math.log(2 * math.pi * variance) + 1)
    price = math.log(pooled.size)
    return {
        "one state": 2 * price - 2 * one,
        "two without memory": 5 * price - 2 * two_normals(pooled).log_likelihood,
        "two states": 6 * price - 2 * chain.log_likelihood,
    }


def _autocorrelation(lines: Lines, lag: int) -> float:
    """Return the autocorrelation of log times within workers; NaN if no line is so long."""
    gaps = lines.logs - lines.pooled.mean()
    both = lines.there[:, lag:] & lines.there[:, :-lag]
    if not both.any():
        return math.nan
    products = (gaps[:, lag:] * gaps[:, :-lag])[both]
    return float(products.mean() / lines.pooled.var())


def _modelled(chain: Chain, lag: int) -> float:
    """Return the model's autocorrelation: the variance between states, remembered so long."""
    share = chain.leave[0] / chain.leave.sum()  # of state 1
    between = share * (1 - share) * (chain.means[1] - chain.means[0]) ** 2
    within = (1 - share) * chain.spreads[0] ** 2 + share * chain.spreads[1] ** 2
    return float(between / (between + within) * (1 - chain.leave.sum()) ** lag)


def _verdict(found: States) -> tuple[str, ...]:
    """Return whether there are states, in a sentence."""
    if found.supported:
        return ("Two states explain the times better than one, and than two without memory.",)
    if found.bic["one state"] <= found.bic["two without memory"]:
        return ("Two states are not supported: one lognormal law explains the times as well.",)
    return (
        "Two states are not supported: there are two kinds of times, but no memory of which came "
        "last; a mixture says as much.",
    )


def _memory(found: States) -> tuple[str, ...]:
    """Return at which lags the model remembers too little or too much, in sentences."""
    least = max(_OFF, 3 * _error(found))
    gaps = {lag: found.modelled[lag] - found.measured[lag] for lag in LAGS}
    told = []
    for word, sign in (("little", -1), ("much", 1)):
        lags = [lag for lag, gap in gaps.items() if sign * gap > least]
        if lags:
            where = ", ".join(
                f"{found.modelled[lag]:.2f} at lag {lag} (measured {found.measured[lag]:.2f})"
                for lag in lags
            )
            told.append(f"The model remembers too {word}: its autocorrelation is {where}.")
    if told:
        told.append("Where it matters how long a worker stays slow, replay the measurements.")
    return tuple(told)


def _error(found: States) -> float:
    """Return the standard error of a measured autocorrelation at a long lag, if the model holds.

    Its square is (1 + 2 sum of r_k^2) / n for autocorrelations r_k (Bartlett, 1946).
    """
    total = found.modelled[1] ** 2 / (1 - found.memory**2) if abs(found.memory) < 1 else 0.0
    return math.sqrt((1 + 2 * total) / found.n)


def _rest(found: States) -> tuple[str, ...]:
    """Return what else the scenario leaves out."""
    told = []
    by_chance, stretches = 1 / (1 - found.share), found.n * found.share / found.dwell
    if found.supported and stretches < _FEW:
        told.append(
            f"The states rest on few slow stretches (some {stretches:.0f}), too few to know their "
            "share and dwell, or how the autocorrelation goes on."
        )
    if found.supported and found.dwell < _LONGER * by_chance:
        told.append(
            f"Slow steps follow each other hardly more than by chance ({found.dwell:.2f} in a row, "
            f"not {by_chance:.2f}): a mixture says nearly as much."
        )
    if found.left_out:
        told.append(
            f"{found.left_out:,} times were left out: of workers with fewer than {FEWEST}, or "
            f"beyond {MOST:,} in all."
        )
    if found.between_workers > 0.02:
        told.append(
            f"The workers' own medians differ by {100 * found.between_workers:.0f} % (standard "
            "deviation of the log), which the states leave out; fixed factors say it."
        )
    fast, slow = found.spreads
    if not 2 / 3 < slow / fast < 3 / 2:
        told.append(
            f"Times spread by {fast:.2g} in the fast state and {slow:.2g} in the slow one (of the "
            "log); a slowdown multiplies, so a scenario has the fast state's spread in both."
        )
    return tuple(told)

"""Measured times and the laws fitted to them: the share that takes longer than a time."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from strag_sim.fitting import Fit
from strag_sim.plots.legend import legend_above, lines
from strag_sim.plots.marks import faint, keep
from strag_sim.plots.tails import share_axis, time_ticks, unit_for

# Steps of the measured curve that are drawn, evenly on both scales; times at which laws are read.
STEPS, TIMES = 1500, 600


def fits(
    values: NDArray[np.float64], fitted: Sequence[Fit], ax: Axes, *, seconds: bool = True
) -> Axes:
    """Draw P(T > t) of measured values and of laws, both scales logarithmic; return the axes.

    Parameters
    ----------
    values : array of float64, shape (n,)
        Seconds; or factors, if ``seconds`` is false.
    fitted : sequence of Fit
        Those without a law are left out; the legend has the distance of the others.
    ax : Axes
    """
    ranked = np.sort(values)
    unit, scale = unit_for(float(ranked[-1])) if seconds else ("factor", 1.0)
    floor = 0.5 / ranked.size
    times, shares = _measured(ranked)
    ax.step(times * scale, shares, where="post", color=faint(0.4), linewidth=2.4, label="measured")
    rows = [pd.DataFrame({"law": "measured", "time": times, "ccdf": shares})]
    # Beyond the measured times by as much as the laws may say too much.
    beyond = min(1.5, float(ranked[-1] / ranked[0]) ** 0.4)
    grid = np.geomspace(ranked[0] / beyond**0.25, ranked[-1] * beyond, TIMES)
    for each, line in zip([each for each in fitted if each.law], lines(), strict=False):
        if each.law is not None and each.goodness is not None:
            curve = 1 - each.law.cdf(grid)
            label = f"{each.family} (KS {each.goodness.ks:.3f})"
            rows.append(pd.DataFrame({"law": each.family, "time": grid, "ccdf": curve}))
            ax.plot(grid * scale, np.where(curve >= floor / 2, curve, np.nan), label=label, **line)
    keep(ax, pd.concat(rows))
    ax.set_xscale("log")
    ax.set_xlim(grid[0] * scale, grid[-1] * scale)
    share_axis(ax, floor, "P(T > t)" if seconds else "P(F > f)")
    time_ticks(ax, decades=float(np.log10(grid[-1] / grid[0])))
    ax.set_xlabel(f"time t ({unit})" if seconds else "factor f")
    legend_above(ax)
    return ax


def _measured(ranked: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times and the shares of values above them, from before the first to the last."""
    n = ranked.size
    places = np.arange(n)
    if n > STEPS:
        tail = n - np.geomspace(1, n, STEPS // 2)
        body = np.linspace(0, n - 1, STEPS // 2)
        places = np.unique(np.concatenate([tail, body]).astype(np.intp))
    return (
        np.concatenate([[ranked[0] / 2], ranked[places]]),
        np.concatenate([[1.0], (n - 1 - places) / n]),
    )

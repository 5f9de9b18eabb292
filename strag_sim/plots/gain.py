"""How much each policy gains over another, in one result after another."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from strag_sim.errors import ResultError
from strag_sim.plots.legend import LETTER, MARKERS, legend_above, lines, literal, width_of
from strag_sim.plots.marks import faint, keep
from strag_sim.plots.rows import shortened
from strag_sim.results import Result
from strag_sim.statistics import Interval, Quantity
from strag_sim.statistics.paired import paired

# Multiples of a power of ten at which the axis has numbers.
_TICKS = (1, 1.5, 2, 3, 5, 7)
# How far apart the points of two policies stand, of the distance between two results.
_APART = 0.07


def gain(results: Sequence[Result], names: Sequence[str], ax: Axes, measure: str = "p99") -> Axes:
    """Draw the gain of every policy over the first one, result by result, and return the axes.

    The gain is the first policy's ``measure`` over that of the policy: above 1 the policy is
    faster. Results stand side by side in their order under ``names``; their policies must be the
    same. Bars are the intervals over runs; where a policy is unstable there is no point.
    """
    labels = _labels(results, names)
    drawn, rows = [], []
    places = side_by_side(len(labels) - 1)
    looks = zip(labels[1:], places, lines(), cycle(MARKERS), strict=False)
    for label, shift, line, marker in looks:
        gains = [gain_of(result, labels[0], label, measure) for result in results]
        points = np.array([point for point, _ in gains])
        bars = np.array([[p - i.low, i.high - p] for p, i in gains]).T
        drawn += [*(points - np.nan_to_num(bars[0])), *(points + np.nan_to_num(bars[1]))]
        rows += [
            {"result": name, "label": label, "gain": p, "low": i.low, "high": i.high}
            for name, (p, i) in zip(names, gains, strict=True)
        ]
        where = np.arange(len(results)) + shift
        look = {**line, "marker": marker, "markersize": 3, "capsize": 1.5}
        ax.errorbar(where, points, bars, label=label, **look)
    ax.axhline(1.0, color=faint(), linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
    if not np.isfinite(drawn).any():
        raise ResultError(
            f"{', '.join(names)}: no gain can be drawn: {labels[0]}, the first policy, or all "
            "others are unstable, and so have no quantiles"
        )
    keep(ax, pd.DataFrame(rows))
    _axes(ax, np.array(drawn))
    _name(ax, names)
    ax.set_xlim(-0.3, len(results) - 0.7)
    ax.set_ylabel(f"gain: {measure} of {literal(shortened(labels[0]))} / {measure}")
    legend_above(ax)
    return ax


def gain_of(result: Result, base: str, label: str, measure: str) -> tuple[float, Interval]:
    """Return the gain of a policy over another, and its interval over the runs of both.

    Runs are paired, for they share their random numbers: the logarithm of the gain has the
    spread that it has from run to run (sectioning, see `statistics.paired`).
    """

    def of(name: str) -> Quantity:
        pooled, values = (
            table.loc[table["label"] == name, measure].to_numpy(dtype=np.float64)
            for table in (result.summary(), result.runs())
        )
        return Quantity(float(pooled[0]), values)

    confidence = float(str(result.provenance["confidence"]))
    found = paired(of(base), of(label), confidence, "sectioning")
    return found.ratio, found.ratio_interval


def side_by_side(count: int) -> NDArray[np.float64]:
    """Return by how much the points of each policy stand aside, so that their bars do not hide."""
    places = np.arange(count, dtype=np.float64) - (count - 1) / 2
    return np.asarray(places * min(_APART, 0.4 / max(count, 1)))


def _labels(results: Sequence[Result], names: Sequence[str]) -> list[str]:
    """Return the labels of the policies; ResultError unless all results have the same, and two."""
    labels = [list(result.summary()["label"]) for result in results]
    for name, found in zip(names, labels, strict=True):
        if found != labels[0]:
            raise ResultError(
                f"{name}: has the policies {', '.join(found)}, but {names[0]} has "
                f"{', '.join(labels[0])}; a gain is drawn of results with the same policies"
            )
    if len(labels[0]) < 2:
        raise ResultError(
            f"{names[0]}: a gain needs two policies; the first is the one gained over"
        )
    return labels[0]


def _name(ax: Axes, names: Sequence[str]) -> None:
    """Write the results' names below the axis, aslant where they would run into each other."""
    room = ax.get_position().width * width_of(ax) / len(names)
    ax.set_xticks(range(len(names)), [literal(name) for name in names])
    if LETTER * (max(map(len, names)) + 1) > room:
        ax.tick_params("x", labelrotation=30)
        for label in ax.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")


def _axes(ax: Axes, drawn: NDArray[np.float64]) -> None:
    """Set the logarithmic scale of the gain, with the numbers that people read."""
    ax.set_yscale("log")
    finite = drawn[np.isfinite(drawn) & (drawn > 0)]
    low, high = min(finite.min(initial=1.0), 0.9), max(finite.max(initial=1.0), 1.1)
    ax.set_ylim(low / 1.08, high * 1.08)
    powers = 10.0 ** np.arange(np.floor(np.log10(low)) - 1, np.ceil(np.log10(high)) + 1)
    ticks = np.outer(powers, _TICKS if high / low < 30 else (1,)).ravel()
    ax.yaxis.set_major_locator(FixedLocator(list(ticks)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))

"""The law of a profile: the share of its times that are longer than a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from strag_sim.distributions.curve import Curve
from strag_sim.plots.legend import caption_below, legend_above, lines
from strag_sim.plots.marks import faint, keep
from strag_sim.plots.tails import LONG, share_axis, unit_for
from strag_sim.profiles import RATIO, Machine, Point, Profile
from strag_sim.units import seconds

# Where a law that rests on no measurements, or on very many, is no longer drawn.
LEAST_SHARE = 1e-5
# Factors with a median so near 1 are times over the median.
NEAR_ONE = 0.01
# Points of a curve beside those of its table: straight lines bend where the share is logarithmic.
POINTS = 400


Law = Profile | Machine | Point


def profile(law: Profile, ax: Axes) -> Axes:
    """Draw a profile's curves and a caption, and return the axes.

    The figure grows by the caption, which says on how many measurements the law rests and where
    it is from.
    """
    curves(law, ax)
    if law.machines or law.points:
        legend_above(ax)
    _caption(law, ax)
    return ax


def curves(law: Profile, ax: Axes) -> Axes:
    """Draw P(T > t) of a profile on a logarithmic scale, and return the axes.

    Thin lines are its machines. Of a profile that was measured by batch size each size has a
    curve, at the concurrency of the first point. A curve ends where less than one measurement
    lies above it.
    """
    drawn = _laws(law)
    unit, scale = _unit(law, list(drawn.values()))
    for (name, each), line in zip(drawn.items(), lines(), strict=False):
        _draw(each, scale, _floor(each), ax, {**line, "label": name, "zorder": 3})
    floor = min(map(_floor, drawn.values()))
    keep(ax, pd.concat([_data(name, each) for name, each in drawn.items()]))
    for machine in law.machines:
        label = f"each of {len(law.machines)} machines" if machine is law.machines[0] else None
        thin = {"color": faint(0.45), "linewidth": 0.35, "linestyle": "-", "label": label}
        _draw(machine, scale, max(floor, _floor(machine)), ax, thin)
    share_axis(ax, floor, "P(F > f)" if law.unit == RATIO else "P(T > t)")
    _time_axis(list(drawn.values()), unit, scale, ax)
    return ax


def _laws(law: Profile) -> dict[str, Law]:
    """Return what is drawn as a curve of its own, by the label of the curve."""
    points: dict[str, Law] = {}
    for point in sorted(law.points, key=lambda point: point.batch):
        if point.concurrency == law.points[0].concurrency:
            points.setdefault(f"batch of {point.batch}", point)
    return points or {"all": law}


def _unit(law: Profile, drawn: Sequence[Law]) -> tuple[str, float]:
    """Return the unit of the axis, and by what to multiply seconds: the file's unit, as a rule.

    Points are written in microseconds, whatever the model, so theirs is one that suits the times.
    """
    if law.unit == RATIO:
        return RATIO, 1.0
    if law.points:
        return unit_for(max(float(each.values[-1]) for each in drawn))
    return law.unit, 1 / seconds(f"1 {law.unit}")


def _floor(law: Law) -> float:
    """Return the least share that is drawn: that of one measurement."""
    return max(LEAST_SHARE, 1 / law.n) if law.n else LEAST_SHARE


def _data(name: str, law: Law) -> pd.DataFrame:
    """Return the points of a curve."""
    shares = _shares(law, _floor(law))
    return pd.DataFrame({"curve": name, "time": _times(law, shares), "ccdf": shares})


def _shares(law: Law, floor: float) -> NDArray[np.float64]:
    """Return the shares at which a curve is drawn: evenly, and at the levels of its table."""
    shares = np.union1d(np.geomspace(floor, 1, POINTS), 1 - law.levels)
    return np.asarray(shares[shares >= floor])


def _draw(law: Law, scale: float, floor: float, ax: Axes, line: Any) -> None:
    """Draw one curve, from its least time, down to a share of ``floor``."""
    shares = _shares(law, floor)
    ax.plot(_times(law, shares) * scale, shares, **line)


def _times(law: Law, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the times that these shares exceed."""
    return Curve(law.levels, law.values).quantile(1 - shares)


def _time_axis(drawn: Sequence[Law], unit: str, scale: float, ax: Axes) -> None:
    """Label the axis of times; make it logarithmic where the tail is long."""
    of_each = [_times(each, np.array([0.99, 0.5, _floor(each)])) * scale for each in drawn]
    start, median = np.min(of_each, axis=0)[:2]
    end = np.max(of_each, axis=0)[2]
    ax.set_xlabel(_time_label(unit, median))
    if end <= LONG * median:
        return
    ax.set_xscale("log")
    ax.set_xlim(left=start, right=1.1 * end)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))


def _time_label(unit: str, median: float) -> str:
    """Return what the axis shows: times in their unit, or factors, and of what if known."""
    if unit != RATIO:
        return f"time t ({unit})"
    return "factor f (times the median)" if abs(median - 1) < NEAR_ONE else "factor f"


def _caption(law: Profile, ax: Axes) -> None:
    """Write beneath the axes what the figure rests on."""
    of = f"n = {law.n:,}" if law.n else "from published parameters"
    how = "Measured on" if law.n else "Computed for"
    on = f" {how} {law.device}." if law.device else ""
    if law.points:
        of, at = f"{of} calls with a batch of {law.points[0].batch}", law.points[0].concurrency
        on += f" Concurrency {at}." if at > 1 else ""
    caption_below(f"{law.name}: {of}.{on} {law.source}", ax)

"""What varies and by how much: the spread of each policy's responses, and its variance's ratio."""

import math
from collections.abc import Hashable, Mapping
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from strag_sim.compare import compare, ratio
from strag_sim.errors import ResultError
from strag_sim.plots.legend import MARKERS, lines
from strag_sim.plots.marks import keep, of_policy
from strag_sim.plots.rows import head_behind, label_rows, shortened, write_behind
from strag_sim.plots.tails import time_ticks, unit_for
from strag_sim.results import Result

RATIO = ["ratio", "ratio_low", "ratio_high"]
AROUND = 0.75  # inches below and above the rows
# Largest over smallest, above which the axis is logarithmic.
FAR = 5


def variance(result: Result, ax: Axes) -> Axes:
    """Draw the standard deviation of each policy's responses, and return the axes.

    Policies stand in the order of the scenario; bars are the intervals over runs. Beside them is
    the variance over that of the first policy, and the interval of this ratio over pairs of runs,
    as `strag_sim.compare` gives it. An unstable policy is named and has no point, for its spread
    grows with the length of the run. The figure is as high as the policies need.
    """
    table = spreads(result)
    if table["std"].isna().all():
        raise ResultError(
            f"{result.folder or 'this result'}: no policy has a spread to be drawn: all are "
            "unstable, or have a single response"
        )
    unit, scale = unit_for(float(table[["std", "std_high"]].max().max()))
    places = label_rows(list(table["label"]), ax, AROUND)
    looks = zip(table.to_dict("records"), lines(), cycle(MARKERS), strict=False)
    for number, (row, line, marker) in enumerate(looks):
        with of_policy(ax, number):
            ends = [[row["std"] - row["std_low"]], [row["std_high"] - row["std"]]]
            look: dict[str, Any] = {"color": line["color"], "marker": marker, "markersize": 4}
            bar = np.array(ends) * scale
            ax.errorbar(row["std"] * scale, places[number], xerr=bar, capsize=1.5, **look)
            write_behind(_beside(row, first=number == 0), places[number], ax)
    _axis(ax, table[["std", "std_low", "std_high"]].to_numpy(dtype=np.float64) * scale)
    ax.set_xlabel(f"standard deviation ({unit})")
    if len(table) > 1:
        first = shortened(str(table["label"].iloc[0]))
        head_behind(f"variance over\nthat of {first}", ax)
    keep(ax, table)
    return ax


def spreads(result: Result) -> pd.DataFrame:
    """Return one row a policy: std (seconds) and its interval, and the ratio of its variance.

    Columns: ``label``, ``std``, ``std_low``, ``std_high``, ``ratio``, ``ratio_low`` and
    ``ratio_high``: the variance over that of the first policy, 1 for itself; NaN where there is no
    number, and for the ends of the intervals of a single run.
    """
    table = result.summary()[["label", "std", "std_low", "std_high"]]
    if len(table) < 2:
        return table.assign(ratio=1.0, ratio_low=np.nan, ratio_high=np.nan)
    compared = compare(result).table()
    ratios = compared[compared["measure"] == "var"][["label", *RATIO]]
    table = table.merge(ratios, on="label", how="left")
    if not math.isnan(table["std"].iloc[0]):
        table.loc[0, "ratio"] = 1.0
    return table


def _beside(row: Mapping[Hashable, Any], *, first: bool) -> str:
    """Return the ratio and its interval, or why there is none."""
    if math.isnan(row["std"]):
        return "unstable"
    return "1" if first else ratio(*(row[name] for name in RATIO))


def _axis(ax: Axes, drawn: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    """Begin the axis at 0, or make it logarithmic where policies are far apart.

    ``drawn`` has the points and the ends of their bars, shape (policies, 3).
    """
    most, least = float(np.nanmax(drawn)), float(np.nanmin(drawn[drawn > 0], initial=np.inf))
    points = drawn[:, 0]
    if np.nanmax(points) > FAR * np.nanmin(points) > 0:
        least = max(least, float(np.nanmin(points)) / FAR)  # an interval may go down to nothing
        ax.set(xscale="log", xlim=(least / 1.2, most * 1.2))
        time_ticks(ax, decades=math.log10(1.44 * most / least))
    else:
        ax.set_xlim(0, 1.05 * most or 1.0)

"""The decode gain against how many results are missing, for each family of points."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from strag_sim.codes import FAMILIES, BerrutCode, Code, LagrangeCode, gains
from strag_sim.codes.code import MOST_GAIN
from strag_sim.plots.legend import legend_above, lines
from strag_sim.plots.marks import background, faint, keep

INPUTS, TASKS = 8, 12  # small enough for every set to be tried


def decode_gain(ax: Axes) -> Axes:
    """Draw by how much decoding multiplies errors, and return the axes.

    Lagrange codes with 8 inputs and 12 tasks on each family of points, and Berrut's. Solid lines
    are medians over all sets of results that may be missing, dotted lines with open marks the worst
    of them. Where a line of the precisions' limits is crossed, results in it are refused.
    """
    missing = np.arange(TASKS - INPUTS + 1)
    rows = []
    for (name, code), line in zip(_codes().items(), lines(), strict=False):
        found = [gains(code, int(count)) for count in missing]
        style = {"color": line["color"], "marker": "o", "markersize": 2.5}
        ax.plot(missing, [np.median(each) for each in found], "-", label=name, **style)
        ax.plot(missing, [each.max() for each in found], ":", markerfacecolor=background(), **style)
        rows += [
            {"code": name, "missing": int(count), "median": np.median(each), "worst": each.max()}
            for count, each in zip(missing, found, strict=True)
        ]
    keep(ax, pd.DataFrame(rows))
    limit = MOST_GAIN["float32"]
    ax.axhline(limit, color=faint(), linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
    ax.annotate(
        "limit in float32",
        (0, limit),
        xytext=(0, 2),
        textcoords="offset points",
        fontsize="small",
        color=faint(),
    )
    ax.set_yscale("log")
    ax.set_xticks(missing)
    ax.set_xlabel(f"results missing, of {TASKS} ({INPUTS} inputs)")
    ax.set_ylabel("decode gain: median, worst (dotted)")
    legend_above(ax)
    return ax


def _codes() -> dict[str, Code]:
    """Return what is drawn, by its label."""
    lagrange = {
        f"Lagrange, {family}": LagrangeCode(INPUTS, TASKS, points=family) for family in FAMILIES
    }
    return {**lagrange, "Berrut, chebyshev": BerrutCode(INPUTS, TASKS - INPUTS)}

"""How p99 grows with the load: one line a policy, with its interval as a band."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from strag_sim.errors import ResultError
from strag_sim.plots.legend import caption_below, legend_above, lines, literal
from strag_sim.plots.marks import keep
from strag_sim.plots.swept import LOADS, lines_of, rows_of
from strag_sim.plots.tails import unit_for
from strag_sim.sweep import Swept

# Largest over smallest p99 above which the axis is logarithmic.
FAR = 10


def p99_load(swept: Swept, ax: Axes, where: Sequence[str] = ()) -> Axes:
    """Draw p99 against the load that is swept over, a line a policy, and return the axes.

    Bands are the intervals over runs. A line ends where its policy is unstable, which a cross
    says. Values of other paths make lines of their own.
    """
    rows, paths = rows_of(swept, where)
    load = next((path for path in LOADS if path in paths), None)
    if load is None:
        raise ResultError(
            f"{swept.folder}: no load was swept over; give arrivals.offered_load (or "
            "arrivals.rate) several values"
        )
    if rows["p99"].isna().all():
        raise ResultError(f"{swept.folder}: no policy is stable at any of these loads")
    unit, scale = unit_for(float(rows["p99"].max()))
    others = [path for path in paths if path != load]
    keep(ax, rows[[*paths, "label", "stable", "p99", "p99_low", "p99_high"]])
    ended = False
    for (name, group), look in zip(lines_of(rows, others, swept.folder), lines(), strict=False):
        found = group.sort_values(load)
        known = found[found["p99"].notna()]
        ax.plot(known[load], known["p99"] * scale, label=name, marker=".", markersize=3, **look)
        band = (known["p99_low"] * scale, known["p99_high"] * scale)
        ax.fill_between(known[load], *band, color=look["color"], alpha=0.2, linewidth=0)
        ended |= _end(known, len(found), load, scale, look["color"], ax)
    _axes(ax, rows, load, unit)
    legend_above(ax)
    if ended:
        caption_below("Cross: unstable at the next load that was simulated.", ax)
    return ax


def _end(known: pd.DataFrame, of: int, load: str, scale: float, colour: str, ax: Axes) -> bool:
    """Mark the end of a line beyond which its policy is unstable; return whether it has one."""
    if known.empty or len(known) == of:
        return False
    last = known.iloc[-1]
    ax.plot(last[load], last["p99"] * scale, marker="x", color=colour, markersize=5)
    return True


def _axes(ax: Axes, rows: pd.DataFrame, load: str, unit: str) -> None:
    """Name the axes, and make that of p99 logarithmic where it grows far."""
    name = "offered load" if load == LOADS[0] else "requests a second"
    ax.set(xlabel=name, ylabel=literal(f"p99 ({unit})"))
    if rows["p99"].max() > FAR * rows["p99"].min():
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(lambda time, _: f"{time:g}")
    else:
        ax.set_ylim(bottom=0)

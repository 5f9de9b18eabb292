"""Equal resources over parity against the load, beside what the authors' talk shows."""

import pandas as pd
from matplotlib.axes import Axes

from strag_sim.plots.legend import legend_above, lines
from strag_sim.plots.marks import faint
from strag_sim.reproduce.parity_cells import CALIBRATED, SHUFFLES, K
from strag_sim.reproduce.parity_claims import NAMES, ratios
from strag_sim.reproduce.parity_search import FOUND

# By setting: what the legend calls it, and its marker.
SHOWN = {CALIBRATED.label: ("calibrated", "o"), FOUND: ("found", "s")}
MEASURES = ("p99", "p999")
CAPTION = (
    "p99 and p99.9 of equal resources over those of parity (k = 2, 4 shuffles) against the load: "
    "with delays that were fitted to equal resources alone (calibrated), and with those that were "
    "searched for (found). Bands are 95 % intervals over runs; grey is what was read off the "
    "authors' talk, whose load is not known."
)


def drawn(cells: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the ratios of two settings, a line each, over the ranges of the claims."""
    usual = (cells["k"] == K) & (cells["shuffles"] == SHUFFLES)
    shown = cells[usual & cells["setting"].isin(SHOWN) & cells["measure"].isin(MEASURES)]
    look = lines()
    for setting, (called, marker) in SHOWN.items():
        for name in MEASURES:
            of = shown[(shown["setting"] == setting) & (shown["measure"] == name)]
            of, style = of.sort_values("rate"), next(look)
            label = f"{NAMES[name]}, {called}"
            ax.plot(of["rate"], of["ratio"], marker=marker, markersize=3, label=label, **style)
            band = (of["low"], of["high"])
            ax.fill_between(of["rate"], *band, color=style["color"], alpha=0.2, linewidth=0)
    _claims(ax)
    ax.set(xlabel="requests a second", ylabel="equal resources over parity")
    legend_above(ax)
    return ax


def _claims(ax: Axes) -> None:
    """Draw what the authors say, as bands behind the data."""
    for name in MEASURES:
        claim = ratios()[name]
        ax.axhspan(claim.low, claim.high, color=faint(0.3), linewidth=0, zorder=0)
        ax.annotate(
            f"talk, {NAMES[name]}",
            (0, claim.high),
            xytext=(2, 1),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="bottom",
            fontsize="x-small",
        )

"""Draw every shipped profile into one figure: ``python docs/draw_profiles.py [FILE.png]``."""

import sys
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from strag_sim import plots, profiles
from strag_sim.plots.profile import curves

HERE = Path(__file__).parent / "figures/profiles.png"
COLUMNS = 3


def main(path: str | Path = HERE) -> None:
    """Write the figure: a panel a profile, in the order of their names.

    Models by batch size that were computed all have the law of mlperf-single-stream, and five
    repeats are no law to look at: they are left out.
    """
    names = [name for name in profiles.names() if not name.startswith(("timm-", "splitwise-"))]
    rows = -(-len(names) // COLUMNS)
    with plots.styled():
        figure = Figure(figsize=(6.9, 1.62 * rows))
        FigureCanvasAgg(figure)
        panels = figure.subplots(rows, COLUMNS).ravel()
        for name, ax in zip(names, panels, strict=False):
            ax.set_title(name, loc="left", fontsize=7)
            curves(profiles.load(name), ax)
        for ax in panels[len(names) :]:
            ax.set_axis_off()
        figure.savefig(Path(path), dpi=130)


if __name__ == "__main__":
    main(*sys.argv[1:])

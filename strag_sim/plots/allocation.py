"""An allocation matrix: which model is on which device, in batches of what size."""

import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from strag_sim.ensembles import Allocation, Device, Member
from strag_sim.errors import ResultError
from strag_sim.plots.legend import LETTER, literal
from strag_sim.plots.marks import background, faint, keep
from strag_sim.units import readable_bytes

# The shades of batch sizes, by their logarithm; letters on darker ones than the last are white.
COLOURS, LIGHTEST, DARKEST, DARK = "Blues", 0.12, 0.8, 0.55
USED = "#E69F00"
FRAME: dict[str, Any] = {"facecolor": "none", "linewidth": 0.5}
# Inches: a figure over one or both columns of a paper, what stands left of the axes, above and
# below the rows, a row, a model at the least and at the most, a bar of memory, a gap beside it.
WIDTHS, LEFT, AROUND, ROW, NARROW, WIDE, BAR, GAP = (3.33, 6.9), 0.6, 0.4, 0.2, 0.24, 0.6, 0.7, 0.1
MOST_ROWS, LONGEST = 500, 30  # that are drawn; letters of a name
SMALL, SMALL_LETTER = 6, 0.047  # points; inches of a letter
IN_CELL: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL}
BELOW: dict[str, Any] = {
    "xytext": (0, -4),
    "textcoords": "offset points",
    "va": "top",
    "fontsize": 7,  # as names of models
}


def allocation(
    matrix: Allocation,
    ax: Axes,
    *,
    devices: Sequence[Device] = (),
    members: Sequence[Member] = (),
) -> Axes:
    """Draw a matrix, devices as rows and models as columns, and return the axes.

    A cell has its batch size, the darker the larger; without an instance it is empty. Where devices
    and members are given, bars beside it show the memory that is taken, in a frame for all that the
    device has. The figure grows with the rows, and to both columns of a paper for many models.
    """
    rows, columns = len(matrix.batch), len(matrix.models)
    if rows > MOST_ROWS:
        raise ResultError(f"{rows:,} devices are not drawn; at most {MOST_ROWS} are")
    used = matrix.used(members) if devices else ()
    texts = [_of_memory(taken, device) for taken, device in zip(used, devices, strict=False)]
    beside = 3 * GAP + BAR + SMALL_LETTER * max(map(len, texts)) if texts else 0.0
    rooms = [(width - LEFT - beside) / columns for width in WIDTHS]
    width, unit = WIDTHS[rooms[0] < NARROW], min(rooms[rooms[0] < NARROW], WIDE)
    _cells(matrix, ax)
    cells = ((row, matrix.models[column], batch) for row, column, batch in matrix.instances())
    keep(ax, pd.DataFrame(cells, columns=["device", "model", "batch"]))
    if texts:
        _bars(used, devices, texts, (columns - 0.5, unit), ax)
    ax.set_xlim(-0.5, -0.5 + (width - LEFT) / unit)
    ax.set_ylim(rows - 0.5, -0.5)
    ax.set_yticks(range(rows))
    ax.set_ylabel("device")
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    figure = ax.get_figure(root=True)
    height = AROUND + ROW * rows + _name(matrix.models, unit, ax)
    if figure is not None:
        figure.set_size_inches(width, height)
    return ax


def _cells(matrix: Allocation, ax: Axes) -> None:
    """Draw a square for each cell, shaded and with its batch size where there is an instance."""
    largest = max((cell.batch for cell in matrix.instances()), default=1)
    colours = mpl.colormaps[COLOURS]
    for row, sizes in enumerate(matrix.batch):
        for column, batch in enumerate(sizes):
            share = math.log(batch or 1) / (math.log(largest) or 1.0)
            shade = LIGHTEST + (DARKEST - LIGHTEST) * share
            face = colours(shade) if batch else background()
            corner = (column - 0.5, row - 0.5)
            frame: dict[str, Any] = {"edgecolor": faint(0.15), "linewidth": 0.5}
            ax.add_patch(Rectangle(corner, 1, 1, facecolor=face, **frame))
            if batch:
                colour = "white" if shade > DARK else "black"
                ax.text(column, row, str(batch), color=colour, **IN_CELL)


def _bars(
    used: Sequence[float],
    devices: Sequence[Device],
    texts: Sequence[str],
    place: tuple[float, float],
    ax: Axes,
) -> None:
    """Draw the memory of each device beside its row, the largest as long as BAR.

    ``place`` is where the matrix ends, and the inches of a column.
    """
    end, unit = place
    sizes = [
        device.memory if math.isfinite(device.memory) else taken
        for taken, device in zip(used, devices, strict=True)
    ]
    inch = BAR / (unit * max(*sizes, 1.0))
    start = end + GAP / unit
    ax.annotate("memory", (start, len(used) - 0.5), **BELOW)
    for row, (taken, size, text) in enumerate(zip(used, sizes, texts, strict=True)):
        corner = (start, row - 0.3)
        ax.add_patch(Rectangle(corner, taken * inch, 0.6, facecolor=USED))
        ax.add_patch(Rectangle(corner, size * inch, 0.6, edgecolor=faint(0.6), **FRAME))
        ax.text(start + (BAR + GAP) / unit, row, literal(text), va="center", fontsize=SMALL)


def _of_memory(taken: float, device: Device) -> str:
    """Return how much of a device's memory is taken, such as ``12.4 of 16 GB``."""
    now = readable_bytes(taken)
    if not math.isfinite(device.memory):
        return now
    most = readable_bytes(device.memory)
    same = now.rpartition(" ")[2] == most.rpartition(" ")[2]
    return f"{now.rpartition(' ')[0] if same else now} of {most}"


def _name(models: Sequence[str], unit: float, ax: Axes) -> float:
    """Write the names of the models below, aslant where they are long; return their inches."""
    names = [name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}..." for name in models]
    longest = LETTER * (max(map(len, names)) + 1)
    ax.set_xticks(range(len(names)), [literal(name) for name in names])
    if longest <= unit:
        return 0.0
    ax.tick_params("x", labelrotation=45)
    for label in ax.get_xticklabels():
        label.set(ha="right", rotation_mode="anchor")
    return longest * 0.75

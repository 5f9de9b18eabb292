"""Draw a collage and what its model says of the cells: ``python docs/draw_collage.py MODELS``.

MODELS is the folder of ``strag-sim accuracy train``; needs torch. The collage is the first of the
test images of seed 0, in their order, in which the model is wrong about a cell.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from strag_sim import accuracy, plots
from strag_sim.accuracy.images import split

HERE = Path(__file__).parent / "figures/collage.png"
SCHEME, SEED, GROUPS = "collage-4", 0, 31


def main(models: str, path: str | Path = HERE) -> None:
    """Write the figure: the images on the left, the canvas that stands for all on the right."""
    images, scheme = accuracy.images(), accuracy.scheme(SCHEME)
    chosen = split(images, SEED).testing[: GROUPS * scheme.inputs].reshape(GROUPS, -1)
    served = accuracy.server(scheme, images, Path(models), SEED)
    pixels = torch.from_numpy(images.pixels[chosen])
    told = served.decoded(served.results(pixels), [0], pixels.shape[-1]).argmax(-1)
    group = int(np.argmax((told != images.labels[chosen]).any(axis=1)))
    grid = round(scheme.inputs**0.5)
    members = images.pixels[chosen[group]]
    canvas = np.asarray(scheme.code(1, members.shape[-1]).encode(members))[0, 0]
    with plots.styled():
        figure = Figure(figsize=(4.6, 2.5))
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        rows = members[:, 0].reshape(grid, grid, *members.shape[2:])
        beside = np.block([list(row) for row in rows])
        for ax, image, title in (
            (left, beside, f"{scheme.inputs} requests, {beside.shape[0]} pixels a side"),
            (right, canvas, f"their collage, {canvas.shape[0]} pixels, and its answers"),
        ):
            ax.imshow(image, cmap="gray_r", interpolation="nearest")
            ax.set_title(title, fontsize=7)
            ax.set_axis_off()
        cell = canvas.shape[0] / grid
        for ax, side in ((left, beside.shape[0] / grid), (right, cell)):
            for line in range(1, grid):
                ax.axhline(line * side - 0.5, color="C2", linewidth=0.4)
                ax.axvline(line * side - 0.5, color="C2", linewidth=0.4)
        for place, (answer, truth) in enumerate(
            zip(told[group], images.labels[chosen[group]], strict=True)
        ):
            row, column = divmod(place, grid)
            wrong = answer != truth
            right.text(
                (column + 0.96) * cell - 0.5,
                (row + 0.04) * cell - 0.5,
                f"{answer} ✗" if wrong else f"{answer}",
                ha="right",
                va="top",
                fontsize=7,
                fontweight="bold" if wrong else "normal",
                color="C1" if wrong else "C0",
            )
        figure.savefig(Path(path), dpi=130)


if __name__ == "__main__":
    main(*sys.argv[1:])

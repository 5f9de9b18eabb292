"""Collages: k x k images on one canvas, which one network answers cell by cell.

Narra, Lin, Ananthanarayanan, Avestimehr and Annavaram, "Collage Inference: Using Coded Redundancy
for Lowering Latency Variation in Distributed Image Classification Systems", ICDCS 2020
(arXiv:1904.12222).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from strag_sim.codes.code import Floats, at_least, checked_inputs, checked_tasks
from strag_sim.codes.resizing import TAPS_FLOPS, resized
from strag_sim.errors import CodeError


@dataclass(frozen=True)
class CollageCode:
    """``grid`` x ``grid`` images pasted row by row, the canvas resized to ``size`` x ``size``.

    Image j * grid + i stands in row j and column i, as in the authors' master, which pastes images
    of 224 pixels and resizes the canvas to 416, whatever the grid. Its one task is the collage's;
    the own tasks beside it are plain inputs, and answer without a code. ``channels`` are those of
    an image, and say how much is sent.
    """

    grid: int
    size: int
    channels: int = 3

    tasks: ClassVar[int] = 1
    least: ClassVar[int] = 1
    resizes: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Refuse parameters that make no code."""
        at_least(1, grid=self.grid, size=self.size, channels=self.channels)
        if self.size < self.grid:
            raise CodeError(
                f"size: {self.size} is not allowed; size must leave each cell of the grid a pixel, "
                f"so be at least {self.grid}"
            )

    @property
    def inputs(self) -> int:
        """grid^2."""
        return self.grid**2

    def encode(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return the canvas [1, C, size, size] of images [grid^2, C, H, W]."""
        images = checked_inputs(inputs, self.inputs, "C, H, W")
        _, channels, height, width = images.shape
        cells = images.reshape(self.grid, self.grid, channels, height, width)
        canvas = cells.transpose(2, 0, 3, 1, 4).reshape(
            channels, self.grid * height, self.grid * width
        )
        return resized(canvas, self.size, self.size)[None]

    def decode(self, results: NDArray[Any], returned: Sequence[int] = (0,)) -> Floats:
        """Return the answers [grid^2, C] of the collage's result, [1, grid^2, C] or [1, grid^2 C].

        A cell for which the network had no prediction is a row with a NaN, and its answer a row of
        NaN: no answer, and never that of a class. (The authors' decoder marks such a cell -1, which
        as an index is the last class.)
        """
        checked_tasks(returned, self)
        rows = results.reshape(results.shape[0], -1) if results.ndim in (2, 3) else results
        fits = results.ndim == 2 or (results.ndim == 3 and results.shape[1] == self.inputs)
        if not fits or rows.shape[0] != 1 or rows.shape[1] == 0 or rows.shape[1] % self.inputs:
            raise CodeError(
                f"results: the shape {list(results.shape)} is not allowed; the result of a collage "
                f"is [1, {self.inputs}, C], or the same numbers in one row"
            )
        answers = rows.reshape(self.inputs, -1).astype(np.float64)
        answers[np.isnan(answers).any(axis=1)] = np.nan
        return answers

    def gain(self, returned: Sequence[int] = (0,)) -> float:
        """Return 1: answers are taken as they are."""
        checked_tasks(returned, self)
        return 1.0

    def encode_flops(self, numbers: int) -> float:
        """Return 4 grid^2 D, at the rate of resizing."""
        return TAPS_FLOPS * self.inputs * numbers

    def decode_flops(self, answers: int) -> float:
        """Return 0: nothing is computed."""
        return 0.0 * answers

    def sent(self, numbers: int) -> tuple[int, ...]:
        """Return the numbers of the canvas, whatever the inputs have."""
        return (self.channels * self.size**2,)

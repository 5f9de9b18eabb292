"""Encoding and decoding as models: a code's matrix on the device, times what it weighs.

So what a code costs a GPU is measured by the sessions that measure models. A batch of b is b groups
in one call. The matrix is on the device before; what it takes to work it out for those who returned
and to bring it there is not measured (its host needs some dozens of microseconds).
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from strag_sim.codes import LinearCode
from strag_sim.profiler.models.made import Made, images
from strag_sim.profiler.subject import Subject


class Weighing(torch.nn.Module):
    """A product of one matrix (rows, columns) with inputs (batch, columns, numbers)."""

    matrix: torch.Tensor

    def __init__(self, matrix: NDArray[np.float64]) -> None:
        super().__init__()
        self.register_buffer("matrix", torch.from_numpy(matrix))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the weighted sums (batch, rows, numbers)."""
        return self.matrix @ inputs


def encoder(name: str, code: LinearCode, numbers: int) -> Subject:
    """Return the encoding of K inputs of so many numbers into all N tasks as a model."""
    matrix = code.encode_matrix()
    return Subject(name, partial(_weighing, matrix, numbers), "of the code", "strag_sim.codes")


def decoder(name: str, code: LinearCode, returned: Sequence[int], answers: int) -> Subject:
    """Return the decoding of the results of these tasks, of so many answers each, as a model."""
    matrix = code.decode_matrix(returned)
    return Subject(name, partial(_weighing, matrix, answers), "of the code", "strag_sim.codes")


def _weighing(matrix: NDArray[np.float64], numbers: int) -> Made:
    """Return the product with a matrix, and random inputs for it."""
    return Weighing(matrix).eval(), images(matrix.shape[1], numbers)

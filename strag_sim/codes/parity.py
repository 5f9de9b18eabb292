"""Parity models: parities beside the inputs themselves, and subtraction.

Kosaian, Rashmi and Venkataraman, "Parity Models: Erasure-Coded Resilience for Prediction Serving
Systems", SOSP 2019 (arXiv:1905.00863).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from strag_sim.codes.code import Floats, at_least, checked_inputs, checked_tasks
from strag_sim.codes.interpolation import gain_of
from strag_sim.codes.linear import decoded, dense_flops, weighed
from strag_sim.codes.resizing import TAPS_FLOPS, resized
from strag_sim.errors import CodeError

ENCODERS = ("sum", "concatenation")


@dataclass(frozen=True)
class ParityCode:
    """k ``inputs`` as they are, then r ``parities``; any k results decode.

    A parity model F' learns to turn a parity of the inputs into the same sum of the outputs, so
    that a missing output is F'(parity) minus the others (the authors' SubtractionDecoder). The
    encoder ``sum`` adds the inputs; ``concatenation`` shrinks the k images into a grid on an image
    of their own size: halves for k = 2, quadrants for 4 as in the authors' code, which knows no
    others, and one quadrant empty for 3. More than one missing take more than one parity.

    The authors' code has r = 1 alone. With more, our reading: parity i = 0, 1, ... weighs output
    j = 0, 1, ... by (j + 1)^i, with the sum its input too, so that any k results decode (the minors
    of a Vandermonde matrix of rising positive numbers are positive). Concatenated parities are all
    the same image, for models that learn different sums.
    """

    inputs: int
    parities: int = 1
    encoder: Literal["sum", "concatenation"] = "sum"

    def __post_init__(self) -> None:
        """Refuse parameters that make no code."""
        at_least(1, inputs=self.inputs, parities=self.parities)
        if self.encoder not in ENCODERS:
            raise CodeError(
                f"encoder: {self.encoder!r} is not allowed; encoder must be sum or concatenation"
            )

    @property
    def tasks(self) -> int:
        """k + r."""
        return self.inputs + self.parities

    @property
    def least(self) -> int:
        """k."""
        return self.inputs

    @property
    def resizes(self) -> bool:
        """Whether images are shrunk."""
        return self.encoder == "concatenation"

    def parity_weights(self) -> Floats:
        """Return what each parity model learns: the weights [r, k] of the outputs in its own."""
        return np.arange(1.0, self.inputs + 1) ** np.arange(self.parities)[:, None]

    def encode_matrix(self) -> Floats:
        """Return [k + r, k]: the unit matrix, and the weights of each parity below.

        Concatenation, which is no sum of inputs, has none: a CodeError.
        """
        if self.encoder != "sum":
            raise CodeError(
                "encoder: concatenation has no matrix, for it adds no inputs up; use encode"
            )
        return np.vstack([np.eye(self.inputs), self.parity_weights()])

    def decode_matrix(self, returned: Sequence[int]) -> Floats:
        """Return the weights [k, R] of these results: own ones as they are, parities for the rest.

        With m own results missing, the first m parities among the results are solved for them;
        others are not needed, and weigh 0.
        """
        tasks = checked_tasks(returned, self)
        own = [task for task in tasks if task < self.inputs]
        missing = [task for task in range(self.inputs) if task not in own]
        parities = [task for task in tasks if task >= self.inputs][: len(missing)]
        matrix = np.zeros((self.inputs, self.tasks))
        matrix[own, own] = 1.0
        if missing:
            weights = self.parity_weights()[np.array(parities) - self.inputs]
            inverse = np.linalg.inv(weights[:, missing])
            matrix[np.ix_(missing, parities)] = inverse
            matrix[np.ix_(missing, own)] = -inverse @ weights[:, own]
        return matrix[:, tasks]

    def encode(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return the inputs and the parities [k + r, ...] of inputs [k, ...].

        Of images, [k, C, H, W], if they are concatenated.
        """
        values = checked_inputs(inputs, self.inputs)
        return np.concatenate([values, self.parities_of(values)])

    def parities_of(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return the parities alone [r, ...]: what has to be computed."""
        if self.encoder == "sum":
            return weighed(self, checked_inputs(inputs, self.inputs), self.inputs)
        parity = self._concatenated(checked_inputs(inputs, self.inputs, "C, H, W"))
        return np.repeat(parity[None], self.parities, axis=0)

    def decode(self, results: NDArray[Any], returned: Sequence[int]) -> Floats:
        """Return the answers [k, C] of results [R, C]."""
        return decoded(self, results, returned)

    def gain(self, returned: Sequence[int]) -> float:
        """Return the decode gain: 1 if nothing is missing, k if one is, with one parity."""
        return gain_of(self.decode_matrix(returned))

    def encode_flops(self, numbers: int) -> float:
        """Return 2 k r D of sums; of concatenation 4 k D, at the rate of resizing."""
        if self.resizes:
            return TAPS_FLOPS * self.inputs * numbers
        return dense_flops(self.parities, self.inputs, numbers)

    def decode_flops(self, answers: int) -> float:
        """Return 2 k r C: at most r answers are decoded, each from k results."""
        return dense_flops(self.parities, self.inputs, answers)

    def sent(self, numbers: int) -> tuple[int, ...]:
        """Return as many numbers for each task as one input has."""
        return (numbers,) * self.tasks

    def _concatenated(self, images: NDArray[Any]) -> NDArray[Any]:
        """Return one image [C, H, W] in which the k images stand row by row; the rest is 0."""
        _, _, height, width = images.shape
        columns = int(np.ceil(np.sqrt(self.inputs)))
        rows = -(-self.inputs // columns)
        if height < rows or width < columns:
            raise CodeError(
                f"inputs: images of {height} x {width} are too small to be shrunk into "
                f"{rows} x {columns} cells; use the encoder sum"
            )
        parity: NDArray[Any] = np.zeros(images.shape[1:], images.dtype)
        for cell, image in enumerate(images):
            row, column = divmod(cell, columns)
            top, bottom = height * row // rows, height * (row + 1) // rows
            left, right = width * column // columns, width * (column + 1) // columns
            parity[:, top:bottom, left:right] = resized(image, bottom - top, right - left)
        return parity

"""Lagrange codes: inputs are values of a polynomial, tasks other values of it.

Yu, Li, Raviv, Kalan, Soltanolkotabi and Avestimehr, "Lagrange Coded Computing: Optimal Design for
Resiliency, Security and Privacy", AISTATS 2019 (arXiv:1806.00939); for functions that are learned
Tang, Agrawal, Stanczak and Zhu, "Coded Distributed Image Classification", 2023 (arXiv:2307.04915).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from strag_sim.codes.code import Floats, at_least, checked_tasks
from strag_sim.codes.interpolation import (
    gain_of,
    interpolation_matrix,
    lagrange_weights,
    least_squares_matrix,
)
from strag_sim.codes.linear import decoded, dense_flops, encoded
from strag_sim.codes.points import Points, points_of
from strag_sim.errors import CodeError

# Up to this gain the polynomial goes through all results, also where more came than are needed.
SMALL_GAIN = 3.0


@dataclass(frozen=True)
class LagrangeCode:
    """K ``inputs`` as N ``tasks``; any R of them, the ``threshold``, decode.

    u(z) = sum_j X_j l_j(z) is the polynomial of degree K - 1 with u(data point j) = X_j, and task i
    is sent u(worker's point i). If workers compute a polynomial f of degree d, f(u(z)) has degree
    (K - 1) d, so that R = (K - 1) d + 1 results give it exactly, and f(X_j) is its value at data
    point j (LCC, theorem 1, without colluding workers). For other functions the answers are
    approximate, and R is chosen. ``threshold`` is K by default: exact for linear functions; below K
    the answers cannot all be told apart, whatever the function.

    When more than R results returned, the polynomial of degree R - 1 nearest to all of them is
    taken: it averages errors. It goes through all of them if that multiplies errors by at most 3
    (there the two were alike in our trials, and an interpolant follows functions of higher degree),
    or if R < K, where least squares lost 13 points of accuracy. Both give a result at a data point
    as it is. ``points`` are a family, or Points.
    """

    inputs: int
    tasks: int
    threshold: int | None = None
    points: str | Points = "chebyshev"

    resizes: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse parameters that make no code."""
        at_least(1, inputs=self.inputs, tasks=self.tasks)
        if self.threshold is not None:
            at_least(1, threshold=self.threshold)
        if self.least > self.tasks:
            of = "inputs" if self.threshold is None else "threshold"
            raise CodeError(
                f"tasks: {self.tasks} is not allowed; tasks must be at least the {of} "
                f"({self.least})"
            )
        points_of(self.points, self.inputs, self.tasks)

    @property
    def least(self) -> int:
        """R."""
        return self.inputs if self.threshold is None else self.threshold

    @property
    def placed(self) -> Points:
        """Where inputs and tasks stand."""
        return points_of(self.points, self.inputs, self.tasks)

    def encode_matrix(self) -> Floats:
        """Return l_j(worker's point i), [N, K]."""
        data = np.array(self.placed.data)
        return interpolation_matrix(np.array(self.placed.workers), data, lagrange_weights(data))

    def decode_matrix(self, returned: Sequence[int]) -> Floats:
        """Return the weights [K, R] of these results in each answer."""
        tasks = checked_tasks(returned, self)
        targets, nodes = np.array(self.placed.data), np.array(self.placed.workers)[tasks]
        through = interpolation_matrix(targets, nodes, lagrange_weights(nodes))
        if len(tasks) == self.least or self.least < self.inputs or gain_of(through) <= SMALL_GAIN:
            return through
        return least_squares_matrix(targets, nodes, self.least - 1)

    def encode(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return the coded inputs [N, ...] of inputs [K, ...]."""
        return encoded(self, inputs)

    def decode(self, results: NDArray[Any], returned: Sequence[int]) -> Floats:
        """Return the answers [K, C] of results [R, C]."""
        return decoded(self, results, returned)

    def gain(self, returned: Sequence[int]) -> float:
        """Return the decode gain: it grows with the tasks that are missing, not with N."""
        return gain_of(self.decode_matrix(returned))

    def encode_flops(self, numbers: int) -> float:
        """Return 2 K N D, without the tasks that are copies of an input: of systematic codes K."""
        copies = sum(np.count_nonzero(row) == 1 for row in self.encode_matrix())
        return dense_flops(self.tasks - copies, self.inputs, numbers)

    def decode_flops(self, answers: int) -> float:
        """Return 2 K R C."""
        return dense_flops(self.inputs, self.least, answers)

    def sent(self, numbers: int) -> tuple[int, ...]:
        """Return as many numbers for each task as one input has."""
        return (numbers,) * self.tasks

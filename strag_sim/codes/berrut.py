"""Berrut codes: inputs and results are values of rational functions without poles on the line.

Soleymani, Ali, Mahdavifar and Avestimehr, "ApproxIFER: A Model-Agnostic Approach to Resilient and
Robust Prediction Serving Systems", AAAI 2022 (arXiv:2109.09868); Jahani-Nezhad and Maddah-Ali,
"Berrut Approximated Coded Computing", IEEE TPAMI 2023 (arXiv:2009.08327).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from strag_sim.codes.code import Floats, at_least, check_gain, checked_results, checked_tasks
from strag_sim.codes.interpolation import berrut_weights, gain_of, interpolation_matrix
from strag_sim.codes.linear import dense_flops, encoded
from strag_sim.codes.locating import located
from strag_sim.codes.points import Points, points_of


@dataclass(frozen=True)
class BerrutCode:
    """K ``inputs``, of whose tasks S ``stragglers`` may be late and E ``errors`` wrong.

    u(z) = sum_j (-1)^j X_j / (z - a_j) over sum_j (-1)^j / (z - a_j), and task i is sent u(worker's
    point i); the answers are the values at the data points of the same form through the results,
    with signs that alternate along the results that are there. The gain stays small whatever is
    missing, and the answers are approximate for every function, even a linear one.

    Without errors N = K + S, and any number of results decodes (R = 1), though the authors wait
    for N - S, which is ``waited``. With errors N = 2 K + 2 E + S - 1, and R = N - S = 2 K + 2 E - 1
    is what the locator needs and is enough for it (`locating` has the proof): it has 2 (K + E)
    unknown coefficients, of which one is a scale. The count of the authors' code therefore holds;
    one result fewer leaves the places undetermined. ``points`` are a family, or Points.
    """

    inputs: int
    stragglers: int
    errors: int = 0
    points: str | Points = "chebyshev"

    resizes: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse parameters that make no code."""
        at_least(1, inputs=self.inputs)
        at_least(0, stragglers=self.stragglers, errors=self.errors)
        points_of(self.points, self.inputs, self.tasks)

    @property
    def waited(self) -> int:
        """The results that the authors wait for, N - S: K without errors, else 2 K + 2 E - 1."""
        return 2 * (self.inputs + self.errors) - 1 if self.errors else self.inputs

    @property
    def tasks(self) -> int:
        """N."""
        return self.waited + self.stragglers

    @property
    def least(self) -> int:
        """R: 1 without errors, else 2 K + 2 E - 1."""
        return self.waited if self.errors else 1

    @property
    def placed(self) -> Points:
        """Where inputs and tasks stand."""
        return points_of(self.points, self.inputs, self.tasks)

    def encode_matrix(self) -> Floats:
        """Return the weights [N, K] of the inputs."""
        data = np.array(self.placed.data)
        return interpolation_matrix(np.array(self.placed.workers), data, berrut_weights(data))

    def decode_matrix(self, returned: Sequence[int]) -> Floats:
        """Return the weights [K, R] of these results, none of which is held to be wrong."""
        return self._matrix(checked_tasks(returned, self))

    def encode(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return the coded inputs [N, ...] of inputs [K, ...]."""
        return encoded(self, inputs)

    def decode(self, results: NDArray[Any], returned: Sequence[int]) -> Floats:
        """Return the answers [K, C] of results [R, C]; with errors, without the E wrong ones."""
        tasks = checked_tasks(returned, self)
        values = checked_results(results, tasks)
        wrong = set(self.wrong(results, tasks))
        right = [i for i, task in enumerate(tasks) if task not in wrong]
        kept = [tasks[i] for i in right]
        matrix = self._matrix(kept)
        check_gain(gain_of(matrix), results, kept)
        return np.asarray(matrix @ values[right])

    def wrong(self, results: NDArray[Any], returned: Sequence[int]) -> list[int]:
        """Return the E tasks whose results [R, C] are most likely wrong, rising; none if E is 0.

        Always E of them: where fewer are wrong, right ones are left out, which costs little.
        """
        tasks = checked_tasks(returned, self)
        values = checked_results(results, tasks)
        if not self.errors:
            return []
        nodes = np.array(self.placed.workers)[tasks]
        return sorted(tasks[i] for i in located(values, nodes, self.inputs, self.errors))

    def gain(self, returned: Sequence[int]) -> float:
        """Return the decode gain of these results, none of which is held to be wrong."""
        return gain_of(self.decode_matrix(returned))

    def encode_flops(self, numbers: int) -> float:
        """Return 2 K N D."""
        return dense_flops(self.tasks, self.inputs, numbers)

    def decode_flops(self, answers: int) -> float:
        """Return 2 K (N - S) C; the locator's time is not among it."""
        return dense_flops(self.inputs, self.waited, answers)

    def sent(self, numbers: int) -> tuple[int, ...]:
        """Return as many numbers for each task as one input has."""
        return (numbers,) * self.tasks

    def _matrix(self, tasks: Sequence[int]) -> Floats:
        """Return the weights [K, R] of the results of these tasks."""
        nodes = np.array(self.placed.workers)[list(tasks)]
        return interpolation_matrix(np.array(self.placed.data), nodes, berrut_weights(nodes))

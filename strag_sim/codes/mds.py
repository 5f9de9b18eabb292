"""Maximum distance separable codes over the real numbers: any K of N results, linear functions.

Lee, Lam, Pedarsani, Papailiopoulos and Ramchandran, "Speeding Up Distributed Machine Learning
Using Codes", IEEE Transactions on Information Theory, 2018 (arXiv:1512.02673).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from strag_sim.codes.code import Floats, checked_inputs
from strag_sim.codes.lagrange import LagrangeCode
from strag_sim.codes.linear import weighed


@dataclass(frozen=True)
class MDSCode:
    """K ``inputs`` as N ``tasks``: the inputs themselves, then N - K parities; any K decode.

    A Lagrange code on systematic points: its K x K minors are those of an interpolation between
    distinct points, and so never 0. Exact if workers compute a linear function, as the layers of a
    network between two activations do; for anything else it is approximate (a polynomial of degree
    d would take (K - 1) d + 1 results).
    """

    inputs: int
    tasks: int

    resizes: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse parameters that make no code."""
        _ = self._lagrange

    @property
    def least(self) -> int:
        """K."""
        return self.inputs

    @property
    def _lagrange(self) -> LagrangeCode:
        """The same code as a polynomial."""
        return LagrangeCode(self.inputs, self.tasks, points="systematic")

    def encode_matrix(self) -> Floats:
        """Return [N, K]: the unit matrix, and the parities' weights below."""
        return self._lagrange.encode_matrix()

    def decode_matrix(self, returned: Sequence[int]) -> Floats:
        """Return the weights [K, R] of these results; an own result is taken as it is."""
        return self._lagrange.decode_matrix(returned)

    def encode(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return the inputs and the parities [N, ...] of inputs [K, ...]."""
        values = checked_inputs(inputs, self.inputs)
        return np.concatenate([values, self.parities_of(values)])

    def parities_of(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return the parities alone [N - K, ...]: what has to be computed."""
        return weighed(self, checked_inputs(inputs, self.inputs), self.inputs)

    def decode(self, results: NDArray[Any], returned: Sequence[int]) -> Floats:
        """Return the answers [K, C] of results [R, C]."""
        return self._lagrange.decode(results, returned)

    def gain(self, returned: Sequence[int]) -> float:
        """Return the decode gain; 1 if no own result is missing."""
        return self._lagrange.gain(returned)

    def encode_flops(self, numbers: int) -> float:
        """Return 2 K (N - K) D: only parities are computed."""
        return self._lagrange.encode_flops(numbers)

    def decode_flops(self, answers: int) -> float:
        """Return 2 K K C."""
        return self._lagrange.decode_flops(answers)

    def sent(self, numbers: int) -> tuple[int, ...]:
        """Return as many numbers for each task as one input has."""
        return (numbers,) * self.tasks

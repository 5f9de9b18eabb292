"""What codes share that weigh inputs and results: their matrices at work."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.codes.code import (
    Floats,
    LinearCode,
    check_gain,
    checked_inputs,
    checked_results,
    checked_tasks,
)
from strag_sim.codes.interpolation import gain_of


def encoded(code: LinearCode, inputs: NDArray[Any]) -> NDArray[Any]:
    """Return what each task is sent [N, ...] of inputs [K, ...]: every weighted sum of them."""
    return weighed(code, checked_inputs(inputs, code.inputs))


def weighed(code: LinearCode, values: NDArray[Any], first: int = 0) -> NDArray[Any]:
    """Return what the tasks from ``first`` on are sent of checked inputs."""
    flat = _encode_matrix(code, values.dtype.name)[first:] @ values.reshape(code.inputs, -1)
    return np.asarray(flat).reshape(-1, *values.shape[1:])


def decoded(code: LinearCode, results: NDArray[Any], returned: Sequence[int]) -> Floats:
    """Return answers [K, C] of results [R, C], or raise a CodeError for a gain beyond the limit."""
    tasks = checked_tasks(returned, code)
    values = checked_results(results, tasks)
    matrix = code.decode_matrix(tasks)
    check_gain(gain_of(matrix), results, tasks)
    return np.asarray(matrix @ values)


@lru_cache(maxsize=64)
def _encode_matrix(code: LinearCode, dtype: str) -> NDArray[Any]:
    """Return the weights of a code, which a master computes once; they must not be changed."""
    return code.encode_matrix().astype(dtype)


def dense_flops(rows: int, columns: int, numbers: int) -> float:
    """Return the operations of a matrix times vectors of so many numbers: 2 a weight and number."""
    return 2.0 * rows * columns * numbers

"""What every code can do, and what all of them refuse."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from strag_sim.errors import CodeError

Floats = NDArray[np.float64]

# Decoding multiplies what is wrong with the results by its gain; beyond these nothing is left of
# the digits that a result of this precision has.
MOST_GAIN = {"float64": 1e6, "float32": 1e3}


class Code(Protocol):
    """K inputs become N tasks, and the results of enough tasks become K answers.

    Attributes
    ----------
    inputs : int
        K, the requests of a group.
    tasks : int
        N, the results that there may be, numbered as the tasks of a policy's recovery.
    least : int
        R, the fewest results that ``decode`` accepts.
    resizes : bool
        Whether encoding is to resize images, which runs at another rate than products of matrices.
    """

    @property
    def inputs(self) -> int: ...  # noqa: D102

    @property
    def tasks(self) -> int: ...  # noqa: D102

    @property
    def least(self) -> int: ...  # noqa: D102

    @property
    def resizes(self) -> bool: ...  # noqa: D102

    def __hash__(self) -> int: ...  # a code is a value

    def encode(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return what each task is sent, U[N, ...], of the inputs X[K, ...].

        The precision is that of the inputs: float64 stays float64, all else becomes float32.
        """

    def decode(self, results: NDArray[Any], returned: Sequence[int]) -> Floats:
        """Return the answers [K, C] of the results Y[R, C]; row i is of task ``returned[i]``.

        Raises CodeError if there are too few results, a task is unknown or there twice, shapes do
        not fit, a result is not finite, or the gain is beyond the results' precision.
        """

    def gain(self, returned: Sequence[int]) -> float:
        """Return the decode gain: the most, over requests, of the sum of |decode weights|.

        What is wrong with every result by at most e is wrong with an answer by at most gain * e.
        """

    def encode_flops(self, numbers: int) -> float:
        """Return the operations that encode inputs of so many numbers each."""

    def decode_flops(self, answers: int) -> float:
        """Return the operations that decode results of so many numbers each, from R of them."""

    def sent(self, numbers: int) -> tuple[int, ...]:
        """Return how many numbers each of the N tasks is sent, of inputs of so many."""


class LinearCode(Code, Protocol):
    """A code that weighs whole inputs, and whole results, and adds them."""

    def encode_matrix(self) -> Floats:
        """Return the weights [N, K] of the inputs in what each task is sent."""

    def decode_matrix(self, returned: Sequence[int]) -> Floats:
        """Return the weights [K, R] of these tasks' results, in this order, in each answer."""


def at_least(least: int, **given: int) -> None:
    """Raise a CodeError for a parameter that is no whole number, or below the least."""
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise CodeError(
                f"{name}: {value!r} is not allowed; {name} must be a whole number of at "
                f"least {least}"
            )


def checked_inputs(inputs: NDArray[Any], count: int, dimensions: str = "") -> NDArray[Any]:
    """Return the inputs in float64 or float32, or raise a CodeError if they are not K.

    ``dimensions`` names those behind the first that inputs must have, such as "C, H, W".
    """
    names = dimensions.split(", ") if dimensions else []
    shape = f"[{', '.join([str(count), *names] if names else [str(count), '...'])}]"
    fits = inputs.ndim == 1 + len(names) if names else inputs.ndim >= 1
    if not fits or inputs.shape[0] != count or inputs.size == 0:
        raise CodeError(
            f"inputs: the shape {list(inputs.shape)} is not allowed; this code encodes groups of "
            f"{count}: {shape}"
        )
    if inputs.dtype.kind not in "fiub":
        raise CodeError(f"inputs: {inputs.dtype} is not allowed; inputs must be real numbers")
    return inputs if inputs.dtype == np.float64 else inputs.astype(np.float32, copy=False)


def checked_tasks(returned: Sequence[int], code: Code) -> list[int]:
    """Return the tasks that returned, or raise a CodeError: too few, unknown, or one twice."""
    tasks = list(returned)
    for task in tasks:
        if not isinstance(task, Integral) or not 0 <= task < code.tasks:
            raise CodeError(
                f"returned: task {task} is not allowed; this code has {code.tasks} tasks, "
                f"numbered from 0 to {code.tasks - 1}"
            )
        if tasks.count(task) > 1:
            raise CodeError(
                f"returned: task {task} stands there {tasks.count(task)} times; keep its first "
                "result and leave out the others"
            )
    if len(tasks) < code.least:
        raise CodeError(
            f"returned: {len(tasks)} results are too few; this code decodes from {code.least} of "
            f"its {code.tasks} tasks or more: wait for {code.least - len(tasks)} more"
        )
    return tasks


def checked_results(results: NDArray[Any], tasks: Sequence[int]) -> Floats:
    """Return results [R, C] in float64, or raise a CodeError: another shape, or not finite."""
    if results.ndim != 2 or results.shape[0] != len(tasks) or results.shape[1] == 0:
        raise CodeError(
            f"results: the shape {list(results.shape)} is not allowed; results must have a row "
            f"for each of the {len(tasks)} tasks that returned: [{len(tasks)}, C]"
        )
    if results.dtype.kind not in "fiub":
        raise CodeError(f"results: {results.dtype} is not allowed; results must be real numbers")
    values = results.astype(np.float64)
    broken = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if broken.size:
        raise CodeError(
            f"results: that of task {tasks[broken[0]]} is not finite; leave the task out of the "
            "results and of returned, as if it were late"
        )
    return values


def check_gain(gain: float, results: NDArray[Any], tasks: Sequence[int]) -> None:
    """Raise a CodeError if decoding would leave nothing of the precision that the results have."""
    precision = "float32" if results.dtype.kind == "f" and results.dtype.itemsize < 8 else "float64"
    if not gain <= MOST_GAIN[precision]:
        raise CodeError(
            f"returned: from the tasks {', '.join(map(str, tasks))} decoding multiplies errors by "
            f"{gain:.3g}; results in {results.dtype} bear {MOST_GAIN[precision]:.0e}: wait for one "
            "more result, or take fewer spare tasks, or other points"
        )

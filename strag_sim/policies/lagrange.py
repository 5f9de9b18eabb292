"""Lagrange-coded image classification: any R of N workers recover K inputs, approximately.

Tang, Agrawal, Stanczak and Zhu, "Coded Distributed Image Classification", 2023
(arXiv:2307.04915); Yu et al., "Lagrange Coded Computing", AISTATS 2019 (arXiv:1806.00939).
"""

from dataclasses import dataclass
from typing import Literal

from strag_sim.accuracies import read_accuracy
from strag_sim.codes import LagrangeCode
from strag_sim.policies.coded import (
    accurate_sets,
    check_deadline,
    check_least_accuracy,
    check_threshold,
    coded_shape,
)
from strag_sim.policies.shape import Shape, approximate, at_least, check_accuracy
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Lagrange:
    """Encode ``inputs`` (K) into ``tasks`` (N); any ``threshold`` (R) of them recover all.

    ``encode_at: master`` encodes before the tasks are sent; with ``workers`` each worker reads
    the inputs and encodes for itself, so that the encoding time is added to each task's size
    (our reading of the paper's two designs). ``accuracy`` names a table of it, which goes by the
    tasks that had returned; without one it is that of ``model``. With ``least_accuracy`` the
    group waits for one more result, and one more, until those that returned are known to be that
    accurate, or all of them are in; with a ``deadline`` from when it is full it waits for all until
    then, and is answered by those that have returned, as soon as they are R (both are ours: the
    paper has R fixed).
    """

    inputs: int
    tasks: int
    threshold: int
    encode_at: Literal["master", "workers"] = "master"
    model: str | None = None
    accuracy: str | None = None
    deadline: Seconds | None = None
    least_accuracy: float | None = None

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(1, inputs=self.inputs, tasks=self.tasks)
        check_threshold(self.threshold, self.tasks, "threshold")
        if self.encode_at not in ("master", "workers"):
            raise ValueError(
                f"encode_at: {self.encode_at!r} is not allowed; encode_at must be master or workers"
            )
        check_accuracy(
            self.accuracy,
            "lagrange",
            inputs=self.inputs,
            tasks=self.tasks,
            threshold=self.threshold,
        )
        check_share(self.accuracy, self.encode_at)
        check_deadline(self.deadline)
        if self.deadline is not None and self.least_accuracy is not None:
            raise ValueError(
                f"least_accuracy: {self.least_accuracy} is not allowed with deadline; give one"
            )
        check_least_accuracy(self.least_accuracy, self.accuracy, self.tasks, self.threshold)

    def shape(self) -> Shape:
        """Return the shape: N coded tasks, any R of which answer all K requests.

        With ``least_accuracy`` each set of R or more that is that accurate is a recovery.
        """
        any_of_them = coded_shape(
            inputs=self.inputs,
            tasks=self.tasks,
            threshold=self.threshold,
            model=self.model,
            accuracy=approximate(self.model, self.accuracy),
            encode_at=self.encode_at,
            deadline=self.deadline,
        )
        if self.least_accuracy is None:
            return any_of_them
        return accurate_sets(any_of_them, self.least_accuracy)

    def code(self) -> LagrangeCode:
        """Return the code that encodes its groups."""
        return LagrangeCode(self.inputs, self.tasks, self.threshold)


def check_share(accuracy: str | None, encode_at: str) -> None:
    """Raise a ValueError if workers encode what the table's master runs a part of the model on."""
    if accuracy is None or encode_at == "master":
        return
    if read_accuracy(accuracy).content["code"].get("share"):
        raise ValueError(
            f"accuracy: {accuracy!r} is not allowed with encode_at: workers; it was measured with "
            "a master that runs the first stages of the model on each input, and encodes the rest"
        )

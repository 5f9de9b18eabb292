"""The shape that coded policies share: n coded tasks, any threshold of which answer all."""

from strag_sim.accuracies import AccuracyTable
from strag_sim.policies.shape import Recovery, Shape, Task


def coded_shape(
    *,
    inputs: int,
    tasks: int,
    threshold: int,
    model: str | None,
    accuracy: float | AccuracyTable | None,
    encode_at: str = "master",
) -> Shape:
    """Return ``tasks`` coded tasks of ``inputs`` requests; any ``threshold`` recover all of them.

    With ``encode_at="workers"`` the tasks are released as soon as the group is full.
    """
    if encode_at == "workers":
        coded = Task("coded", model, release="arrival", encodes=True)
    else:
        coded = Task("coded", model, release="full")
    recovery = Recovery(
        tuple(range(tasks)),
        threshold,
        tuple(range(inputs)),
        "coded",
        decode=True,
        accuracy=accuracy,
    )
    return Shape(inputs, (coded,) * tasks, (recovery,))


def check_threshold(threshold: int, tasks: int, what: str) -> None:
    """Raise a ValueError unless 1 <= threshold <= tasks."""
    if not 1 <= threshold <= tasks:
        raise ValueError(
            f"{what}: {threshold} is not allowed; {what} must be at least 1 "
            f"and at most the number of tasks ({tasks})"
        )

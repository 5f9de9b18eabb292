"""Parity models: any k of k own and r parity tasks recover a group.

Kosaian, Rashmi and Venkataraman, "Parity Models: Erasure-Coded Resilience for Prediction
Serving Systems", SOSP 2019 (arXiv:1905.00863).
"""

from dataclasses import dataclass
from typing import Literal

from strag_sim.accuracies import AccuracyTable
from strag_sim.codes import ParityCode
from strag_sim.codes.parity import ENCODERS
from strag_sim.policies.shape import (
    Recovery,
    Shape,
    Task,
    approximate,
    at_least,
    check_accuracy,
    own_recoveries,
    own_tasks,
)


@dataclass(frozen=True, kw_only=True)
class Parity:
    """Let k ``inputs`` share r ``parities``: tasks that are sent when the group is full.

    The ``encoder`` adds the inputs, or puts small copies of them beside each other; it decides
    what encoding costs where the scenario says what an ``input`` is.
    ``accuracy`` names a table of that of what is reconstructed, which goes by the tasks that had
    returned; without one it is that of ``model``.
    """

    inputs: int
    parities: int = 1
    encoder: Literal["sum", "concatenation"] = "sum"
    model: str | None = None
    accuracy: str | None = None

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(1, inputs=self.inputs, parities=self.parities)
        if self.encoder not in ENCODERS:
            raise ValueError(
                f"encoder: {self.encoder!r} is not allowed; encoder must be sum or concatenation"
            )
        total = self.inputs + self.parities
        check_accuracy(
            self.accuracy, "parity", inputs=self.inputs, tasks=total, threshold=self.inputs
        )
        measured = approximate(self.model, self.accuracy)
        if isinstance(measured, AccuracyTable):
            check_encoder(self.encoder, measured)

    def shape(self) -> Shape:
        """Return the shape: k own and r parity tasks, any k of which answer what is missing."""
        parity = Task("parity", self.model, release="full", pool="redundant")
        total = self.inputs + self.parities
        by_parity = Recovery(
            tuple(range(total)),
            self.inputs,
            tuple(range(self.inputs)),
            "parity",
            decode=True,
            accuracy=approximate(self.model, self.accuracy),
        )
        return Shape(
            self.inputs,
            own_tasks(self.inputs) + (parity,) * self.parities,
            (*own_recoveries(self.inputs), by_parity),
        )

    def code(self) -> ParityCode:
        """Return the code that encodes its groups."""
        return ParityCode(self.inputs, self.parities, self.encoder)


def check_encoder(encoder: str, table: AccuracyTable) -> None:
    """Raise a ValueError if the table says that it was measured with another encoder."""
    measured = table.content["code"].get("encoder", encoder)
    if measured != encoder:
        raise ValueError(
            f"encoder: {encoder} is not allowed with the table {table.name}, which was measured "
            f"with {measured}; give encoder: {measured}"
        )

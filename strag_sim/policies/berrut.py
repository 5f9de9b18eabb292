"""Berrut-coded inference (ApproxIFER): the hosted model itself on coded inputs.

Soleymani, Ali, Mahdavifar and Avestimehr, "ApproxIFER: A Model-Agnostic Approach to Resilient and
Robust Prediction Serving Systems", AAAI 2022 (arXiv:2109.09868).
"""

from dataclasses import dataclass

from strag_sim.codes import BerrutCode
from strag_sim.policies.coded import check_deadline, coded_shape
from strag_sim.policies.shape import Shape, approximate, at_least, check_accuracy
from strag_sim.units import Seconds


@dataclass(frozen=True, kw_only=True)
class Berrut:
    """Encode ``inputs`` (K) so that ``stragglers`` (S) may be late and ``errors`` (E) wrong.

    The number of tasks N is K + S without errors and 2K + 2E + S - 1 with them; the N - S
    fastest recover all K requests, approximately. ``accuracy`` names a table of it, which goes by
    the tasks that had returned; without one it is that of ``model``. With a ``deadline`` from when
    it is full the group waits for all tasks until then, and takes those that have returned, N - S
    at least.
    """

    inputs: int
    stragglers: int
    errors: int = 0
    model: str | None = None
    accuracy: str | None = None
    deadline: Seconds | None = None

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(1, inputs=self.inputs)
        at_least(0, stragglers=self.stragglers, errors=self.errors)
        check_deadline(self.deadline)
        check_accuracy(
            self.accuracy,
            "berrut",
            inputs=self.inputs,
            tasks=self.waited + self.stragglers,
            threshold=self.waited,
        )

    @property
    def waited(self) -> int:
        """The tasks that the group waits for, N - S."""
        return 2 * (self.inputs + self.errors) - 1 if self.errors else self.inputs

    def shape(self) -> Shape:
        """Return the shape: N coded tasks, the N - S fastest of which answer all K requests."""
        return coded_shape(
            inputs=self.inputs,
            tasks=self.waited + self.stragglers,
            threshold=self.waited,
            model=self.model,
            accuracy=approximate(self.model, self.accuracy),
            deadline=self.deadline,
        )

    def code(self) -> BerrutCode:
        """Return the code that encodes its groups."""
        return BerrutCode(self.inputs, self.stragglers, self.errors)

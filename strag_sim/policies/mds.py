"""MDS-coded tasks: any k of n recover k requests exactly.

Lee, Lam, Pedarsani, Papailiopoulos and Ramchandran, "Speeding Up Distributed Machine Learning
Using Codes", IEEE Trans. Inf. Theory 2018.
"""

from dataclasses import dataclass

from strag_sim.codes import MDSCode
from strag_sim.policies.coded import check_threshold, coded_shape
from strag_sim.policies.shape import Shape, at_least


@dataclass(frozen=True, kw_only=True)
class MDS:
    """Encode k ``inputs`` into n ``tasks``, any k of which recover all inputs, exactly."""

    inputs: int
    tasks: int
    model: str | None = None

    def __post_init__(self) -> None:
        """Refuse parameters that make no sense."""
        at_least(1, inputs=self.inputs, tasks=self.tasks)
        check_threshold(self.inputs, self.tasks, "inputs")

    def shape(self) -> Shape:
        """Return the shape: n coded tasks, any k of which answer all k requests."""
        return coded_shape(
            inputs=self.inputs,
            tasks=self.tasks,
            threshold=self.inputs,
            model=self.model,
            accuracy=None,
        )

    def code(self) -> MDSCode:
        """Return the code that encodes its groups."""
        return MDSCode(self.inputs, self.tasks)

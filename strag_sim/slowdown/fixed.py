"""Workers that are slow for a whole run: machines that are not alike."""

from dataclasses import dataclass

import numpy as np

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.parameters import all_positive, positive, refuse
from strag_sim.slowdown.part import BLOCK, Combine, Factor, Streams, blocks, drawn
from strag_sim.slowdown.tracks import Tracks, constant


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """Workers that differ for a whole run, by ``factors`` (one each) or by a drawn ``factor``.

    A factor below 1 is a worker that is faster than others.
    """

    factor: Factor | Distribution | None = None
    factors: tuple[Factor, ...] | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        """Refuse both or neither, and factors that are not above 0."""
        if (self.factor is None) == (self.factors is None):
            raise ValueError("factor: give either factor or factors, and only one of them")
        if self.factors is not None:
            object.__setattr__(self, "factors", tuple(self.factors))
            all_positive("factors", self.factors)
        elif not isinstance(self.factor, Distribution):
            positive(factor=self.factor)

    def tracks(self, streams: Streams, workers: int, horizon: float, combine: Combine) -> Tracks:
        """Return one value a worker, drawn once a run where a law is given."""
        if self.factors is None:
            factor = self.factor if self.factor is not None else 1.0
            values = [drawn(factor, streams(block), (BLOCK,)) for block in blocks(workers)]
            return constant(np.concatenate(values)[:workers])
        if len(self.factors) < workers:
            raise refuse(
                "factors", list(self.factors), f"as many as there are workers ({workers}), or more"
            )
        return constant(np.array(self.factors[:workers], dtype=np.float64))

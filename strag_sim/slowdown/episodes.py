"""Times that lie about the start of a run: a process that has always been going on."""

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.exponential import Exponential

# Edges between levels, as what is left above them: even, and ever closer to 1, where a law with a
# heavy tail has the stretches that a moment is most likely to fall into.
_ABOVE = np.concatenate((np.arange(2048, 1, -1) / 2048, np.geomspace(2.0**-11, 2.0**-52, 2049)))


class Residual:
    """What is left, at a moment like any other, of stretches with this law; seconds.

    A moment falls into a stretch with a chance in proportion to its length, and anywhere within
    it (Cox, Renewal Theory, 1962, section 5.1). Exact for exponential stretches; of others the
    length is one of 4,095 quantiles, the last but 2^-52 of all.
    """

    def __init__(self, law: Distribution) -> None:
        self.law = law
        if not isinstance(law, Exponential):
            above = (_ABOVE[1:] + _ABOVE[:-1]) / 2
            self.lengths = law.quantile(1 - above)
            self.chances = np.cumsum(self.lengths * -np.diff(_ABOVE))

    def sample(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Draw so many, in seconds."""
        if isinstance(self.law, Exponential):
            return self.law.sample(rng, count)
        level = rng.random(count) * self.chances[-1]
        chosen = np.searchsorted(self.chances, level, side="right")
        left: NDArray[np.float64] = self.lengths[np.minimum(chosen, self.lengths.size - 1)]
        return left * rng.random(count)

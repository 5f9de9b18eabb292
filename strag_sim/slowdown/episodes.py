"""Times that lie about the start of a run: a process that has always been going on."""

import numpy as np
from numpy.typing import NDArray

from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.exponential import Exponential

_LEVELS = (np.arange(4096) + 0.5) / 4096


def residual(law: Distribution, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Return what is left, at a moment like any other, of stretches with this law; seconds.

    A moment falls into a stretch with a chance in proportion to its length, and anywhere within
    it (Cox, Renewal Theory, 1962, section 5.1). Exact for exponential stretches; of others the
    length is one of 4,096 quantiles.
    """
    if isinstance(law, Exponential):
        return law.sample(rng, count)
    lengths = law.quantile(_LEVELS)
    chances = np.cumsum(lengths)
    chosen = np.searchsorted(chances, rng.random(count) * chances[-1], side="right")
    left: NDArray[np.float64] = lengths[np.minimum(chosen, lengths.size - 1)] * rng.random(count)
    return left

"""The streams of random numbers of a run: the only place that makes generators."""

import numpy as np

from strag_sim.slowdown import Streams as PartStreams

# The j-th redundant task has the streams REDUNDANT * (j + 1) + purpose.
ARRIVALS, SIZE, LUCK, TO_WORKER, FROM_WORKER, ENCODE, DECODE, THINK, MACHINES, SLOW = range(10)
# Of no plan: what the bootstrap of finished runs draws with.
RESAMPLING = 10
# Of no plan either: the order in which a profiler measures, and when its other process calls.
MEASURING, BESIDE = 11, 12
REDUNDANT = 16


class Streams:
    """The random generators of one run, one for each purpose.

    That of a purpose is ``SeedSequence(seed, spawn_key=(stream, run))``.
    """

    def __init__(self, seed: int, run: int) -> None:
        self.seed, self.run = seed, run

    def __call__(self, purpose: int, redundant: int | None = None) -> np.random.Generator:
        """Return the generator for a purpose, of own tasks or of the j-th redundant task."""
        stream = purpose if redundant is None else REDUNDANT * (redundant + 1) + purpose
        return self._generator(stream, self.run)

    def of_slowdown(self, part: int) -> PartStreams:
        """Return the generators of a part of the slowdown: the i-th one for i."""
        return lambda i: self._generator(SLOW, self.run, part, i)

    def _generator(self, *key: int) -> np.random.Generator:
        sequence = np.random.SeedSequence(self.seed, spawn_key=key)
        return np.random.Generator(np.random.PCG64(sequence))

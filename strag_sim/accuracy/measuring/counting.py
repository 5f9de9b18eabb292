"""How many answers are right, for every set of tasks that returned and every place of a group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import torch
from numpy.typing import NDArray

from strag_sim.accuracy import seeds
from strag_sim.accuracy.images import Images, split
from strag_sim.accuracy.schemes import Scheme
from strag_sim.accuracy.serving import Serves
from strag_sim.accuracy.survivors import some_sets

FEWEST = 1_000  # answers at a place of a group, over all seeds
MOST_SETS = 1_000  # of one size, of which each is told apart
_SHUFFLES = 2  # at least


@dataclass(frozen=True, eq=False)
class Counts:
    """What a seed's answers were worth.

    For each set of tasks that returned, ``right`` and ``agreeing`` (K,) are the shares of answers
    at each place that are right, and that are the uncoded model's; NaN where a place is not
    charged, as its own task returned. ``alone`` is the share that the uncoded model has right, of
    ``images`` test images; ``groups`` were formed of them.
    """

    right: Mapping[tuple[int, ...], NDArray[np.float64]]
    agreeing: Mapping[tuple[int, ...], NDArray[np.float64]]
    alone: float
    images: int
    groups: int


def count(server: Serves, images: Images, seed: int, of_seeds: int) -> Counts:
    """Return what answers to the test images of a seed are worth.

    The images are shuffled into groups several times, so that over all ``of_seeds`` seeds each
    place of a group has at least 1,000 answers.
    """
    generator = seeds.generator(seed, seeds.GROUPS)
    testing = split(images, seed).testing
    pixels = torch.from_numpy(images.pixels[testing])
    labels = images.labels[testing]
    own = server.alone(pixels).argmax(-1)
    members = _groups(len(testing), server.scheme.inputs, of_seeds, generator)
    results = server.results(pixels[torch.from_numpy(members)])
    right, agreeing = {}, {}
    for returned in _sets(server.scheme):
        answers = server.decoded(results, returned, images.pixels.shape[-1]).argmax(-1)
        charged = _charged(server.scheme, returned)
        right[returned] = np.where(charged, (answers == labels[members]).mean(0), np.nan)
        agreeing[returned] = np.where(charged, (answers == own[members]).mean(0), np.nan)
    alone = float((own == labels).mean())
    return Counts(right, agreeing, alone, len(testing), len(members))


def _groups(
    count: int, inputs: int, of_seeds: int, generator: torch.Generator
) -> NDArray[np.int64]:
    """Return the images (groups, K) of each group; within a shuffle no image is in two."""
    of_shuffle = count // inputs
    shuffles = max(_SHUFFLES, ceil(FEWEST / of_seeds / of_shuffle))
    orders = [torch.randperm(count, generator=generator) for _ in range(shuffles)]
    used = of_shuffle * inputs
    return torch.cat([order[:used].view(of_shuffle, inputs) for order in orders]).numpy()


def _sets(scheme: Scheme) -> list[tuple[int, ...]]:
    """Return the sets of tasks that are measured, the same with every seed.

    A parity scheme's are those in which one own task is missing: with all of them nothing is
    reconstructed, and with fewer nothing can be.
    """
    if scheme.kind == "parity":
        everyone = range(scheme.tasks)
        return [tuple(t for t in everyone if t != late) for late in range(scheme.inputs)]
    generator = seeds.generator(0, seeds.SETS)
    sizes = range(scheme.least, scheme.tasks + 1)
    return [s for size in sizes for s in some_sets(scheme.tasks, size, MOST_SETS, generator)]


def _charged(scheme: Scheme, returned: Sequence[int]) -> NDArray[np.bool_]:
    """Return at which places (K,) an answer is one that was reconstructed."""
    places = np.arange(scheme.inputs)
    return ~np.isin(places, returned) if scheme.kind == "parity" else places >= 0

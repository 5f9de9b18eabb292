"""How many answers are right by a deadline, where each task is late with a probability of its own.

Groups meet no others, and a task that is not late is there by the deadline. An answer that is late
counts ``guess``: 0, or the share that a guess gets right.
"""

from collections.abc import Mapping
from math import comb


def by_own(own: float, late: float, guess: float = 0.0) -> float:
    """Return (1 - p) a + p g, a the accuracy of ``own`` tasks and p how likely each is late."""
    return (1 - late) * own + late * guess


def by_copies(own: float, copies: int, late: float, guess: float = 0.0) -> float:
    """Return (1 - p^c) a + p^c g: late only if all c ``copies`` are."""
    return by_own(own, late**copies, guess)


def by_collage(own: float, cell: float, late: float, guess: float = 0.0) -> float:
    """Return (1 - p) a + p ((1 - p) b + p g): late answers are the collage's, if that is not.

    Narra et al. 2020; ``cell`` is the accuracy b of a collage's answer.
    """
    return by_own(own, late, by_own(cell, late, guess))


def by_parity(own: float, missing: float, inputs: int, late: float, guess: float = 0.0) -> float:
    """Return (1 - p) a + p ((1 - p)^k b + (1 - (1 - p)^k) g) of k ``inputs`` and one parity.

    A late answer is reconstructed, with the accuracy b of ``missing``, if the k others of its
    group, the parity among them, are there (Kosaian et al. 2019).
    """
    return by_own(own, late, by_own(missing, 1 - (1 - late) ** inputs, guess))


def by_any(values: Mapping[int, float], tasks: int, late: float, guess: float = 0.0) -> float:
    """Return sum_r P(r of N ``tasks`` are there) a(r): all answers of a group are decoded from r.

    ``values`` has a(r) for each number r that can be decoded; with another the group is late.
    """
    there = {r: comb(tasks, r) * (1 - late) ** r * late ** (tasks - r) for r in range(tasks + 1)}
    return sum(chance * values.get(r, guess) for r, chance in there.items())

"""Generators of random numbers: one a seed and a purpose, for training and for measuring.

Training draws nothing from a plan, so its numbers are made here, and nowhere else in this room.
"""

import torch

# What random numbers are for. A purpose keeps its number, so that what is trained stays the same.
WEIGHTS, POOL, STEPS, SETS, GROUPS, REPLAY = range(6)
# Which images a member of an ensemble trains on: this one, and the next for the next member.
MEMBERS = 6
_PURPOSES = 16


def generator(seed: int, purpose: int) -> torch.Generator:
    """Return the generator of a seed for a purpose; other purposes draw other numbers."""
    return torch.Generator().manual_seed(seed * _PURPOSES + purpose)

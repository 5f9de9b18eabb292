"""Which sets of tasks may have returned."""

from itertools import combinations
from math import comb

import torch


def some_sets(
    tasks: int, returned: int, most: int, generator: torch.Generator
) -> list[tuple[int, ...]]:
    """Return the sets of so many tasks that may return: all in order, or ``most`` random ones.

    Random ones are drawn where there are more than ``most``; each is there once, sorted.
    """
    if comb(tasks, returned) <= most:
        return list(combinations(range(tasks), returned))
    found: dict[tuple[int, ...], None] = {}
    while len(found) < most:
        order = torch.randperm(tasks, generator=generator)[:returned]
        found[tuple(sorted(order.tolist()))] = None
    return list(found)

"""What tests of codes share: random polynomials, sets of tasks that returned."""

from itertools import combinations


def polynomial(degree, rng, columns=5, answers=3):
    """Return a random polynomial of this degree of rows [..., columns], with answers [..., 3]."""
    first, shift = rng.normal(size=(columns, 8)) / columns, rng.normal(size=8)
    second = rng.normal(size=(8, answers))
    return lambda rows: (rows @ first + shift) ** degree @ second


def survivors(code, count, rng, most=400):
    """Return the sets of so many tasks: all, or a random part of them where there are too many."""
    sets = list(combinations(range(code.tasks), count)) if code.tasks <= 12 else None
    if sets is not None and len(sets) <= most:
        return sets
    draw = (rng.permutation(code.tasks)[:count] for _ in range(most))
    return [tuple(sorted(each.tolist())) for each in draw]

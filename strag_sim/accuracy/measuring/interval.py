"""An accuracy over several seeds, with an interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtri, stdtrit

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A share of right answers in [0, 1] and its interval."""

    value: float
    low: float
    high: float


def estimate(shares: Sequence[float], answers: int) -> Estimate:
    """Return the mean of the seeds' shares of right answers, with a 95 % interval.

    The interval is the wider, on each side, of two. Over S >= 2 seeds (each with its own split of
    the images, weights and training), Student's: mean +- t(S - 1) s / sqrt(S), with s the seeds'
    standard deviation; it holds what training and the choice of test images change. And Wilson's
    of mean x n of n answers being right, with n = ``answers`` different ones: few seeds may agree
    by chance, but with so many answers no share is known better than that. Both are cut to [0, 1].
    """
    seeds = len(shares)
    mean = sum(shares) / seeds
    z = float(ndtri((1 + LEVEL) / 2))
    centre = (mean + z**2 / (2 * answers)) / (1 + z**2 / answers)
    half = sqrt(mean * (1 - mean) / answers + (z / (2 * answers)) ** 2) * z / (1 + z**2 / answers)
    low, high = min(centre - half, mean), max(centre + half, mean)
    if seeds > 1:
        spread = sqrt(sum((share - mean) ** 2 for share in shares) / (seeds - 1) / seeds)
        width = float(stdtrit(seeds - 1, (1 + LEVEL) / 2)) * spread
        low, high = min(low, mean - width), max(high, mean + width)
    return Estimate(mean, max(low, 0.0), min(high, 1.0))

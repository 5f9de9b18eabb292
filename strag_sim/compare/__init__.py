"""Policies against a baseline over the same runs: what differs, by how much, and how surely."""

from strag_sim.compare.accurate import ACCURATE, FASTEST, SLOWER
from strag_sim.compare.comparison import Comparison, compare
from strag_sim.compare.texts import NAMES, difference, ratio
from strag_sim.compare.verdicts import CANNOT_TELL, EQUAL, UNSTABLE

__all__ = [
    "ACCURATE",
    "CANNOT_TELL",
    "EQUAL",
    "FASTEST",
    "NAMES",
    "SLOWER",
    "UNSTABLE",
    "Comparison",
    "compare",
    "difference",
    "ratio",
]

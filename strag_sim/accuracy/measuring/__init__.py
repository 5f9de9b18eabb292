"""Measuring: the accuracy of what is decoded, for every set of tasks that may return."""

from strag_sim.accuracy.measuring.content import content
from strag_sim.accuracy.measuring.counting import Counts, count
from strag_sim.accuracy.measuring.interval import Estimate, estimate
from strag_sim.accuracy.measuring.measured import measured

__all__ = ["Counts", "Estimate", "content", "count", "estimate", "measured"]

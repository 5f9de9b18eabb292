"""From results to figures: one kind a file, all in the style of a paper."""

from strag_sim.plots.ccdf import ccdf
from strag_sim.plots.figure import KINDS, draw, paper_style, write

__all__ = ["KINDS", "ccdf", "draw", "paper_style", "write"]

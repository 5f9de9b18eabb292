"""From results and fits to figures: one kind a file, all in the style of a paper."""

from strag_sim.plots.ccdf import ccdf
from strag_sim.plots.figure import KINDS, draw, drawn, paper_style, write
from strag_sim.plots.fits import fits

__all__ = ["KINDS", "ccdf", "draw", "drawn", "fits", "paper_style", "write"]

"""From results and what was measured to figures: one kind a file, in the style of a paper."""

from strag_sim.plots.accuracy import accuracy
from strag_sim.plots.accuracy_p99 import accuracy_p99
from strag_sim.plots.allocation import allocation
from strag_sim.plots.attribution import attribution
from strag_sim.plots.captions import of_profile, of_result, of_sweep, plain
from strag_sim.plots.ccdf import ccdf
from strag_sim.plots.cdf import cdf
from strag_sim.plots.decode_gain import decode_gain
from strag_sim.plots.figure import KINDS, draw, figure_of
from strag_sim.plots.files import FORMATS, publish, write
from strag_sim.plots.fits import fits
from strag_sim.plots.gain import gain
from strag_sim.plots.heatmap import heatmap
from strag_sim.plots.p99_load import p99_load
from strag_sim.plots.pareto import pareto
from strag_sim.plots.paths import paths
from strag_sim.plots.profile import profile
from strag_sim.plots.styles import STYLES, WIDTHS, styled
from strag_sim.plots.swept_pareto import swept_pareto
from strag_sim.plots.timeline import timeline
from strag_sim.plots.variance import variance
from strag_sim.plots.warm_up import warm_up

__all__ = [
    "FORMATS",
    "KINDS",
    "STYLES",
    "WIDTHS",
    "accuracy",
    "accuracy_p99",
    "allocation",
    "attribution",
    "ccdf",
    "cdf",
    "decode_gain",
    "draw",
    "figure_of",
    "fits",
    "gain",
    "heatmap",
    "p99_load",
    "of_profile",
    "of_result",
    "of_sweep",
    "pareto",
    "plain",
    "paths",
    "profile",
    "publish",
    "styled",
    "swept_pareto",
    "timeline",
    "variance",
    "warm_up",
    "write",
]

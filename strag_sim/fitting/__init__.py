"""Laws fitted to measured times, and how well each fits."""

from strag_sim.fitting.families import FAMILIES
from strag_sim.fitting.fit import Fit, best, fit, rebuilt, rounded
from strag_sim.fitting.goodness import Goodness, goodness
from strag_sim.fitting.states import States, states

__all__ = [
    "FAMILIES",
    "Fit",
    "Goodness",
    "States",
    "best",
    "fit",
    "goodness",
    "rebuilt",
    "rounded",
    "states",
]

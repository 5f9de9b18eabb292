"""The codes of redundancy policies, in numpy: one a file, all with the same four verbs.

``encode`` K inputs into N tasks, ``decode`` results into K answers, tell the ``gain`` by which
decoding multiplies what is wrong with the results, and the operations that all this takes.
"""

from strag_sim.codes.berrut import BerrutCode
from strag_sim.codes.code import Code, LinearCode
from strag_sim.codes.collage import CollageCode
from strag_sim.codes.gains import gains
from strag_sim.codes.lagrange import LagrangeCode
from strag_sim.codes.mds import MDSCode
from strag_sim.codes.parity import ParityCode
from strag_sim.codes.points import FAMILIES, Points

__all__ = [
    "FAMILIES",
    "BerrutCode",
    "Code",
    "CollageCode",
    "LagrangeCode",
    "LinearCode",
    "MDSCode",
    "ParityCode",
    "Points",
    "gains",
]

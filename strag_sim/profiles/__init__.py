"""Profiles: measured laws of latency with their provenance, in JSON files; some are shipped.

A file holds ``format``, ``name``, ``description``, ``unit`` (of every time in it), ``n``, ``mean``
and ``std`` of the measurements, ``levels`` (rising from 0 to 1) and ``values`` (positive, never
falling) of their quantile function, ``source``, ``licence``, ``sha256`` of all the rest, and
optionally ``tail``, a text on where the law ends, and ``machines``: a list of {``name``, ``n``,
``mean``, ``std``, ``levels``, ``values``}. The unit may be ``ratio``: factors, not times.
"""

from strag_sim.profiles.profile import RATIO, Machine, Profile
from strag_sim.profiles.reading import is_path, load, names
from strag_sim.profiles.writing import write

__all__ = ["RATIO", "Machine", "Profile", "is_path", "load", "names", "write"]

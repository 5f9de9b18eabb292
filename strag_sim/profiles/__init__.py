"""Profiles: measured laws of latency with their provenance, in JSON files; some are shipped.

A file holds ``format``, ``name``, ``description``, ``unit`` (of every time in it), ``n``, ``mean``
and ``std`` of the measurements, ``levels`` (rising from 0 to 1) and ``values`` (positive, never
falling) of their quantile function, ``source``, ``licence``, ``sha256`` of all the rest, and
optionally ``tail``, a text on where the law ends, and ``machines``: a list of {``name``, ``n``,
``mean``, ``std``, ``levels``, ``values``}. The unit may be ``ratio``: factors, not times.

What the profiler measured has, all optional: ``environment`` (an object of texts, numbers, truth
values and nulls, ``device`` among them), ``command`` and ``date`` (ISO); and ``points``, an object
for each configuration: ``batch``, ``concurrency``, ``load`` (``closed`` or ``poisson:RATE``),
``n``, ``mean``, ``std``, ``levels`` and ``values`` of the times of calls with such a batch,
``throughput`` (requests a second), ``autocorrelation`` (lag 1) and ``effective`` (sample size),
both or null; and optionally ``details``, an object, and ``samples``, the calls in order:
{``start``, ``time``, ``work``} and, where requests wait, ``response``. The law of the first point
stands at the top too.

``model``, optional, is for whoever places the model: {``parameters``, ``memory`` and
``memory_per_sample`` (bytes), ``accuracy`` (a share)}, each of them optional.
"""

from strag_sim.profiles.profile import CLOSED, RATIO, Machine, Model, Point, Profile, Samples
from strag_sim.profiles.reading import load, names
from strag_sim.profiles.writing import write
from strag_sim.shelf import is_path

__all__ = [
    "CLOSED",
    "RATIO",
    "Machine",
    "Model",
    "Point",
    "Profile",
    "Samples",
    "is_path",
    "load",
    "names",
    "write",
]

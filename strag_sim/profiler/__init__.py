"""How long a model takes, measured: a module on a device to a profile. Needs torch.

A session makes its models (``ready``), warms them up and calls them in interleaved blocks
(``measure``), maybe with another process beside it (``beside``), and ``profile_of`` makes a profile
of each model. ``models`` knows what can be measured by name.
"""

from strag_sim.profiler.asked import Asked, Configuration, Load, load_of
from strag_sim.profiler.beside import Neighbour, beside
from strag_sim.profiler.content import profile_of
from strag_sim.profiler.devices import device_of, profile_name
from strag_sim.profiler.models import names, subject
from strag_sim.profiler.record import Record
from strag_sim.profiler.session import Session, measure, ready
from strag_sim.profiler.subject import Subject

__all__ = [
    "Asked",
    "Configuration",
    "Load",
    "Neighbour",
    "Record",
    "Session",
    "Subject",
    "beside",
    "device_of",
    "load_of",
    "measure",
    "names",
    "profile_name",
    "profile_of",
    "ready",
    "subject",
]

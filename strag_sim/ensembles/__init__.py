"""Ensembles on devices: the allocation matrix, where it begins, and searches for a better one."""

from strag_sim.ensembles.allocation import Allocation, Cell, problem
from strag_sim.ensembles.devices import KINDS, Device, Kind
from strag_sim.ensembles.files import read_allocation, write_allocation
from strag_sim.ensembles.members import Member
from strag_sim.ensembles.worst_fit import worst_fit

__all__ = [
    "KINDS",
    "Allocation",
    "Cell",
    "Device",
    "Kind",
    "Member",
    "problem",
    "read_allocation",
    "worst_fit",
    "write_allocation",
]

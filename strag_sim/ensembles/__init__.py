"""Ensembles on devices: the allocation matrix, where it begins, and searches for a better one."""

from strag_sim.ensembles.allocation import Allocation, Cell, problem
from strag_sim.ensembles.best_batch import best_batch
from strag_sim.ensembles.bound import bounding, throughput_bound
from strag_sim.ensembles.devices import KINDS, Device, Kind
from strag_sim.ensembles.exhaustive import exhaustive
from strag_sim.ensembles.files import read_allocation, write_allocation
from strag_sim.ensembles.greedy import greedy
from strag_sim.ensembles.members import Member
from strag_sim.ensembles.neighbours import BATCHES
from strag_sim.ensembles.searching import Search, Step
from strag_sim.ensembles.worst_fit import worst_fit

__all__ = [
    "BATCHES",
    "KINDS",
    "Allocation",
    "Cell",
    "Device",
    "Kind",
    "Member",
    "Search",
    "Step",
    "best_batch",
    "bounding",
    "exhaustive",
    "greedy",
    "problem",
    "read_allocation",
    "throughput_bound",
    "worst_fit",
    "write_allocation",
]

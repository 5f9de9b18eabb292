"""Which model of an ensemble goes on which device, found by simulating."""

from strag_sim.allocating.allocated import Allocated
from strag_sim.allocating.finding import SEARCHES, allocate
from strag_sim.allocating.scoring import OBJECTIVES, Progress

__all__ = ["OBJECTIVES", "SEARCHES", "Allocated", "Progress", "allocate"]

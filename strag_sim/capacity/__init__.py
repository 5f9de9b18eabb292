"""How many requests a second a policy can take: until its queues grow, and within an SLO.

The rate is the only thing that changes: at every rate a policy meets the same draws (common random
numbers), with the gaps between arrivals scaled.
"""

from strag_sim.capacity.capacities import Capacities, Capacity, Limit
from strag_sim.capacity.finding import capacity
from strag_sim.capacity.points import Progress

__all__ = ["Capacities", "Capacity", "Limit", "Progress", "capacity"]

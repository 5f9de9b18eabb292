"""From a scenario to a result: every policy's runs, spread over the machine's cores.

Runs are spread over threads: drawing and the compiled engine hold no interpreter lock. A run
depends on nothing but its scenario and its number, and runs are put together in their order, so
the number of threads changes nothing.
"""

from strag_sim.simulate.simulation import simulate
from strag_sim.simulate.spreading import Progress, cores
from strag_sim.simulate.store import Store

__all__ = ["Progress", "Store", "cores", "simulate"]

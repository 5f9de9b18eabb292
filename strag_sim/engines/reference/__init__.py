"""The readable engine, on SimPy: what a reader checks, and the compiled engine is held against."""

import numpy as np

from strag_sim.engines.reference.simulation import Simulation
from strag_sim.engines.reference.workers import ARRIVE, FINISH
from strag_sim.tables import Outcome, Plan

__all__ = ["ARRIVE", "FINISH", "Simulation", "run"]


def run(plan: Plan, record: bool = False, stop: np.ndarray | None = None) -> Outcome:
    """Run a plan, which is not changed, to its outcome; see ``compiled.run``."""
    return Simulation(plan, stop).outcome(record)

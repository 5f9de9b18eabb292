"""The engines: from a plan to its outcome, each the same to the last bit."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from strag_sim.engines import compiled, reference
from strag_sim.tables import Outcome, Plan

Stop = NDArray[np.uint8]
ENGINES: dict[str, Callable[[Plan, bool, Stop | None], Outcome]] = {
    "compiled": compiled.run,
    "reference": reference.run,
}


def run(engine: str, plan: Plan, record: bool = False, stop: Stop | None = None) -> Outcome:
    """Run a plan on an engine by name; see ``compiled.run``."""
    return ENGINES[engine](plan, record, stop)

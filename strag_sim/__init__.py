"""Discrete-event simulation of stragglers: redundancy and coding policies, compared by their tails.

>>> import strag_sim
>>> scenario = strag_sim.load("scenarios/theory_mm1.yaml")  # doctest: +SKIP
>>> strag_sim.simulate(scenario).summary()  # doctest: +SKIP
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from strag_sim.allocating import allocate
    from strag_sim.capacity import capacity
    from strag_sim.compare import compare
    from strag_sim.results import Result
    from strag_sim.scenario import Scenario, dump, load
    from strag_sim.simulate import simulate
    from strag_sim.sweep import sweep

__all__ = [
    "Result",
    "Scenario",
    "allocate",
    "capacity",
    "compare",
    "dump",
    "load",
    "simulate",
    "sweep",
]

_HOME = {
    "Result": "strag_sim.results",
    "Scenario": "strag_sim.scenario",
    "allocate": "strag_sim.allocating",
    "capacity": "strag_sim.capacity",
    "compare": "strag_sim.compare",
    "dump": "strag_sim.scenario",
    "load": "strag_sim.scenario",
    "simulate": "strag_sim.simulate",
    "sweep": "strag_sim.sweep",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the commands start at once."""
    if name not in _HOME:
        raise AttributeError(f"module 'strag_sim' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """The package: its verbs stay when the modules of their names are imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _HOME and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

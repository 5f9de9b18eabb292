"""Measured times: from tables of any format to profiles, replay matrices and what they say.

What reads files needs pyarrow, and loads when it is used: the profiler runs where there is none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from strag_sim.measurements.certainty import bounded_quantiles, effective_size
from strag_sim.measurements.choice import Choice
from strag_sim.measurements.sample import Measurements
from strag_sim.measurements.stragglers import Facts, facts, lag_one
from strag_sim.measurements.table import (
    end_for,
    levels_for,
    profile_content,
    quantile_table,
    rounded,
)

if TYPE_CHECKING:
    from strag_sim.measurements.dropping import Dropped
    from strag_sim.measurements.formats import FORMATS
    from strag_sim.measurements.reading import Imported, read

__all__ = [
    "FORMATS",
    "Choice",
    "Dropped",
    "Facts",
    "Imported",
    "Measurements",
    "bounded_quantiles",
    "effective_size",
    "end_for",
    "facts",
    "lag_one",
    "levels_for",
    "profile_content",
    "quantile_table",
    "read",
    "rounded",
]

_HOME = {"Dropped": "dropping", "FORMATS": "formats", "Imported": "reading", "read": "reading"}


def __getattr__(name: str) -> Any:
    """Import a public name that reads files when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

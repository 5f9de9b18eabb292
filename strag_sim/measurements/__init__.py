"""Measured times: from tables of any format to profiles, replay matrices and what they say."""

from strag_sim.measurements.certainty import bounded_quantiles, effective_size
from strag_sim.measurements.choice import Choice
from strag_sim.measurements.dropping import Dropped
from strag_sim.measurements.formats import FORMATS
from strag_sim.measurements.reading import Imported, read
from strag_sim.measurements.sample import Measurements
from strag_sim.measurements.stragglers import Facts, facts, lag_one
from strag_sim.measurements.table import (
    end_for,
    levels_for,
    profile_content,
    quantile_table,
    rounded,
)

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

"""Measured times: from tables of any format to profiles, replay matrices and what they say."""

from strag_sim.measurements.sample import Measurements
from strag_sim.measurements.table import (
    end_for,
    levels_for,
    moments,
    profile_content,
    quantile_table,
    rounded,
)

__all__ = [
    "Measurements",
    "end_for",
    "levels_for",
    "moments",
    "profile_content",
    "quantile_table",
    "rounded",
]

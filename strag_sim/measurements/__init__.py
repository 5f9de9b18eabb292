"""Measured times: from tables of any format to profiles, replay matrices and what they say."""

from strag_sim.measurements.sample import Measurements
from strag_sim.measurements.table import levels_for, profile_content, quantile_table

__all__ = ["Measurements", "levels_for", "profile_content", "quantile_table"]

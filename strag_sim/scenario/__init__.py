"""Scenarios: from YAML to frozen, validated values and back; pydantic here and nowhere else."""

from strag_sim.scenario.cluster import Cluster, read_cluster
from strag_sim.scenario.dumping import dump, fragment, plain, plain_values
from strag_sim.scenario.grid import Grid, read_grid
from strag_sim.scenario.loading import load
from strag_sim.scenario.models import Entry, Scenario
from strag_sim.scenario.schema import schema
from strag_sim.scenario.stopping import AUTO, Precision

__all__ = [
    "AUTO",
    "Cluster",
    "Entry",
    "Grid",
    "Precision",
    "Scenario",
    "dump",
    "fragment",
    "load",
    "plain",
    "plain_values",
    "read_cluster",
    "read_grid",
    "schema",
]

"""Results: tables in memory, and one folder a result on disk."""

from strag_sim.results.folder import check_target, is_sweep, write_file
from strag_sim.results.provenance import inputs, provenance
from strag_sim.results.result import Result

__all__ = ["Result", "check_target", "inputs", "is_sweep", "provenance", "write_file"]

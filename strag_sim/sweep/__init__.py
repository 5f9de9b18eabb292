"""Sweeps: from a scenario with axes to a table of all its cells, resumable, nothing lost."""

from strag_sim.sweep.best import best
from strag_sim.sweep.executors import Executor
from strag_sim.sweep.outlook import Outlook, outlook
from strag_sim.sweep.progress import Progress
from strag_sim.sweep.sweeping import folder_of, sweep
from strag_sim.sweep.swept import Failure, Swept

__all__ = [
    "Executor",
    "Failure",
    "Outlook",
    "Progress",
    "Swept",
    "best",
    "folder_of",
    "outlook",
    "sweep",
]

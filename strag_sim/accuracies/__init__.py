"""Tables of accuracies: how accurate answers are by which tasks returned; some are shipped.

A file is a JSON object. Which keys there are, and what they may hold, stands in docs/accuracies.md;
``content.py`` checks it.
"""

from strag_sim.accuracies.content import table_of
from strag_sim.accuracies.reading import is_path, names, read_accuracy
from strag_sim.accuracies.table import MOST_TASKS, AccuracyTable, Bin, Entry, Number, Survivors
from strag_sim.accuracies.writing import write_accuracy

__all__ = [
    "MOST_TASKS",
    "AccuracyTable",
    "Bin",
    "Entry",
    "Number",
    "Survivors",
    "is_path",
    "names",
    "read_accuracy",
    "table_of",
    "write_accuracy",
]

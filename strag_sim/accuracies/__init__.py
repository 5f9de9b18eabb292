"""Tables of accuracies: how accurate answers are by which tasks returned; some are shipped.

A file is a JSON object. Which keys there are, and what they may hold, stands in docs/accuracies.md;
``content.py`` checks it.
"""

from strag_sim.accuracies.content import table_of
from strag_sim.accuracies.reading import names, read_accuracy
from strag_sim.accuracies.table import (
    COMBINERS,
    MOST_TASKS,
    AccuracyTable,
    Bin,
    Combiner,
    Entry,
    Number,
    Survivors,
)
from strag_sim.accuracies.writing import write_accuracy
from strag_sim.shelf import is_path

__all__ = [
    "COMBINERS",
    "MOST_TASKS",
    "AccuracyTable",
    "Bin",
    "Combiner",
    "Entry",
    "Number",
    "Survivors",
    "is_path",
    "names",
    "read_accuracy",
    "table_of",
    "write_accuracy",
]

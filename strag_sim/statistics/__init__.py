"""What is estimated from the runs of a policy, and how surely.

A run is measured (``runs``) as soon as it ends; a policy is estimated (``estimates``) when all of
its runs are in. Quantiles are nearest rank, intervals are over runs.
"""

from strag_sim.statistics.estimates import Estimates, Quantity, estimate, keeps_up
from strag_sim.statistics.intervals import Interval, section
from strag_sim.statistics.notes import notes, overloaded
from strag_sim.statistics.precision import enough_above, first_look, half_widths, next_look
from strag_sim.statistics.quantiles import pooled_quantile, quantile
from strag_sim.statistics.runs import (
    RECORDS,
    Facts,
    Record,
    Requests,
    Run,
    Sample,
    course_bounds,
    facts,
    measure,
    ordered,
    sketched,
)
from strag_sim.statistics.sketch import Sketch
from strag_sim.statistics.stability import is_stable
from strag_sim.statistics.tail import Tail, tail
from strag_sim.statistics.warm_up import mser

__all__ = [
    "RECORDS",
    "Estimates",
    "Facts",
    "Interval",
    "Quantity",
    "Record",
    "Requests",
    "Run",
    "Sample",
    "Sketch",
    "Tail",
    "course_bounds",
    "enough_above",
    "estimate",
    "facts",
    "first_look",
    "half_widths",
    "is_stable",
    "keeps_up",
    "measure",
    "mser",
    "next_look",
    "notes",
    "overloaded",
    "ordered",
    "pooled_quantile",
    "quantile",
    "section",
    "sketched",
    "tail",
]

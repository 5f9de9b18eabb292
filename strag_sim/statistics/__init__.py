"""What is estimated from the runs of a policy, and how surely.

A run is measured (``runs``) as soon as it ends; a policy is estimated (``estimates``) when all of
its runs are in. Quantiles are nearest rank, intervals are over runs.
"""

from strag_sim.statistics.attribution import PARTS, Attribution, attribute, attributed, shares
from strag_sim.statistics.estimates import Estimates, Quantity, estimate
from strag_sim.statistics.intervals import Interval, section
from strag_sim.statistics.notes import notes
from strag_sim.statistics.quantiles import column, pooled_quantile, quantile
from strag_sim.statistics.runs import RECORDS, Facts, Record, Requests, Run, Sample, facts, measure
from strag_sim.statistics.stability import is_stable
from strag_sim.statistics.tail import Tail, tail

__all__ = [
    "PARTS",
    "RECORDS",
    "Attribution",
    "Estimates",
    "Facts",
    "Interval",
    "Quantity",
    "Record",
    "Requests",
    "Run",
    "Sample",
    "Tail",
    "attribute",
    "attributed",
    "column",
    "estimate",
    "facts",
    "is_stable",
    "measure",
    "notes",
    "pooled_quantile",
    "quantile",
    "section",
    "shares",
    "tail",
]

"""What is estimated from the runs of a policy, and how surely.

A run is measured (``runs``) as soon as it ends; a policy is estimated (``estimates``) when all of
its runs are in. Quantiles are nearest rank, intervals are over runs.
"""

from strag_sim.statistics.estimates import Estimates, Quantity, estimate
from strag_sim.statistics.intervals import Interval, section
from strag_sim.statistics.notes import notes
from strag_sim.statistics.paired import METHODS, Method, Paired, holm, paired, runs_to_tell
from strag_sim.statistics.per_request import Pairs, per_request
from strag_sim.statistics.quantiles import column, pooled_quantile, quantile
from strag_sim.statistics.runs import RECORDS, Facts, Record, Requests, Run, Sample, facts, measure
from strag_sim.statistics.stability import is_stable
from strag_sim.statistics.tail import Tail, tail

__all__ = [
    "METHODS",
    "RECORDS",
    "Estimates",
    "Facts",
    "Interval",
    "Method",
    "Paired",
    "Pairs",
    "Quantity",
    "Record",
    "Requests",
    "Run",
    "Sample",
    "Tail",
    "column",
    "estimate",
    "facts",
    "holm",
    "is_stable",
    "measure",
    "notes",
    "paired",
    "per_request",
    "pooled_quantile",
    "quantile",
    "runs_to_tell",
    "section",
    "tail",
]

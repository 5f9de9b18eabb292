"""How much a baseline is slower, and varies more, than a collage: by image and by group."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from strag_sim.results import Result
from strag_sim.statistics import Quantity
from strag_sim.statistics.paired import Method, paired
from strag_sim.statistics.quantiles import quantile
from strag_sim.tables import Floats

# What is compared; and of which the collage is above, not below.
MEASURES = ("p99", "var", "mean")
OF_COLLAGE = "mean"
CONFIDENCE = 0.95
COLLAGE = "collage"
UNKNOWN = Quantity(math.nan, np.array([math.nan]))
# Seconds squared: less is rounding, of responses that are all the same.
NO_VARIANCE = 1e-12


def ratios(result: Result, images: int, method: Method = "sectioning") -> pd.DataFrame:
    """Return a row for each baseline and each collage of a result.

    Parameters
    ----------
    result : Result
        Whose collages are the policies of that kind, and all others baselines.
    images : int
        How many requests are a group, whose response is that of the last of them; 1 by image.
    method : "sectioning" or "student"
        Of the paired intervals. A run of 4,000 groups of 25 is too short for its own p99, which
        stands at the edge of the slow mode: there the mean of the runs' ratios is off by a quarter,
        and so ratios are of all runs together. Where a run is a set of machines its own ratio is
        meant: student.

    Returns
    -------
    DataFrame
        ``baseline`` and ``collage`` (labels); of p99 and var how many times that of the collage
        the baseline's is; of mean how many times that of the baseline the collage's is; each with
        ``_low`` and ``_high``, the paired interval over runs. NaN where one is unstable, and
        of the variance where there is none in some run (all groups of it end at a timeout).
    """
    found = {label: quantities(result, label, images) for label in result.labels}
    rows = [
        {"baseline": base, "collage": collage, **_row(found[base], found[collage], method)}
        for base, collage in _pairs(result)
    ]
    return pd.DataFrame(rows)


def spread_over_runs(result: Result, images: int, low: float, high: float) -> pd.DataFrame:
    """Return a row for each baseline and each collage: how the ratio of p99 differs by run.

    Where a run is a set of machines: what whoever has one such set would find.

    Returns
    -------
    DataFrame
        ``baseline`` and ``collage`` (labels); ``p10``, ``p50`` and ``p90`` of the runs' ratios of
        p99, by nearest rank; ``inside``, the share of runs in which it is from ``low`` to ``high``.
    """
    found = {label: quantities(result, label, images)["p99"].values for label in result.labels}
    rows = []
    for base, collage in _pairs(result):
        ratio = np.sort(found[base] / found[collage])
        spread = {f"p{level}": quantile(ratio, level / 100) for level in (10, 50, 90)}
        inside = float(((ratio >= low) & (ratio <= high)).mean())
        rows.append({"baseline": base, "collage": collage, **spread, "inside": inside})
    return pd.DataFrame(rows)


def quantities(result: Result, label: str, images: int) -> Mapping[str, Quantity]:
    """Return p99, variance and mean of a policy's responses, in seconds, by group of so many."""
    summary = result.summary()
    if summary["stable"][summary["label"].eq(label)].eq(False).fillna(False).any():
        return dict.fromkeys(MEASURES, UNKNOWN)
    runs = int(result.runs()["label"].eq(label).sum())
    responses = result.responses(label).reshape(runs, -1, images).max(axis=2)
    each = [_measures(run) for run in responses]
    together = _measures(responses.ravel())
    return {
        measure: Quantity(together[measure], np.array([run[measure] for run in each]))
        for measure in MEASURES
    }


def _pairs(result: Result) -> list[tuple[str, str]]:
    """Return the labels of each baseline and each collage."""
    table = result.summary()
    collages = table["policy"].eq(COLLAGE)
    return [(b, c) for b in table["label"][~collages] for c in table["label"][collages]]


def _measures(responses: Floats) -> Mapping[str, float]:
    """Return the measures of some responses, shape (n,)."""
    return {
        "p99": quantile(np.sort(responses), 0.99),
        "var": float(responses.var(ddof=1)),
        "mean": float(responses.mean()),
    }


def _row(
    base: Mapping[str, Quantity], collage: Mapping[str, Quantity], method: Method
) -> dict[str, float]:
    """Return the ratios of a baseline and a collage, with their intervals."""
    row: dict[str, float] = {}
    for measure in MEASURES:
        over, under = base[measure], collage[measure]
        if measure == OF_COLLAGE:
            over, under = under, over
        numbers = (math.nan,) * 3
        least = NO_VARIANCE if measure == "var" else 0.0
        if all((of.values > least).all() for of in (over, under)):  # false of NaN, too
            found = paired(over, under, CONFIDENCE, method)
            numbers = (found.ratio, found.ratio_interval.low, found.ratio_interval.high)
        row |= dict(zip((measure, f"{measure}_low", f"{measure}_high"), numbers, strict=True))
    return row

"""Policies that are accurate enough, and which of them has the lowest p99."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from strag_sim.compare.verdicts import CANNOT_TELL, EQUAL, ONE_RUN, UNSTABLE
from strag_sim.errors import ResultError
from strag_sim.plan.streams import RESAMPLING, Streams
from strag_sim.results import Result
from strag_sim.statistics import Quantity
from strag_sim.statistics.paired import Method, paired

FASTEST, SLOWER = "fastest", "slower"
# Why a policy is not among them.
INACCURATE, UNSURE, UNKNOWN = "not accurate enough", "accuracy not shown", "accuracy not known"
BOUND = "a bound"
ACCURATE = (FASTEST, SLOWER, CANNOT_TELL, EQUAL)

# An accuracy is a mean of thousands of shares, and may come out a rounding error below them.
ROUNDING = 1e-9
COLUMNS = [
    "label",
    *(f"{name}{end}" for name in ("p99", "accuracy") for end in ("", "_low", "_high")),
    "standing",
]


def accurate(
    result: Result, least: float | None, method: Method, confidence: float
) -> pd.DataFrame:
    """Return one row a policy, as `Comparison.accurate` says; none where nothing is asked.

    Parameters
    ----------
    result : Result
        Of one or more policies.
    least : float or None
        The accuracy that is asked for, a share; None asks for none.
    method : "student", "sectioning" or "bootstrap"
        Of the tests of p99.
    confidence : float
        That no verdict of the table is wrong.

    Raises
    ------
    ResultError
        If ``least`` is no share.
    """
    if least is None:
        return pd.DataFrame(columns=COLUMNS)
    if not 0 <= least <= 1:
        raise ResultError(
            f"accuracy: {least:g} is not allowed; accuracy must be a share from 0 to 1, such as "
            "0.95"
        )
    rows = result.summary()
    rows["standing"] = [_obstacle(row, least) for row in rows.to_dict("records")]
    enough = rows[rows["standing"] == ""].sort_values("p99", kind="stable")["label"].tolist()
    standings = _standings(result, enough, method, confidence)
    rows["standing"] = [
        standings.get(label, standing)
        for label, standing in zip(rows["label"], rows["standing"], strict=True)
    ]
    return rows[COLUMNS]


def _obstacle(row: Mapping[Hashable, Any], least: float) -> str:
    """Return why a policy is not among those that are compared; empty if it is."""
    stable = row["stable"]
    reasons = [
        (math.isnan(row["accuracy"]), UNKNOWN),
        (row["runs"] == 1, ONE_RUN),
        (row["accuracy_high"] < least - ROUNDING, INACCURATE),
        (not row["accuracy_low"] >= least - ROUNDING, UNSURE),
        (not pd.isna(stable) and not stable, UNSTABLE),
        (math.isnan(row["cost"]), BOUND),
        (math.isnan(row["p99"]), UNSTABLE),
    ]
    return next((reason for wrong, reason in reasons if wrong), "")


def _standings(
    result: Result, labels: list[str], method: Method, confidence: float
) -> dict[str, str]:
    """Return the standing of these policies, the lowest p99 first.

    The first is held against each other. It was chosen by what is tested, so each p counts as
    often as there are pairs of policies (Bonferroni): then no pair, whichever is looked at, is told
    apart by mistake with more than 1 - confidence.
    """
    if not labels:
        return {}
    first, *others = labels
    pairs = len(labels) * (len(labels) - 1) / 2
    found = {first: FASTEST}
    for label in others:
        rng = Streams(int(str(result.provenance.get("seed", 0))), 0)(RESAMPLING)
        pair = paired(_p99(result, label), _p99(result, first), confidence, method, rng)
        told = pair.p * pairs <= 1 - confidence and pair.ratio > 1
        found[label] = EQUAL if pair.same else SLOWER if told else CANNOT_TELL
    return found


def _p99(result: Result, label: str) -> Quantity:
    """Return the p99 of a policy, of all runs together and of each."""
    summary, runs = result.summary(), result.runs()
    pooled = float(summary.loc[summary["label"] == label, "p99"].iloc[0])
    return Quantity(pooled, runs[runs["label"] == label].sort_values("run")["p99"].to_numpy(float))

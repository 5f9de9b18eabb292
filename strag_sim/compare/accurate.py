"""The p99 of the policies that are accurate enough, against the fastest of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from strag_sim.compare.verdicts import (
    CANNOT_TELL,
    EQUAL,
    NOTHING,
    ONE_RUN,
    columns_of,
    resampling,
    verdict_of,
)
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics import Quantity
from strag_sim.statistics.paired import Method, paired, runs_to_tell

YES, NO, UNKNOWN = "yes", "no", "unknown"  # and cannot tell: is it accurate enough?
FASTEST = "fastest"
_ENDS = ("", "_low", "_high")
_COLUMNS = [f"{name}{end}" for name in ("accuracy", "p99") for end in _ENDS]
_PAIRED = [*(f"ratio{end}" for end in _ENDS), "p"]
_SHOWN = ["label", "enough", *_COLUMNS, *_PAIRED, "verdict"]
# Means of accuracies that are all the same differ by the rounding of their sums.
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class AtAccuracy:
    """The policies of a result by whether they are accurate enough, and the fastest that is.

    Parameters
    ----------
    least : float
        The accuracy that is enough, in [0, 1].
    rows : DataFrame
        One row a policy, see `Comparison.at_accuracy`.
    fastest : str or None
        The policy with the lowest p99 of those that are accurate enough; None where there is none.
    rivals : tuple of str
        Others that are accurate enough, and that the runs cannot tell from the fastest.
    """

    least: float
    rows: pd.DataFrame
    fastest: str | None
    rivals: tuple[str, ...]


def at_accuracy(result: Result, least: float, method: Method, confidence: float) -> AtAccuracy:
    """Return the p99 of every policy, held against the fastest that is accurate enough.

    Enough is an accuracy whose interval over runs lies at or above ``least``. p is not corrected:
    that the fastest is lower than all others may be said where it is told from each of them alone
    (Gutmann and Maymin, "Is the Selected Population the Best?", Annals of Statistics 15, 1987; of
    independent populations).

    Raises
    ------
    ResultError
        If ``least`` is no share.
    """
    if not 0 <= least <= 1:
        raise ResultError(
            f"accuracy: {least:g} is not allowed; accuracy must be a share from 0 to 1, as 0.95"
        )
    rows = result.summary()[["label", "stable", *_COLUMNS]].to_dict("records")
    for row in rows:
        row["enough"] = _enough(row["accuracy"], row["accuracy_low"], row["accuracy_high"], least)
    able = [row for row in rows if row["enough"] == YES and not math.isnan(row["p99"])]
    fastest = min(able, key=lambda row: float(row["p99"]))["label"] if able else None
    for row in rows:
        row |= _against(result, row, fastest, method, confidence)
    alike = [row["verdict"] in (CANNOT_TELL, EQUAL, ONE_RUN) for row in rows]
    return AtAccuracy(
        least=least,
        rows=pd.DataFrame(rows)[[*_SHOWN, "runs_needed"]].astype({"runs_needed": "Int64"}),
        fastest=fastest,
        rivals=tuple(
            str(row["label"])
            for row, same in zip(rows, alike, strict=True)
            if same and row["enough"] == YES
        ),
    )


def _enough(value: float, low: float, high: float, least: float) -> str:
    """Return whether a policy is accurate enough, as far as its interval tells."""
    if math.isnan(value):
        return UNKNOWN
    if low >= least - _ROUNDING:
        return YES
    return NO if high < least - _ROUNDING else CANNOT_TELL


def _against(
    result: Result,
    row: Mapping[Any, Any],
    fastest: str | None,
    method: Method,
    confidence: float,
) -> dict[Any, Any]:
    """Return how the p99 of a row's policy compares with that of the fastest."""
    if fastest is None:
        return {**dict.fromkeys(_PAIRED, math.nan), "verdict": "", "runs_needed": pd.NA}
    value, base = (_p99(result, label) for label in (str(row["label"]), fastest))
    pair = paired(value, base, confidence, method, resampling(result))
    found: dict[Any, Any] = {**columns_of(pair)}
    known = {name: found[name] for name in _PAIRED}
    if row["label"] == fastest:
        return {**known, "verdict": FASTEST, "runs_needed": pd.NA}
    settled = pd.isna(row["stable"]) or bool(row["stable"])
    found |= {"measure": "p99", "runs": base.values.size, "settled": settled, "p_holm": pair.p}
    verdict = verdict_of(found, 1 - confidence)
    tells = verdict == CANNOT_TELL and found["effect"] > NOTHING
    needed = runs_to_tell(found["effect"], 1 - confidence) if tells else pd.NA
    return {**known, "verdict": verdict, "runs_needed": needed}


def _p99(result: Result, label: str) -> Quantity:
    """Return the p99 of a policy, of all requests and run by run."""
    summary, runs = (table[table["label"] == label] for table in (result.summary(), result.runs()))
    values = runs.sort_values("run")["p99"].to_numpy(float)
    return Quantity(float(summary["p99"].iloc[0]), values)

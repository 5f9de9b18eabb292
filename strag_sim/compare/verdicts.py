"""The table of a comparison: every measure of every policy against the baseline's."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from strag_sim.compare.texts import NAMES
from strag_sim.plan.streams import RESAMPLING, Streams
from strag_sim.results import Result
from strag_sim.statistics import Quantity
from strag_sim.statistics.paired import Method, Paired, holm, paired, runs_to_tell

LOWER, HIGHER, CANNOT_TELL = "lower", "higher", "cannot tell"
# The same in every run; and why there is no test.
EQUAL, UNSTABLE, UNKNOWN, ONE_RUN = "equal", "unstable", "unknown", "one run"
# Standard deviations of a run: a smaller difference is rounding, and no number of runs would tell.
NOTHING = 1e-6
# What an unstable policy has all the same.
_ALWAYS = ("cost", "accuracy")
# Of half an interval: a ratio that is further from that of all requests together is biased.
FAR, ROUNDING = 0.5, 1e-9


def verdicts(result: Result, baseline: str, method: Method, confidence: float) -> pd.DataFrame:
    """Return one row a policy and measure, as `Comparison.table` says."""
    pooled, runs = result.summary().set_index("label"), result.runs()
    of_label = {str(label): of.set_index("run").sort_index() for label, of in runs.groupby("label")}
    rows = []
    for label in (label for label in result.labels if label != baseline):
        settled = not pooled.loc[[label, baseline], "stable"].eq(False).fillna(False).any()
        for measure in NAMES:
            value, base = (
                Quantity(float(pooled[measure][name]), of_label[name][measure].to_numpy(float))
                for name in (label, baseline)
            )
            # Afresh for each: the same runs are drawn for all, whatever else is compared.
            rng = Streams(int(str(result.provenance.get("seed", 0))), 0)(RESAMPLING)
            found = paired(value, base, confidence, method, rng)
            head = {"label": label, "baseline": baseline, "measure": measure}
            numbers = {
                "runs": base.values.size,
                "value": value.pooled,
                "baseline_value": base.pooled,
            }
            rows.append({**head, **numbers, **_columns(found), "settled": settled})
    return _judged(pd.DataFrame(rows), 1 - confidence)


def biased(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return a note on the ratios that runs are too short for; empty where there are none.

    A quantile of a run has a bias that shrinks with its length, and the mean of the runs' ratios
    keeps it however many there are. All requests together have less of it, by the number of runs
    about: where the two ratios differ by much of the interval, it is not about the truth.
    """
    off = np.abs(np.log(rows["ratio"] * rows["baseline_value"] / rows["value"]))
    half = np.log(rows["ratio_high"] / rows["ratio_low"]) / 2
    far = (off > FAR * half) & (off > ROUNDING)
    if not far.any():
        return ()
    of = [
        f"{', '.join(NAMES[name] for name in measures)} of {label}"
        for label, measures in rows[far].groupby("label", sort=False)["measure"]
    ]
    return (
        f"runs are short for {'; '.join(of)}: the ratios of single runs have another centre than "
        "that of all requests together; simulate longer runs, or take "
        "those of strag-sim compare DIR --method sectioning",
    )


def _columns(found: Paired) -> dict[str, float]:
    """Return what is found of a pair as columns."""
    return {
        "ratio": found.ratio,
        "ratio_low": found.ratio_interval.low,
        "ratio_high": found.ratio_interval.high,
        "difference": found.difference,
        "difference_low": found.difference_interval.low,
        "difference_high": found.difference_interval.high,
        "p": found.p,
        "effect": found.effect,
        "same": found.same,
    }


def _judged(rows: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Return the rows with their verdicts, and the runs that would tell.

    Of the rows that are not told apart, Holm tests the smallest p at alpha over their number, so
    that is the level which more runs must reach.
    """
    rows["p_holm"] = holm(rows["p"])
    rows["verdict"] = [_verdict(row, alpha) for row in rows.to_dict("records")]
    level = alpha / max(1, int((rows["p_holm"] > alpha).sum()))
    needed = [
        runs_to_tell(effect, level) if verdict == CANNOT_TELL and effect > NOTHING else pd.NA
        for effect, verdict in zip(rows["effect"], rows["verdict"], strict=True)
    ]
    rows["runs_needed"] = pd.array(needed, dtype="Int64")
    return rows.drop(columns=["effect", "same", "settled"])


def _verdict(row: Mapping[Hashable, Any], alpha: float) -> str:
    """Return what can be said of a row."""
    if math.isnan(row["p"]):
        if row["runs"] == 1 and not math.isnan(row["difference"]):
            return ONE_RUN
        return UNKNOWN if row["settled"] or row["measure"] in _ALWAYS else UNSTABLE
    if row["same"]:
        return EQUAL
    if row["p_holm"] > alpha:
        return CANNOT_TELL
    below = row["difference"] < 0 if math.isnan(row["ratio"]) else row["ratio"] < 1
    return LOWER if below else HIGHER

"""Estimates as tables: one row a policy, one row a run, one row a point of a tail."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from strag_sim.policies import KINDS
from strag_sim.policies.shape import Policy
from strag_sim.statistics import Estimates, Interval, Sample, course_bounds, section

# An extreme of a sample grows with the sample; an interval over runs would promise otherwise.
WITHOUT_INTERVAL = ("max",)


def summary_frame(
    samples: Sequence[Sample], estimates: Sequence[Estimates], confidence: float
) -> pd.DataFrame:
    """Return one row a policy; times in seconds, NaN where there is no number.

    The columns of the estimates come first, then each X's ``X_low`` and ``X_high``. ``stable`` is
    a nullable boolean, missing where it is not judged.
    """
    return _frame(summary_rows(samples, estimates, confidence))


def summary_rows(
    samples: Sequence[Sample], estimates: Sequence[Estimates], confidence: float
) -> list[dict[str, object]]:
    """Return the rows of the summary as mappings: a table takes longer to make than a short run."""
    rows = []
    for sample, found in zip(samples, estimates, strict=True):
        pooled = {name: quantity.pooled for name, quantity in found.quantities.items()}
        row = {**_head(sample), "runs": len(sample.runs), **_middle(sample, pooled, found)}
        rows.append({**row, **_intervals(found, confidence)})
    return rows


def runs_frame(samples: Sequence[Sample], estimates: Sequence[Estimates]) -> pd.DataFrame:
    """Return one row a policy and run, with the columns of the summary less the intervals.

    ``stable`` is the verdict on the policy, from all of its runs.
    """
    rows = []
    for sample, found in zip(samples, estimates, strict=True):
        for run in range(len(sample.runs)):
            alone = {name: float(each.values[run]) for name, each in found.quantities.items()}
            rows.append({**_head(sample), "run": run, **_middle(sample, alone, found)})
    return _frame(rows)


def tail_frame(samples: Sequence[Sample], estimates: Sequence[Estimates]) -> pd.DataFrame:
    """Return the thinned distributions of responses; an unstable policy has no rows.

    Columns: ``label``, ``response`` (seconds, rising), ``ccdf`` (share of responses above it) and
    its interval ``low``, ``high``.
    """
    parts = []
    for sample, found in zip(samples, estimates, strict=True):
        if found.tail is not None:
            part = {"label": sample.setup.label, **vars(found.tail)}
            parts.append(pd.DataFrame(part))
    columns = ["label", "response", "ccdf", "low", "high"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def course_frame(samples: Sequence[Sample], confidence: float) -> pd.DataFrame:
    """Return how responses go along a run, from its first request, the warm-up included.

    Columns: ``label``, ``request`` (the first of a stretch, counted from 0), ``response`` (mean of
    the stretch over all runs, in seconds) and its interval over runs ``low``, ``high``.
    """
    parts = []
    for sample in samples:
        courses = np.array([run.course for run in sample.runs])
        bounds = course_bounds(sample.setup.warm_up + sample.runs[0].count)
        means = courses.mean(axis=0)
        found = [section(m, x, confidence) for m, x in zip(means, courses.T, strict=True)]
        part = {"label": sample.setup.label, "request": bounds[:-1], "response": means}
        ends = {"low": [each.low for each in found], "high": [each.high for each in found]}
        parts.append(pd.DataFrame({**part, **ends}))
    return pd.concat(parts, ignore_index=True)


def _head(sample: Sample) -> dict[str, object]:
    """Return which policy a row is about."""
    return {"policy": _kind(sample.setup.policy), "label": sample.setup.label}


def _middle(sample: Sample, values: Mapping[str, float], found: Estimates) -> dict[str, object]:
    """Return the columns that the summary and the runs share."""
    row: dict[str, object] = {"requests": sample.runs[0].count}
    for name, value in values.items():
        row[name] = value
        if name == "utilisation":
            row["arrival_rate"], row["offered_load"] = found.rate, found.offered_load
    ends = {"stable": found.stable, "warm_up": sample.setup.warm_up}
    return {**row, **ends, "quantile_method": found.method}


def _intervals(found: Estimates, confidence: float) -> dict[str, object]:
    """Return ``X_low`` and ``X_high`` of every estimate X."""
    row: dict[str, object] = {}
    for name, quantity in found.quantities.items():
        interval = section(quantity.pooled, quantity.values, confidence)
        if name in WITHOUT_INTERVAL:
            interval = Interval(np.nan, np.nan)
        row[f"{name}_low"], row[f"{name}_high"] = interval.low, interval.high
    return row


def _frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return the rows as a table."""
    return pd.DataFrame(rows).astype({"stable": "boolean"})


def _kind(policy: Policy) -> str:
    """Return how a scenario names the kind of this policy."""
    cls = type(policy)
    user = f"{cls.__module__}:{cls.__qualname__}"
    return next((kind for kind, known in KINDS.items() if known is cls), user)

"""Single requests under a policy and its baseline: the runs of a result taken together."""

import pandas as pd

from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics import section

# What each is a mean over: all requests, or those that are faster or slower.
_OVER = {"faster": None, "equal": None, "slower": None, "gained": "faster", "lost": "slower"}


def requests_of(
    result: Result, baseline: str, confidence: float
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return one row a policy, as `Comparison.requests` says, and why there are none."""
    try:
        pairs = result.pairs(baseline)
    except ResultError as error:
        return _frame([]), (f"requests are not paired with {baseline}: {error}",)
    rows = []
    for label in dict.fromkeys(pairs["label"]):
        runs = pairs[pairs["label"] == label]
        head = {"label": label, "baseline": baseline, "requests": int(runs["requests"].sum())}
        rows.append({**head, **_estimates(runs, confidence)})
    return _frame(rows), ()


def _estimates(runs: pd.DataFrame, confidence: float) -> dict[str, float]:
    """Return the shares and mean times over all requests, and the interval of each."""
    row: dict[str, float] = {}
    for name, over in _OVER.items():
        weight = runs["requests"] * (1 if over is None else runs[over])
        total = float(weight.sum())
        # A run without a faster request has gained NaN, times 0.
        pooled = float((weight * runs[name]).sum(min_count=1)) / total if total else float("nan")
        interval = section(pooled, runs[name], confidence)
        row |= {name: pooled, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return row


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return the rows as a table, with its columns also where there are none."""
    names = [each for name in _OVER for each in (name, f"{name}_low", f"{name}_high")]
    return pd.DataFrame(rows, columns=["label", "baseline", "requests", *names])

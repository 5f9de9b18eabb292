"""Results for tests of tables: the estimates of each run as given, and what follows from them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from strag_sim.results import Result
from strag_sim.statistics import section

NAMES = ("mean", "std", "p50", "p95", "p99", "p999", "var", "cost", "accuracy", "slo_met")
NAMES += ("wasted", "straggled")


def made(runs: Mapping[str, Mapping[str, Sequence[float]]], **columns: object) -> Result:
    """Return a result of these values: label -> column -> its value in each run.

    What is not given is NaN; an estimate is the mean of its runs. ``columns`` are others of the
    summary, a value or one a policy.
    """
    summary, by_run = [], []
    for label, given in runs.items():
        count = len(next(iter(given.values())))
        values = {name: np.array(given.get(name, [np.nan] * count), float) for name in NAMES}
        row = {"policy": "none", "label": label, "runs": count, "requests": 1000, "warm_up": 0}
        for name, found in values.items():
            row[name] = found.mean()
            interval = section(row[name], found, 0.95)
            row[f"{name}_low"], row[f"{name}_high"] = interval.low, interval.high
        summary.append(row)
        for run in range(count):
            alone = {name: found[run] for name, found in values.items()}
            by_run.append({"label": label, "run": run, **alone})
    table = pd.DataFrame(summary).assign(stable=pd.array([True] * len(runs), "boolean"), **columns)
    tables = {"summary": table, "runs": pd.DataFrame(by_run)}
    return Result(tables=tables, scenario="", provenance={"confidence": 0.95})

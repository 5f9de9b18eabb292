"""docs/reference/columns.md: every column of every table, from a result that is made for it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import yaml

import strag_sim
from pages.markdown import code, sections, table
from strag_sim.scenario import load

HEAD = """# Columns of results

Every column, written by `make docs` from the tables of a result. What the files are, and what
stands where there is no number, is told in [results](../results.md). A share is from 0 to 1.
"""
# How pandas calls the types, whose names differ between its versions, and what they are here.
TEXTS = {"object": "text", "str": "text", "string": "text", "category": "text, as categories"}
SCENARIO: dict[str, Any] = {
    "runs": 2,
    "requests": 20,
    "arrivals": {"kind": "poisson", "rate": 1},
    "service": {"kind": "exponential", "mean": "10 ms"},
    "workers": {"count": 10},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
}
SWEPT = "arrivals.rate"  # stands for any path
INTERVALS = """
Each of {estimates}
also has an [interval over runs](../statistics.md#intervals), from `X_low` to `X_high`; it is NaN
with one run, and for `max`. Further `quantiles` of a scenario are further columns (`p9999` at
0.9999). Of an unstable policy whatever describes its responses is NaN.
"""
MORE = {
    "summary": "One row a policy.",
    "runs": "One row a policy and run; other columns are those of the summary less the intervals.",
    "tail": "The distribution of responses, thinned to at most 1000 points a policy.",
    "course": "Mean responses along a run, in at most 1000 stretches a policy.",
    "pairs": "One row a policy and run: how it changed the requests of the first policy.",
    "attribution": "One row a policy, set of requests and part. `share` has an interval, as above. "
    "What the parts are stands in [attribution](../attribution.md).",
    "requests": "One row a measured request, where requests were recorded.",
    "tasks": "One row a released task, those of the warm-up included, where tasks were recorded.",
    "cells": "The table of a [sweep](../sweeps.md): one row a cell and policy. Other columns are "
    "those of the summary, with `X_low` and `X_high`.",
}
EARLIER = {"runs": "summary", "cells": "summary"}  # of whose columns these have most


def columns() -> str:
    """Return the page."""
    found, known = tables(), meanings()
    estimates: list[str] = []
    parts = []
    for name, frame in found.items():
        rows = list(rows_of(name, frame, known))
        text = f"{MORE[name]}\n\n{table(('column', 'is', 'type', 'unit'), rows)}"
        if name == "summary":
            estimates = [each for each in frame if f"{each}_low" in frame]
            listed = ", ".join(map(code, estimates[:-1])) + f" and {code(estimates[-1])}"
            text += INTERVALS.format(estimates=listed).lstrip("\n")
        parts.append((name, text))
    return sections(HEAD, parts)


def rows_of(
    name: str, frame: pd.DataFrame, known: dict[str, dict[str, Any]]
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each column of a table, less intervals and what the summary has too."""
    own, common = known.get(name, {}), known["everywhere"]
    earlier = known.get(EARLIER.get(name, ""), {})
    for column, kind in frame.dtypes.items():
        if column in own or column in common:
            says = own.get(column) or common[column]
            unit, meaning = (
                (says.get("unit", ""), says["is"]) if isinstance(says, dict) else ("", says)
            )
            yield code(str(column)), meaning, TEXTS.get(str(kind), str(kind)), unit
        elif column not in earlier and not is_end(str(column), frame):
            raise KeyError(f"{name}.{column} has no meaning in columns.yaml")


def is_end(column: str, frame: pd.DataFrame) -> bool:
    """Return whether a column is an end of another's interval."""
    return column.rpartition("_")[0] in frame and column.endswith(("_low", "_high"))


def meanings() -> dict[str, dict[str, Any]]:
    """Return what the columns mean, by table."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    known: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return known


def tables() -> dict[str, pd.DataFrame]:
    """Return the tables of a small result and of a small sweep."""
    result = strag_sim.simulate(load(SCENARIO), record="tasks", attribution=True, jobs=1)
    with TemporaryDirectory() as folder:
        swept = strag_sim.sweep(
            {**SCENARIO, "sweep": {SWEPT: [1.0, 1.5]}}, output=Path(folder) / "cells", jobs=1
        )
        cells = swept.table()
    return {
        "summary": result.summary(),
        "runs": result.runs(),
        "tail": result.tail(),
        "course": result.course(),
        "pairs": result.pairs(),
        "attribution": result.attribution(),
        "requests": result.requests(),
        "tasks": result.tasks(),
        "cells": cells,
    }

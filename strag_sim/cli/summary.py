"""The summary of a result as people read it, and as programs do."""

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from strag_sim.cli.columns import NONE, aligned, plus_minus
from strag_sim.results import Result
from strag_sim.units import readable, rounded, seconds

TIMES = ("mean", "p50", "p99", "p999", "cost")
SHARES = ("wasted", "accuracy", "straggled", "slo_met", "utilisation")
GAP = 3  # characters between two columns on a terminal
# Shown only where some policy has them.
OPTIONAL = ("accuracy", "slo_met")


def as_table(result: Result, folder: Path) -> str:
    """Return one line a policy, and below what the numbers are of and where the result lies."""
    summary = result.summary()
    rows = [_rows(summary)]
    if "attribution" in result.tables and len(result.attribution()):
        rows.append(_parts(result.attribution()))
    texts = [table(each) for each in rows]
    return "\n\n".join([*texts, f"{_below(summary, result)}\nResult: {folder}"])


def table(rows: list[list[str]]) -> str:
    """Return rows of texts as a table, the first of them its head, as the output shows it best."""
    return _rich(rows) if sys.stdout.isatty() else aligned(rows)


def as_json(result: Result, folder: Path) -> str:
    """Return the summary as JSON, with all columns; null where there is no number."""
    summary = result.summary()
    known = {key: result.provenance.get(key) for key in ("name", "seed", "engine", "confidence")}
    whole = {
        **known,
        "interrupted": result.interrupted,
        "notes": result.notes,
        "result": str(folder),
    }
    tables = {"policies": _records(summary)}
    if "attribution" in result.tables:
        tables["attribution"] = _records(result.attribution())
    return json.dumps({**whole, **tables}, indent=2)


def with_interval(value: float, low: float, high: float) -> str:
    """Return a time and half its interval in one unit, the half with two digits: 702.4 ms ± 1.2.

    Where there is no interval, the time alone.
    """
    half = (high - low) / 2
    if not math.isfinite(value + half) or value <= 0:
        return _time(value)
    unit = readable(value).split()[1]
    scale = seconds(f"1 {unit}")
    return plus_minus(value / scale, low / scale, high / scale, f" {unit}")


def _rows(summary: pd.DataFrame) -> list[list[str]]:
    """Return the head and the lines of the table as texts."""
    names = [name for name in (*TIMES, *SHARES) if name not in OPTIONAL or summary[name].any()]
    rows = [["policy", *names]]
    for _, policy in summary.iterrows():
        cells = [_cell(policy, name) for name in names]
        rows.append([str(policy["label"]), *cells])
    return rows


def _parts(attribution: pd.DataFrame) -> list[list[str]]:
    """Return where the time of requests above p99 went; parts that take none of it left out."""
    tail = attribution[attribution["of"] == "above p99"]
    some = tail["part"].isin(tail["part"][tail["seconds"] > 0])
    rows = [["above p99", "mean", *tail["part"][some].unique()]]
    for label, of_policy in tail.groupby("label", sort=False):
        mean = float(of_policy["seconds"].sum(min_count=1))
        rows.append([str(label), _time(mean), *map(_share, of_policy["share"][some])])
    return rows


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table; None where there is no number."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _cell(policy: "pd.Series[float]", name: str) -> str:
    """Return one estimate of a policy as text."""
    value = float(policy[name])
    if name == "mean" and pd.notna(policy["stable"]) and not policy["stable"]:
        return "unstable"
    if name == "p99":
        return with_interval(value, float(policy["p99_low"]), float(policy["p99_high"]))
    if name in TIMES:
        return _time(value)
    return _share(value)


def _share(value: float) -> str:
    """Return a share in percent."""
    return NONE if math.isnan(value) else f"{100 * value:.1f} %"


def _time(value: float) -> str:
    """Return a time with three digits and its unit."""
    return NONE if math.isnan(value) else readable(value)


def _rich(rows: list[list[str]]) -> str:
    """Return the rows as tables for a terminal: one below the other where one is too wide."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console()
    with console.capture() as captured:
        for number, part in enumerate(_fitting(rows, console.width)):
            if number:
                console.print()
            table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
            table.add_column(part[0][0])
            for name in part[0][1:]:
                table.add_column(name, justify="right", no_wrap=True)
            for row in part[1:]:
                table.add_row(*row)
            console.print(table)
    return captured.get().rstrip("\n")


def _fitting(rows: list[list[str]], width: int) -> Iterator[list[list[str]]]:
    """Yield the first column with as many of the others as fit, until all are shown."""
    needed = [max(map(len, column)) + GAP for column in zip(*rows, strict=True)]
    start = 1
    while start < len(needed):
        stop = start + 1
        while stop < len(needed) and needed[0] + sum(needed[start : stop + 1]) <= width:
            stop += 1
        yield [[row[0], *row[start:stop]] for row in rows]
        start = stop


def _below(summary: pd.DataFrame, result: Result) -> str:
    """Return what the numbers are of, and a note on policies that do not keep up."""
    runs, requests = int(summary["runs"].iloc[0]), int(summary["requests"].iloc[0])
    dropped = int(summary["warm_up"].iloc[0])
    text = f"{runs:,} run{'s' if runs > 1 else ''} x {requests:,} requests"
    if dropped:
        found = result.provenance.get("warm_up")
        by = f", by {found['by']}" if isinstance(found, dict) else ""
        text += f" (after {dropped:,} of warm-up{by})"
    if runs > 1:
        confidence = 100 * float(str(result.provenance["confidence"]))
        text += f"; ± is the {confidence:.4g} % confidence interval over runs"
    return "\n".join([text, *_unstable(summary), *_precision(result), *result.notes])


def _unstable(summary: pd.DataFrame) -> Iterator[str]:
    """Yield what is to be said of policies that do not keep up."""
    unstable = summary[summary["stable"].eq(False).fillna(False)]
    if len(unstable):
        yield (
            f"Unstable: {', '.join(unstable['label'])}: requests arrive faster than they are "
            "answered, so response times depend on how long one looks and are not given"
        )
    for _, policy in unstable.iterrows():
        rate, low, high = (float(policy[f"saturation{end}"]) for end in ("", "_low", "_high"))
        yield (
            f"  {policy['label']} answers {plus_minus(rate, low, high)} requests a second; "
            f"{rounded(policy['arrival_rate'])} arrive"
        )


def _precision(result: Result) -> Iterator[str]:
    """Yield what was reached, where a precision was asked for; what was not is a note."""
    told = result.provenance.get("precision")
    if not isinstance(told, dict) or not told["reached"]:
        return
    worst = max(told["reached"].values())
    if worst <= told["within"]:
        of = told["of"] if told["baseline"] is None else f"{told['of']} over {told['baseline']}"
        asked = f"asked were {100 * told['within']:.3g} %"
        yield f"Precision: {of} is within {100 * worst:.2g} % for every policy; {asked}"

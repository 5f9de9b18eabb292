"""Who answered: the share of requests by the path by which their answer came."""

import math
from collections.abc import Hashable, Mapping
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from strag_sim.errors import ResultError
from strag_sim.plots.legend import caption_below, literal
from strag_sim.plots.marks import background, keep, of_policy
from strag_sim.plots.rows import (
    head_behind,
    label_rows,
    legend_over,
    write_behind,
)
from strag_sim.results import Result

OWN, OTHER = "own", "other"
# Colour and strokes of the paths that there are, the same in every figure. Own is pale, so that
# what is not own stands out, also in print without colour.
LOOKS = {
    OWN: ("#a6d8f0", ""),
    OTHER: ("#7a1f3d", ""),
    "copy": ("#332288", "xxxx"),
    "hedge": ("#e69f00", "////"),
    "relaunch": ("#117733", "...."),
    "collage": ("#7a1f3d", ""),
    "parity": ("#0f5a8c", "||||"),
    "coded": ("#44703d", "\\\\\\\\"),
    "ensemble": ("#b8860b", ""),
    "resend": ("#cc79a7", "oooo"),
}
# Of paths with other names: what policies of users say, and an oracle's, which name the policy.
FURTHER = (("#3f8fc5", "----"), ("#f4b8d4", "xx"), ("#666666", "++++"), ("#d55e00", "**"))
AROUND, HEAD = 0.65, 0.13  # inches below and above the rows; of what is written above them
WHERE_FROM = (
    "Of the others it is not recorded which they were; for that run again with --record requests."
)


def paths(result: Result, ax: Axes) -> Axes:
    """Draw which share of each policy's requests was answered by which path; return the axes.

    Paths are the tasks that answers came from, such as own, copy or collage. Behind the bars is the
    share that was not own, with its interval over runs. Of a saved result without recorded requests
    only own and other are drawn, and the caption says so. Of an unstable policy, which is named,
    the shares are those while its queues grew.
    """
    summary = result.summary()
    table = shares_of(result)
    names = list(dict.fromkeys([OWN, *table["path"]]))
    looks = looks_of(names)
    labels = [
        f"{row['label']} (unstable)" if row["stable"] is False else str(row["label"])
        for row in summary.astype({"stable": object}).to_dict("records")
    ]
    places = label_rows(labels, ax, AROUND)
    for number, row in enumerate(summary.to_dict("records")):
        with of_policy(ax, number):
            mine = table[table["label"] == row["label"]].set_index("path")["share"]
            _bar(mine.to_dict(), looks, places[number], ax)
            write_behind(_not_own(row), places[number], ax)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
    ax.set_xlabel("share of requests (%)")
    head_behind("not own", ax)
    there = [name for name in names if name in set(table["path"])]
    legend_over([Patch(**looks[name], label=literal(name)) for name in there], ax, above=HEAD)
    if OTHER in names:
        caption_below(WHERE_FROM, ax, from_edge=True)
    ends = {f"straggled{end}": f"not_own{end}" for end in ("", "_low", "_high")}
    behind = summary[["label", *ends]].rename(columns=ends)
    keep(ax, table.merge(behind, on="label", how="left"))
    return ax


def shares_of(result: Result) -> pd.DataFrame:
    """Return the shares of requests by path: ``label``, ``path``, ``share``; none that is 0.

    They are counted from recorded requests or, of a result in memory, from what each run counted
    (the segments of requests that have several). Else they are own and other, by ``straggled``;
    ResultError where not even that is known.
    """
    counts = _counted(result)
    if counts is not None:
        rows = [
            {"label": label, "path": path, "share": count / sum(of.values())}
            for label, of in counts.items()
            for path, count in of.items()
            if count
        ]
        return pd.DataFrame(rows)
    rows = []
    for row in result.summary().to_dict("records"):
        other = 1.0 if math.isnan(row["straggled"]) else float(row["straggled"])
        shares = {OWN: 1 - other, OTHER: other}
        rows += [{"label": row["label"], "path": p, "share": s} for p, s in shares.items() if s]
    return pd.DataFrame(rows)


def looks_of(names: list[str]) -> dict[str, dict[str, Any]]:
    """Return how each path is filled."""
    others = [name for name in names if name not in LOOKS]
    known = {**LOOKS, **dict(zip(others, cycle(FURTHER), strict=False))}
    edge = {"edgecolor": background(), "linewidth": 0.3}
    return {
        name: {"facecolor": colour, "hatch": strokes, **edge}
        for name, (colour, strokes) in known.items()
        if name in names
    }


def _counted(result: Result) -> dict[str, dict[str, int]] | None:
    """Return how many answers of each policy came by each path; None where nobody counted."""
    found: dict[str, dict[str, int]] = {}
    if result.samples:
        for sample in result.samples:
            of: dict[str, int] = {}
            totals = np.sum([run.answers for run in sample.runs], axis=0)
            for name, count in zip(sample.facts.paths.name, totals, strict=True):
                of[name] = of.get(name, 0) + int(count)
            found[sample.setup.label] = dict(sorted(of.items(), key=_own_first))
        return found
    try:
        requests = result.requests()
    except ResultError:
        return None
    for label in result.labels:
        sizes = requests["path"][requests["label"] == label].value_counts()
        of = {str(name): int(count) for name, count in sizes.items() if count}
        found[label] = dict(sorted(of.items(), key=_own_first))
    return found


def _own_first(item: tuple[str, int]) -> tuple[bool, str]:
    """Return by what paths are sorted: own, then by name."""
    return item[0] != OWN, item[0]


def _bar(
    shares: Mapping[Hashable, float], looks: Mapping[str, dict[str, Any]], place: float, ax: Axes
) -> None:
    """Draw the bar of a policy, path after path in the order of the legend."""
    start = 0.0
    for name, look in looks.items():
        share = shares.get(name, 0.0)
        if share:
            ax.barh(place, share, 0.15, left=start, **look)
            start += share


def _not_own(row: Mapping[Hashable, Any]) -> str:
    """Return the share that was not own and its interval, in per cent."""
    share, low, high = (100 * row[f"straggled{end}"] for end in ("", "_low", "_high"))
    if math.isnan(share):
        return "no own tasks"
    width = high - low
    digits = max(0, -math.floor(math.log10(width / 2))) if width > 0 else 1
    if math.isnan(width) or not width:
        return f"{share:.{digits}f} %"
    return f"{share:.{digits}f} ({low:.{digits}f} to {high:.{digits}f}) %"

"""Tables of the page on collage inference, in Markdown: settings by grids, inside or not."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from strag_sim.reproduce.claims import INSIDE, Claim, Finding
from strag_sim.reproduce.collage_claims import RATIOS, VARIANCE
from strag_sim.reproduce.markdown import markdown

NONE = "-"


def grids_table(rows: pd.DataFrame, by: Mapping[str, str]) -> str:
    """Return a table with a line a setting, and p99 and variance at each grid.

    Parameters
    ----------
    rows : DataFrame
        Columns grid, p99 and var with their intervals, and those of ``by``.
    by : mapping of str to str
        The columns that tell a setting, and what the table calls them.

    Returns
    -------
    str
        Markdown; bold is inside the ICDCS paper's range, a dash where one of the two is unstable.
    """
    grids = sorted(rows["grid"].unique())
    names = [f"{name} {grid}x{grid}" for name in ("p99", "variance") for grid in grids]
    lines = []
    for setting, of in rows.groupby(list(by), sort=False):
        at = {row["grid"]: row for row in of.to_dict("records")}
        cells = [
            _cell(at[grid], measure, claim)
            for measure, claim in (("p99", RATIOS), ("var", VARIANCE))
            for grid in grids
        ]
        lines.append([*map(str, setting), *cells])
    return markdown([[*by.values(), *names], *lines])


def machines_table(machines: pd.DataFrame, by: Mapping[str, str]) -> str:
    """Return a table of how the ratio of p99 differs by set of machines, a line a setting."""
    grids = sorted(machines["grid"].unique())
    lines = []
    for setting, of in machines.groupby(list(by), sort=False):
        rows = of.sort_values("grid").to_dict("records")
        cells = [
            f"{row['p50']:.2f} ({row['p10']:.2f} to {row['p90']:.2f}), {100 * row['inside']:.0f} %"
            for row in rows
        ]
        lines.append([*map(str, setting), *cells])
    return markdown([[*by.values(), *(f"{grid}x{grid}" for grid in grids)], *lines])


def number(value: float) -> str:
    """Return a ratio in three digits or so."""
    return NONE if pd.isna(value) else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _cell(row: Mapping[Hashable, Any], measure: str, claim: Claim) -> str:
    """Return a ratio, bold where it is inside what is claimed."""
    value, low, high = (float(row[f"{measure}{end}"]) for end in ("", "_low", "_high"))
    found = Finding(claim=claim, setting="", value=value, low=low, high=high)
    text = number(value)
    return f"**{text}**" if found.verdict == INSIDE else text

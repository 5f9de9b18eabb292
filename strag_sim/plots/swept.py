"""What figures of sweeps share: which rows, along which axis, and which lines they make."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from strag_sim.errors import ResultError
from strag_sim.sweep import Swept
from strag_sim.sweep.limits import chosen, limits_of

# Lines that a column of a paper can show.
MOST = 10
LOADS = ("arrivals.offered_load", "arrivals.rate")


def rows_of(swept: Swept, where: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows that are drawn, and the paths that still have several values there.

    A ResultError says why there is none.
    """
    rows = swept.table()
    limits = [limit for text in where for limit in limits_of(text, rows)]
    rows = chosen(rows, limits)
    if rows.empty:
        texts = ", ".join(limit.told for limit in limits)
        raise ResultError(f"{swept.folder}: no cell that is done keeps {texts}")
    return rows, [path for path in swept.parameters if rows[path].nunique() > 1]


def line_name(row: Mapping[Any, Any], paths: Sequence[str]) -> str:
    """Return what a line is called: its policy, and the values that tell it from others."""
    values = [f"{short(path)} {value_text(row[path])}" for path in paths]
    return ", ".join([str(row["label"]), *values])


def lines_of(
    rows: pd.DataFrame, paths: Sequence[str], folder: object
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the name and the rows of each line; a ResultError where there are too many."""
    groups = list(rows.groupby(["label", *paths], sort=False))
    if len(groups) > MOST:
        held = paths[0] if paths else "label"
        value = value_text(rows[held].iloc[0])
        raise ResultError(
            f"{folder}: {len(groups)} lines are too many to be told apart; draw at most {MOST} "
            f"with --where, such as --where '{held}={value}'"
        )
    for _, group in groups:
        yield line_name(group.iloc[0].to_dict(), paths), group


def short(path: str) -> str:
    """Return a path in words: offered load, workers count, policies 1 copies."""
    return path.removeprefix("arrivals.").replace(".", " ").replace("_", " ")


def value_text(value: object) -> str:
    """Return a value of a parameter as people write it."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)

"""The best policies of a sweep: those than which no other is surely better."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strag_sim.errors import ResultError
from strag_sim.sweep.limits import Limit, chosen, known_column, limits_of

Floats = NDArray[np.float64]

# Estimates this close (relative) are equal but for rounding: the same sizes, summed another way.
_ROUNDING = 1e-12


def best(rows: pd.DataFrame, *, minimise: str = "p99", subject_to: str = "") -> pd.DataFrame:
    """Return the rows of a sweep than which no other is surely better, the lowest first.

    Parameters
    ----------
    rows : DataFrame
        One a cell and policy, as ``Swept.table`` gives them.
    minimise : str
        The columns to be low, parted by commas; the first one decides the order.
    subject_to : str
        Conditions, such as ``"cost<=1.3, accuracy>=0.9, arrivals.offered_load=0.4"``. Estimates
        with a bound are looked at too: another row must be as good in them.

    Returns
    -------
    DataFrame
        The rows that are left, and the columns ``like`` (the place in this table, from 1, of the
        first row whose interval of the first column overlaps that of this one, so that they cannot
        be told apart; 0 where there is none before it) and ``unsure`` (the conditions that the
        estimate keeps, but not the whole interval).

    Raises
    ------
    ResultError
        If a column or a condition is wrong, or no row keeps all conditions.

    Notes
    -----
    A row is surely better than another if it is no worse in all that is looked at, and better in
    one by more than their intervals: these do not overlap.
    """
    names = [known_column(name.strip(), rows) for name in minimise.split(",") if name.strip()]
    if not names:
        raise ResultError("minimise: name a column, such as p99")
    limits = limits_of(subject_to, rows)
    kept = chosen(rows, limits)
    known = kept[kept[names].notna().all(axis=1)]
    if known.empty:
        raise ResultError(_nothing(rows, limits, names))
    left = known[~beaten(known, directions(names, limits, rows))]
    left = left.sort_values([*names, "cell"], kind="stable").reset_index(drop=True)
    unsure = [
        ", ".join(limit.told for limit in limits if not limit.is_sure(left.loc[[row]])[0])
        for row in range(len(left))
    ]
    return left.assign(like=_like(left, names[0]), unsure=unsure)


def directions(
    minimise: Sequence[str], limits: Sequence[Limit], rows: pd.DataFrame
) -> dict[str, float]:
    """Return what is looked at: 1 for a column that should be low, -1 for one that should be high.

    Of the limits those of estimates: values that are swept over are no merit.
    """
    found = dict.fromkeys(minimise, 1.0)
    for limit in limits:
        if f"{limit.column}_low" in rows and limit.sign[0] in "<>":
            found.setdefault(limit.column, 1.0 if limit.sign[0] == "<" else -1.0)
    return found


def beaten(rows: pd.DataFrame, looked_at: Mapping[str, float]) -> NDArray[np.bool_]:
    """Return which rows another is surely better than, see `best`.

    An estimate that is not known is held against none.
    """
    values, highs, lows = _bounds(rows, looked_at)
    lost = np.zeros(len(rows), dtype=bool)
    # Rows that are beaten themselves beat no more than others do, but for the width of intervals;
    # to leave them out first makes a million rows a matter of seconds.
    for quick in (True, False):
        for row in np.argsort(values[:, 0], kind="stable"):
            if lost[row] and (quick or len(rows) > 10_000):
                continue
            others = np.flatnonzero(~lost)
            rounding = _ROUNDING * np.abs(values[others])
            no_worse = (values[row] <= values[others] + rounding).all(axis=1)
            surely = (highs[row] < lows[others] - rounding).any(axis=1)
            lost[others[no_worse & surely]] = True
    return lost


def _bounds(rows: pd.DataFrame, looked_at: Mapping[str, float]) -> tuple[Floats, Floats, Floats]:
    """Return the estimates and the ends of their intervals, the lower the better; shape (n, k)."""
    columns = []
    for name, sign in looked_at.items():
        value = sign * rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
        low, high = (
            sign * rows.get(f"{name}_{end}", rows[name]).to_numpy(np.float64, na_value=np.nan)
            for end in (("low", "high") if sign > 0 else ("high", "low"))
        )
        columns.append(
            [value, np.where(np.isnan(high), value, high), np.where(np.isnan(low), value, low)]
        )
    values, highs, lows = np.array(columns).transpose(1, 2, 0)
    return values, highs, lows


def _like(rows: pd.DataFrame, name: str) -> list[int]:
    """Return the place, from 1, of the first row with an overlapping interval; 0 for none."""
    _, highs, lows = (each[:, 0] for each in _bounds(rows, {name: 1.0}))
    found = []
    for row in range(len(rows)):
        same = (highs[:row] >= lows[row]) & (lows[:row] <= highs[row])
        found.append(int(np.argmax(same)) + 1 if same.any() else 0)
    return found


def _nothing(rows: pd.DataFrame, limits: Sequence[Limit], names: Sequence[str]) -> str:
    """Return why no row is left: how many keep each condition."""
    counts = [f"{limit.told}: {int(limit.holds(rows).sum()):,}" for limit in limits]
    known = int(rows[list(names)].notna().all(axis=1).sum())
    counts.append(f"{', '.join(names)} known: {known:,}")
    return f"no row of {len(rows):,} keeps all conditions ({'; '.join(counts)})"

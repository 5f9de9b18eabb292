"""Conditions on the rows of a sweep, as users write them: ``cost<=1.3, accuracy>=0.9``."""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strag_sim.errors import ResultError
from strag_sim.hints import did_you_mean
from strag_sim.units import seconds

_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_FORM = re.compile(r"\s*([\w.\[\]-]+?)\s*(<=|>=|==|<|>|=)\s*(.+?)\s*")


@dataclass(frozen=True)
class Limit:
    """A condition on one column."""

    column: str
    sign: str
    value: float | str

    @property
    def told(self) -> str:
        """What people read."""
        return f"{self.column} {self.sign} {self.value}"

    def holds(self, rows: pd.DataFrame) -> NDArray[np.bool_]:
        """Return where the estimate keeps it; one that is not known does not."""
        return np.asarray(_SIGNS[self.sign](rows[self.column], self.value), dtype=bool)

    def is_sure(self, rows: pd.DataFrame) -> NDArray[np.bool_]:
        """Return where the whole interval keeps it; so it does where there is none."""
        end = {"<": "high", ">": "low"}.get(self.sign[0])
        name = f"{self.column}_{end}"
        if name not in rows:
            return np.ones(len(rows), dtype=bool)
        ends = rows[name].fillna(rows[self.column])
        return np.asarray(_SIGNS[self.sign](ends, self.value), dtype=bool)


def limits_of(text: str, rows: pd.DataFrame) -> list[Limit]:
    """Return the conditions in a text, parted by commas; a ResultError says what is wrong."""
    return [_limit(part, rows) for part in text.split(",") if part.strip()]


def known_column(name: str, rows: pd.DataFrame) -> str:
    """Return the name of a column; a ResultError where there is none of it."""
    if name in rows.columns:
        return name
    plain = [column for column in rows.columns if not re.search("_(low|high)$", column)]
    hint = did_you_mean(name, plain) or f"; there are {', '.join(plain)}"
    raise ResultError(f"{name!r}: no such column{hint}")


def chosen(rows: pd.DataFrame, limits: Iterable[Limit]) -> pd.DataFrame:
    """Return the rows that keep all limits."""
    for limit in limits:
        rows = rows[limit.holds(rows)]
    return rows


def _limit(text: str, rows: pd.DataFrame) -> Limit:
    """Return one condition."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ResultError(
            f"{text.strip()!r} is not allowed; write conditions such as cost<=1.3 or p99<20ms"
        )
    column = known_column(found[1], rows)
    value: float | str = found[3]
    if pd.api.types.is_bool_dtype(rows[column]):
        value = float(found[3].lower() == "true")
    elif pd.api.types.is_numeric_dtype(rows[column]):
        value = _number(text, found[3])
    elif found[2] not in ("=", "=="):
        raise ResultError(f"{text.strip()!r} is not allowed; {column} is a text: use {column}=...")
    return Limit(column, found[2], value)


def _number(text: str, value: str) -> float:
    """Return a number, or a time in seconds."""
    try:
        return float(value)
    except ValueError:
        pass
    try:
        return seconds(value)
    except ValueError:
        raise ResultError(
            f"{text.strip()!r} is not allowed; {value!r} is no number, nor a time such as 20 ms"
        ) from None

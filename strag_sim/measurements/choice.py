"""Which cells of a table are measured times, and what stands beside them."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from strag_sim.errors import MeasurementsError

_SHOWN = 20  # names in a message


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Columns by name.

    Parameters
    ----------
    columns : sequence of str
        Of times: one; with ``wide`` each is a worker, and none are all but ``order``.
    wide : bool
        A row is a round, a column a worker.
    group : str, optional
        Of the worker that each row is of.
    order : str, optional
        Of a number, date or time that puts rows in order.
    unit : str, optional
        Of times that carry none; ``ratio`` for factors. Default seconds.
    """

    columns: Sequence[str] = ()
    wide: bool = False
    group: str | None = None
    order: str | None = None
    unit: str | None = None

    def within(self, name: str, names: Sequence[str]) -> "Choice":
        """Return the choice among the columns of a table, ``name`` being its file's."""
        for option, column in self._named():
            if column not in names:
                raise MeasurementsError(f"{name}: {_absent(option, column, names)}")
            if names.count(column) > 1:
                raise MeasurementsError(
                    f"{name}: --{option}: {column!r} names {names.count(column)} columns; "
                    "rename all but one"
                )
        if self.wide and self.group:
            raise MeasurementsError(
                f"{name}: --group is not allowed with --wide, where each column is a worker"
            )
        if len(self.columns) > 1 and not self.wide:
            raise MeasurementsError(
                f"{name}: --column names {len(self.columns)} columns; name one, or add --wide if "
                "each is a worker"
            )
        columns = tuple(self.columns) or self._default(name, names)
        if len(set(columns)) < len(columns):
            raise MeasurementsError(f"{name}: --column names a column twice; name each once")
        return Choice(
            columns=columns, wide=self.wide, group=self.group, order=self.order, unit=self.unit
        )

    def _named(self) -> list[tuple[str, str]]:
        """Return each column that was named, and by which option."""
        beside = (("group", self.group), ("order", self.order))
        return [("column", c) for c in self.columns] + [(o, c) for o, c in beside if c is not None]

    def _default(self, name: str, names: Sequence[str]) -> tuple[str, ...]:
        """Return the columns of times where none are named: the only one, or with ``wide`` all."""
        others = tuple(c for c in names if c not in {self.group, self.order})
        if len(others) == 1 or (self.wide and others):
            return others
        if not names:
            raise MeasurementsError(
                f"{name}: holds no rows; it must hold at least one measured time"
            )
        if not others:
            raise MeasurementsError(f"{name}: has no column beside --group and --order")
        raise MeasurementsError(
            f"{name}: --column is missing; it must be one of {listed(others)} "
            "(or add --wide if each column is a worker)"
        )


def listed(names: Sequence[str]) -> str:
    """Return some names for a message."""
    shown = ", ".join(_short(name) or "''" for name in names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


def _short(name: str) -> str:
    """Return a name, cut if it is long."""
    return name if len(name) <= 80 else name[:77] + "..."


def _absent(option: str, column: str, names: Sequence[str]) -> str:
    """Return the message for a column that is not there."""
    near = difflib.get_close_matches(column, names[:1000], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"--{option}: {column!r} is not allowed; it must be one of {listed(names)}{hint}"

"""From the pieces of a table to measurements in order."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from strag_sim.errors import MeasurementsError
from strag_sim.measurements.cells import (
    BARE,
    FINE,
    NO_ORDER,
    NO_WORKER,
    names,
    orders,
    times,
)
from strag_sim.measurements.choice import Choice, listed
from strag_sim.measurements.dropping import Tally
from strag_sim.measurements.growing import Growing
from strag_sim.measurements.sample import Measurements
from strag_sim.profiles import RATIO
from strag_sim.units import seconds

MOST_WORKERS = 1_000_000


class Collector:
    """Takes the pieces of a table, one after the other, and keeps what was measured.

    ``choice`` names columns that are there; ``name`` is the file's, in messages.
    """

    def __init__(self, name: str, choice: Choice) -> None:
        self._name, self._choice = name, choice
        self._values = Growing(np.float64)
        self._workers = Growing(np.int32) if choice.wide or choice.group is not None else None
        stepped = choice.wide or choice.order is not None or choice.group is not None
        self._steps = Growing(np.float64) if stepped else None
        self._codes: dict[str, int] = {}
        self._seen = np.zeros(0, np.int64)  # rows of each worker until now
        self._units: set[str] = set()
        self._kinds: set[str] = set()
        self.tally = Tally()
        self.rows = 0

    def add(self, columns: Sequence[pa.Array], group: pa.Array, order: pa.Array) -> None:
        """Take a piece: its cells of times, one array a column; of the group and order or None."""
        read = [times(cells, self._choice.unit or "s") for cells in columns]
        self._check_units(set().union(*(each.units for each in read)))
        # Row by row, so that rounds of a wide table stay together.
        values = np.stack([each.values for each in read], axis=1)
        reason = np.stack([each.reason for each in read], axis=1)
        worker = self._worker(group, len(values))
        counted = group is not None and order is None
        step = self._place(worker) if counted else self._step(order, len(values))
        if group is not None:
            reason[(worker[:, 0] < 0)[:, None] & (reason == FINE)] = NO_WORKER
        if order is not None:
            reason[np.isnan(step)[:, None] & (reason == FINE)] = NO_ORDER
        fine = reason == FINE
        self._values.append(values[fine])
        if self._workers is not None:
            self._workers.append(np.broadcast_to(worker, fine.shape)[fine])
        if self._steps is not None:
            self._steps.append(np.broadcast_to(step[:, None], fine.shape)[fine])
        self.tally.add(reason, columns, {NO_WORKER: group, NO_ORDER: order})
        self.rows += len(values)

    def measurements(self) -> Measurements:
        """Return what was measured. To be called once, at the end: it frees what was collected."""
        values: NDArray[np.float64] = self._values.whole()
        step = None if self._steps is None else self._steps.whole()
        worker = None if self._workers is None else self._workers.whole()
        if step is not None and not (step[:-1] <= step[1:]).all():
            order = np.argsort(step, kind="stable")
            values = values[order]
            step = step[order]
            worker = None if worker is None else worker[order]
        if worker is None:
            return Measurements(values, None, step)
        found = tuple(self._choice.columns) if self._choice.wide else tuple(self._codes)
        worker, found = _named(worker, found, in_order=self._choice.wide)
        return Measurements(values, worker, step, found)

    def _worker(self, group: pa.Array, rows: int) -> NDArray[np.int32]:
        """Return the worker of each row, shape (rows, 1), -1 for none; if wide, of each column."""
        if group is None:
            return np.arange(len(self._choice.columns), dtype=np.int32)[None, :]
        try:
            known, places = names(group)
        except pa.ArrowException:
            raise MeasurementsError(
                f"{self._name}: --group: {self._choice.group!r} holds {group.type}, which names no "
                "worker; it must be a column of texts or numbers"
            ) from None
        codes = [-1 if n is None else self._codes.setdefault(n, len(self._codes)) for n in known]
        if len(self._codes) > MOST_WORKERS:
            raise MeasurementsError(
                f"{self._name}: --group: {self._choice.group!r} names more than {MOST_WORKERS:,} "
                "workers; choose a column that says which worker or machine a row is of"
            )
        return np.array(codes, np.int32)[places][:, None]

    def _step(self, order: pa.Array, rows: int) -> NDArray[np.float64]:
        """Return the order of each row, NaN for none; without a column the number of the row."""
        if order is None:
            return self.rows + np.arange(rows, dtype=np.float64)
        step, kind = orders(order)
        self._kinds |= {kind} - {""}
        if len(self._kinds) > 1:
            raise MeasurementsError(
                f"{self._name}: --order: {self._choice.order!r} holds numbers and dates; "
                "it must be all of one kind"
            )
        return step

    def _place(self, worker: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return which of its worker's rows each row is, counted from 0.

        Rows whose times cannot be used count, or rows of other rounds would stand in for them.
        """
        code = worker[:, 0]
        seen = np.zeros(len(self._codes) + 1, np.int64)  # the last is of rows without a worker
        seen[: self._seen.size] = self._seen
        together = np.argsort(code, kind="stable")
        ranked = code[together]
        place = np.empty(code.size)
        place[together] = seen[ranked] + np.arange(code.size) - np.searchsorted(ranked, ranked)
        self._seen = seen[:-1] + np.bincount(code[code >= 0], minlength=len(self._codes))
        return place

    def _check_units(self, units: set[str]) -> None:
        """Refuse units that contradict each other, or what was asked for."""
        self._units |= units
        carried = sorted(self._units - {BARE})
        stated = self._choice.unit
        if stated is None and carried and BARE in self._units:
            raise MeasurementsError(
                f"{self._name}: some times carry a unit ({listed(carried)}) and others none; "
                "state the unit of those with --unit, or write a unit behind every time"
            )
        if stated is not None and any(not _same(unit, stated) for unit in carried):
            raise MeasurementsError(
                f"{self._name}: --unit: {stated!r} is not allowed, because times carry units "
                f"({listed(carried)}); leave --unit out, or correct the file"
            )


def _same(unit: str, stated: str) -> bool:
    """Tell whether two units are one."""
    return stated != RATIO and seconds(f"1 {unit}") == seconds(f"1 {stated}")


def _named(
    worker: NDArray[np.int32], found: tuple[str, ...], *, in_order: bool
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return workers by their places among the names that have times, sorted as people sort."""
    seen = np.bincount(worker, minlength=len(found)) > 0
    kept = [code for code in range(len(found)) if seen[code]]
    if not in_order:
        kept.sort(key=lambda code: _sorted_as(found[code]))
    place = np.full(len(found), -1, np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    return place[worker], tuple(found[code] for code in kept)


def _sorted_as(name: str) -> list[tuple[int, int, str]]:
    """Return what puts ``worker 2`` before ``worker 10``."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(p[:18]), p) if p[0] in "0123456789" else (1, 0, p) for p in parts]

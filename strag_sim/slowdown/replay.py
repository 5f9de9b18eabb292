"""Slowness as it was measured: a matrix of time x worker, played again."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from strag_sim.distributions.columns import read_matrix
from strag_sim.distributions.parameters import positive, refuse
from strag_sim.slowdown.part import Combine, Streams
from strag_sim.slowdown.tracks import Tracks, bind
from strag_sim.tables import Floats
from strag_sim.units import Seconds

MOST_CELLS = 1 << 25
_COLUMNS, _ROWS = range(2)  # streams


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Workers that are as slow as the columns of a matrix say, row after row, times ``scale``.

    The file ``path`` is CSV, parquet or npy. By ``step`` a row is the next task of each worker; by
    ``time`` it is an ``interval``. Columns are ``drawn`` anew for each run, all different while
    there are enough, or ``fixed``: column w for worker w. Runs start at the ``first`` row or at a
    ``drawn`` one. After the last row comes the first.
    """

    path: str
    by: Literal["step", "time"] = "step"
    interval: Seconds | None = None
    columns: Literal["drawn", "fixed"] = "drawn"
    start: Literal["first", "drawn"] = "first"
    scale: float = 1.0
    enabled: bool = True

    def __post_init__(self) -> None:
        """Read the file, so that one that is missing or broken is refused at once."""
        positive(scale=self.scale)
        if (self.by == "time") != (self.interval is not None):
            if self.interval is None:
                raise ValueError("interval: missing; by: time needs it, the time of a row: 100 ms")
            raise refuse("interval", self.interval, "left out unless by is time")
        if self.interval is not None:
            positive(interval=self.interval)
        if self.matrix.size > MOST_CELLS:
            raise refuse("path", self.path, f"a matrix of at most {MOST_CELLS} cells")
        if not (self.matrix.min() > 0 and math.isfinite(self.matrix.max())):
            raise refuse("scale", self.scale, "such that scaled cells are finite and above 0")
        if not math.isfinite(self.period):
            raise refuse("interval", self.interval, "such that all rows take a finite time")

    @cached_property
    def matrix(self) -> Floats:
        """The matrix, scaled, shape (rows, columns); not to be changed."""
        with np.errstate(over="ignore"):
            return read_matrix(self.path) * self.scale

    @property
    def period(self) -> float:
        """How long all rows last, in seconds or steps."""
        return float(self.matrix.shape[0] * (self.interval or 1.0))

    def tracks(self, streams: Streams, workers: int, horizon: float, combine: Combine) -> Tracks:
        """Return a track for each column of the matrix that a worker has."""
        rows, columns = self.matrix.shape
        if self.columns == "drawn":
            track = bind(streams(_COLUMNS), columns, workers)
        elif workers <= columns:
            track = np.arange(workers)
        else:
            text = f"drawn where there are more workers ({workers}) than columns ({columns})"
            raise refuse("columns", self.columns, text)
        shift = int(streams(_ROWS).integers(rows)) if self.start == "drawn" else 0
        used, track = np.unique(track, return_inverse=True)
        return Tracks(
            track=track,
            first=np.arange(used.size + 1) * rows,
            at=np.tile(np.arange(rows) * (self.interval or 1.0), used.size),
            value=np.roll(self.matrix[:, used], -shift, axis=0).T.ravel(),
            period=self.period,
            stepped=self.by == "step",
        )

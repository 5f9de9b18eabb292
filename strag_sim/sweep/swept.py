"""What a sweep has found: its table, its failures, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from strag_sim.sweep.cells import MARK
from strag_sim.sweep.folder import FAILURES, STATUS, TABLE, holder, read_json
from strag_sim.sweep.table import read_table


@dataclass(frozen=True)
class Failure:
    """A cell that could not be simulated: its number, its values, and why."""

    cell: int
    parameters: Mapping[str, Any]
    error: str

    @property
    def told(self) -> str:
        """What people read."""
        values = ", ".join(f"{path}={value}" for path, value in self.parameters.items())
        return f"cell {self.cell} ({values}): {self.error}"


@dataclass(frozen=True)
class Swept:
    """The folder of a sweep, finished or not.

    Parameters
    ----------
    folder : Path
        Where it lies.
    about : mapping
        What ``sweep.json`` says: the axes, how many cells there are, and what made them.
    status : mapping
        What ``status.json`` says: how many cells are done.
    failures : tuple of Failure
        The cells that failed.
    """

    folder: Path
    about: Mapping[str, Any]
    status: Mapping[str, Any]
    failures: tuple[Failure, ...] = ()

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Return the sweep of a folder; a ResultError where there is none."""
        home = Path(folder)
        about, status = read_json(home / MARK), read_json(home / STATUS)
        failures = read_json(home / FAILURES) if (home / FAILURES).is_file() else []
        return cls(home, about, status, tuple(Failure(**failure) for failure in failures))

    @property
    def parameters(self) -> dict[str, list[Any]]:
        """The paths that are swept over, in order, with all values of each."""
        return {str(path): list(values) for path, values in self.about["parameters"].items()}

    @property
    def interrupted(self) -> bool:
        """Whether cells are missing that have not failed."""
        return bool(self.status["done"] + self.status["failed"] < self.status["total"])

    @property
    def running(self) -> str | None:
        """Who is sweeping here just now; None if nobody is."""
        return holder(self.folder)

    def table(self) -> pd.DataFrame:
        """Return one row a cell and policy: parameters, summary, seed, wall time and host."""
        return read_table(self.folder / TABLE)

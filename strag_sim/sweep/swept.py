"""What a sweep has found: its table, its failures, and how far it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Self

import pandas as pd

from strag_sim.errors import ResultError
from strag_sim.results.notebook import of_rows
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

    @property
    def confidence(self) -> float | None:
        """The confidence of its intervals; None where it was swept over."""
        found = re.search(r"^confidence: (\S+)$", str(self.about["scenario"]), re.MULTILINE)
        return float(found[1]) if found and "confidence" not in self.parameters else None

    @property
    def notes(self) -> list[str]:
        """What is missing of it, a sentence each."""
        left = self.status["total"] - self.status["done"] - self.status["failed"]
        missing = [f"{left:,} of {self.status['total']:,} cells are not simulated yet"]
        return [*(missing if left else []), *(failure.told for failure in self.failures)]

    def _repr_html_(self) -> str:
        """Return what notebooks show: the first rows, what they are of, and what is missing."""
        try:
            rows = self.table()
        except ResultError as error:
            return f"<div>{escape(str(error))}</div>"
        return of_rows(rows, self.confidence, paths=list(self.parameters), notes=self.notes)

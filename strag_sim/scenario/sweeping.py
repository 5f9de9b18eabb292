"""The key ``sweep``: which values of a scenario are gone through, and in which cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import core_schema

from strag_sim.scenario.axes import MOST_CELLS, axis_values
from strag_sim.scenario.fields import Schema
from strag_sim.scenario.problems import Problem, error_of, not_allowed, problems_of, shown

ZIP = "zip"
# What is no part of what is simulated.
NOT_SWEPT = {
    "runs": "more runs extend the cells that there are: give --set runs=N, not a list",
    "name": "it names the folder, and changes nothing of a cell",
    "sweep": "a sweep holds no other",
}


@dataclass(frozen=True)
class Axis:
    """Paths that change together, and their values, one row a step."""

    paths: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Sweep:
    """The axes of a grid; its cells are their product, the last axis goes fastest."""

    axes: tuple[Axis, ...]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return prod(len(axis.rows) for axis in self.axes)

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths, in order."""
        return tuple(path for axis in self.axes for path in axis.paths)

    def values(self, cell: int) -> dict[str, Any]:
        """Return the values of a cell by their paths; cells are numbered from 0."""
        rows: list[tuple[Any, ...]] = []
        for axis in reversed(self.axes):
            cell, step = divmod(cell, len(axis.rows))
            rows.append(axis.rows[step])
        pairs = zip(self.axes, reversed(rows), strict=True)
        return {p: v for axis, row in pairs for p, v in zip(axis.paths, row, strict=True)}

    def plain(self) -> dict[str, Any]:
        """Return it as a file would give it."""
        found: dict[str, Any] = {}
        for axis in self.axes:
            columns = [list(column) for column in zip(*axis.rows, strict=True)]
            given = dict(zip(axis.paths, columns, strict=True))
            found |= given if len(given) == 1 else {ZIP: given}
        return found


def sweep_of(value: object) -> Sweep:
    """Return the sweep that a mapping describes; pydantic's error holds all that is wrong."""
    if isinstance(value, Sweep):
        return value
    if not isinstance(value, Mapping) or not value:
        what = "a mapping from paths to values, such as {arrivals.offered_load: [0.2, 0.4]}"
        raise error_of([Problem((), not_allowed(value, what))])
    axes: list[Axis] = []
    problems: list[Problem] = []
    for key, given in value.items():
        try:
            axes.append(_zipped(given) if key == ZIP else _axis(str(key), given))
        except ValidationError as error:
            problems += [Problem((str(key), *p.path), p.text) for p in problems_of(error)]
    problems += _clashes([path for axis in axes for path in axis.paths])
    sweep = Sweep(tuple(axes))
    if not problems and sweep.size > MOST_CELLS:
        text = f"{sweep.size:,} cells are not allowed; there may be at most {MOST_CELLS:,}"
        problems.append(Problem((), text))
    if problems:
        raise error_of(problems)
    return sweep


class SweepField:
    """Reads ``sweep``."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let pydantic call ``sweep_of``."""
        return core_schema.no_info_plain_validator_function(sweep_of)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return what editors should allow."""
        end = {"type": ["number", "string"]}
        spaced = {
            "title": "Spaced",
            "type": "object",
            "required": ["from", "to", "steps"],
            "additionalProperties": False,
            "properties": {
                "from": end,
                "to": end,
                "steps": {"type": "integer", "minimum": 2},
                "scale": {"enum": ["linear", "log"]},
            },
        }
        values = {"anyOf": [{"type": "array", "minItems": 1}, spaced]}
        zipped = {"type": "object", "minProperties": 1, "additionalProperties": values}
        return {
            "title": "Sweep",
            "type": "object",
            "minProperties": 1,
            "properties": {ZIP: zipped},
            "additionalProperties": values,
        }


def _axis(path: str, given: object) -> Axis:
    """Return the axis of one path."""
    return _distinct(Axis((path,), tuple((value,) for value in _values(path, given))))


def _zipped(given: object) -> Axis:
    """Return the axis of paths that change together."""
    if not isinstance(given, Mapping) or not given:
        what = "a mapping from paths to lists of equal length"
        raise error_of([Problem((), not_allowed(given, what))])
    columns: list[list[Any]] = []
    problems: list[Problem] = []
    for path, values in given.items():
        try:
            columns.append(_values(str(path), values))
        except ValidationError as error:
            problems += [Problem((str(path), *p.path), p.text) for p in problems_of(error)]
    lengths = [len(column) for column in columns]
    if not problems and len(set(lengths)) > 1:
        counts = ", ".join(f"{path} has {n}" for path, n in zip(given, lengths, strict=True))
        problems = [Problem((), f"only lists of equal length can be zipped, but {counts}")]
    if problems:
        raise error_of(problems)
    return _distinct(Axis(tuple(map(str, given)), tuple(zip(*columns, strict=True))))


def _values(path: str, given: object) -> list[Any]:
    """Return the values of one path."""
    if path in NOT_SWEPT:
        raise error_of([Problem((), f"cannot be swept: {NOT_SWEPT[path]}")])
    return axis_values(given)


def _distinct(axis: Axis) -> Axis:
    """Return the axis; no step of it may be given twice."""
    seen: set[str] = set()
    for row in axis.rows:
        key = repr(row)
        if key in seen:
            what = shown(row[0] if len(row) == 1 else list(row))
            text = f"{what} is given twice; every value is simulated once"
            raise error_of([Problem((), text)])
        seen.add(key)
    return axis


def _clashes(paths: Sequence[str]) -> list[Problem]:
    """Return a problem for each path that is given twice, or holds another."""
    found = []
    for i, path in enumerate(paths):
        for other in paths[:i]:
            if path == other:
                found.append(Problem((), f"{path} is given twice"))
            elif f"{path}.".startswith(f"{other}.") or f"{other}.".startswith(f"{path}."):
                text = f"{other} and {path} are not allowed together; one holds the other"
                found.append(Problem((), text))
    return found

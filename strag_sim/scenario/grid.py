"""A scenario and its sweep: one scenario a cell, each made and checked when it is asked for."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from strag_sim.errors import ScenarioError
from strag_sim.scenario.loading import checked
from strag_sim.scenario.models import Scenario
from strag_sim.scenario.overriding import override, pair, put_cell
from strag_sim.scenario.problems import Problem, problems_of, shown
from strag_sim.scenario.reading import Document, read
from strag_sim.scenario.sweeping import NOT_SWEPT, ZIP, Sweep, sweep_of

RANGE = {"from", "to", "steps"}
NO_SWEEP = (
    "there is nothing to sweep over: list values in the scenario, such as sweep: "
    "{arrivals.offered_load: [0.2, 0.4]}, or with --set arrivals.offered_load=0.2,0.4"
)


@dataclass(frozen=True)
class Grid:
    """The cells of a sweep, numbered from 0; ``document`` is what they have in common."""

    document: Document
    sweep: Sweep

    def __len__(self) -> int:
        return self.sweep.size

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return str(self.document.value["name"])

    def parameters(self, cell: int) -> dict[str, Any]:
        """Return the values of a cell by their paths."""
        return self.sweep.values(cell)

    def told(self, cell: int) -> str:
        """Return the values of a cell as people read them."""
        return ", ".join(f"{path}={shown(value)}" for path, value in self.parameters(cell).items())

    def scenario(self, cell: int) -> Scenario:
        """Return the scenario of a cell; a ScenarioError tells all that is wrong with it."""
        document = replace(
            self.document,
            value=deepcopy(self.document.value),
            places=dict(self.document.places),
            problems=list(self.document.problems),
        )
        document.problems.extend(put_cell(document, self.parameters(cell)))
        return checked(document)


def read_grid(
    source: str | Path | Mapping[str, Any], *, overrides: Iterable[str] | Mapping[str, Any] = ()
) -> Grid:
    """Return the grid of a scenario and its sweep.

    Parameters
    ----------
    source : str, Path or mapping
        As ``load`` takes it.
    overrides : iterable of str, or mapping
        ``"workers.count=4,8"``, or ``{"workers.count": [4, 8]}``, is an axis, in place of that of
        the scenario if it has one; so is a range ``{from: ..., to: ..., steps: ...}``. A single
        value holds for all cells.

    Raises
    ------
    ScenarioError
        With one message for each problem of the sweep; what is wrong with the scenario is told of
        each cell when it is asked for.
    """
    document = read(source)
    if not isinstance(document.value, dict):
        checked(document)
    document.value.setdefault("name", document.stem)
    given = document.value.get("sweep")
    if isinstance(given, dict) or given is None:
        document.value["sweep"] = dict(given or {})
        _override(document, overrides)
        if not document.value["sweep"]:
            raise ScenarioError(f"{document.name}: {NO_SWEEP}".removeprefix(": "))
    try:
        sweep = sweep_of(document.value.pop("sweep"))
    except ValidationError as error:
        problems = [Problem(("sweep", *p.path), p.text) for p in problems_of(error)]
        raise ScenarioError(*document.render([*document.problems, *problems])) from None
    return Grid(document, sweep)


def _override(document: Document, overrides: Iterable[str] | Mapping[str, Any]) -> None:
    """Put in what holds for all cells, and the axes that are given beside the scenario."""
    fixed: dict[str, Any] = {}
    wrong: list[str] = []
    for path, values, written in _pairs(overrides, wrong):
        _without(document.value["sweep"], path)
        if len(values) == 1 and not _is_range(values[0]):
            fixed[path] = values[0]
        elif path in NOT_SWEPT:
            wrong.append(f"--set {path}={written}: {path} cannot be swept: {NOT_SWEPT[path]}")
        else:
            document.value["sweep"][path] = values[0] if _is_range(values[0]) else values
            document.places["sweep", path] = f"--set {path}={written}"
    try:
        override(document, fixed)
    except ScenarioError as error:
        wrong += error.problems
    if wrong:
        raise ScenarioError(*wrong)


def _pairs(
    overrides: Iterable[str] | Mapping[str, Any], wrong: list[str]
) -> list[tuple[str, list[Any], str]]:
    """Return the path of each override, its values, and how they were written."""
    if isinstance(overrides, Mapping):
        return [
            (path, list(value) if isinstance(value, list | tuple) else [value], shown(value))
            for path, value in overrides.items()
        ]
    found = []
    for text in overrides:
        try:
            found.append(pair(text, "[{}]"))
        except ScenarioError as error:
            wrong += error.problems
    return found


def _is_range(value: object) -> bool:
    """Return whether a value is from, to and steps; other mappings are values themselves."""
    return isinstance(value, Mapping) and bool(RANGE & set(value)) and "kind" not in value


def _without(sweep: dict[str, Any], path: str) -> None:
    """Drop a path from the sweep of the scenario, where it is given anew."""
    sweep.pop(path, None)
    zipped = sweep.get(ZIP)
    if isinstance(zipped, dict) and path in zipped:
        left = {key: value for key, value in zipped.items() if key != path}
        if left:
            sweep[ZIP] = left
        else:
            del sweep[ZIP]

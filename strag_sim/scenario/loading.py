"""``load``: from a file or a mapping to a scenario, or everything that is wrong with it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from strag_sim.errors import ScenarioError
from strag_sim.scenario.checking import check, check_shapes
from strag_sim.scenario.models import Scenario
from strag_sim.scenario.overriding import override, put_cell
from strag_sim.scenario.problems import Problem, not_allowed, problems_of
from strag_sim.scenario.reading import Document, read
from strag_sim.scenario.resolving import complete
from strag_sim.scenario.sweeping import sweep_of

# What stands in for a wrong part while the rest is checked; checks that need the part are skipped.
_STAND_INS: dict[str, Any] = {
    "arrivals": {"kind": "closed", "clients": 10**6},
    "service": {"kind": "deterministic", "value": 1},
    "workers": {"count": 10**6},
    "policies": [{"kind": "none"}],
}
_INSTEAD = {"service": "models", "workers": "devices"}  # what may be given in its place


def load(
    source: str | Path | Mapping[str, Any], *, overrides: Iterable[str] | Mapping[str, Any] = ()
) -> Scenario:
    """Return the scenario in a file (or text) of YAML, or in a mapping.

    Parameters
    ----------
    source : str, Path or mapping
        A path; or a text of YAML, known by its line break; or what such a file would hold, in
        which policies, distributions and arrivals may also be objects. Paths in it start at the
        file's folder, else at the current one.
    overrides : iterable of str, or mapping
        ``"policies.0.copies=3"``, or ``{"policies.0.copies": 3}``, put in before the check.

    Raises
    ------
    ScenarioError
        With one message for each problem, in the order of the file.
    """
    document = read(source)
    if isinstance(document.value, dict):
        override(document, overrides)
        document.value.setdefault("name", document.stem)
        _put_first(document)
    return checked(document)


def checked(document: Document) -> Scenario:
    """Return the scenario in a document; a ScenarioError tells all that is wrong with it."""
    scenario, problems = _checked(document)
    if scenario is None or problems:
        raise ScenarioError(*document.render(problems))
    return scenario


def _put_first(document: Document) -> None:
    """Put in the values of a sweep's first cell: of them the rest of the scenario is made.

    A sweep that is wrong is told of when it is checked.
    """
    if "sweep" not in document.value:
        return
    try:
        sweep = sweep_of(document.value["sweep"])
    except ValidationError:
        return
    document.problems.extend(put_cell(document, sweep.values(0)))


def _checked(document: Document) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario, complete, and all problems of the document."""
    problems = list(document.problems)
    value = document.value
    if not isinstance(value, Mapping):
        what = "a mapping with keys such as arrivals, service, workers and policies"
        return None, [*problems, Problem((), not_allowed(value, what))]
    scenario, broken, found = _validated(value, document.folder)
    tagged = [problem.path for problem in document.problems]
    problems += [p for p in found if not any(p.path[: len(path)] == path for path in tagged)]
    shapes, wrong = check_shapes(scenario)
    problems += wrong
    broken |= {_part(problem) for problem in wrong}
    scenario = complete(scenario, shapes)
    return scenario, problems + list(check(scenario, shapes, broken))


def _validated(
    value: Mapping[str, Any], folder: Path
) -> tuple[Scenario, set[str | int], list[Problem]]:
    """Return a scenario made of the right parts, the parts that are not, and why they are not."""
    broken: set[str | int] = set()
    problems: list[Problem] = []
    right = value
    while True:  # what does not go together shows once each part is right
        try:
            return Scenario.model_validate(right, context=folder), broken, problems
        except ValidationError as error:
            found = problems_of(error)
        parts = {_part(problem) for problem in found}
        if parts <= broken:
            raise ScenarioError(*(problem.message for problem in found))
        problems += found
        broken |= parts
        right = _mended(value, broken)


def _part(problem: Problem) -> str | int:
    """Return the part of a scenario that a problem spoils: a key, or the place of a policy."""
    path = problem.path
    if path[:1] == ("policies",) and len(path) > 1:
        return path[1]
    return path[0] if path else "policies"


def _mended(value: Mapping[str, Any], broken: set[str | int]) -> dict[str, Any]:
    """Return the document with stand-ins for its wrong parts, which is then a right one."""
    right = {key: value[key] for key in value if key in Scenario.model_fields and key not in broken}
    needed = [key for key in _STAND_INS if broken & {key, _INSTEAD.get(key)}]
    right = {**{key: _STAND_INS[key] for key in needed if key not in right}, **right}
    right["policies"] = [
        {"kind": "none"} if i in broken else entry for i, entry in enumerate(right["policies"])
    ]
    return right

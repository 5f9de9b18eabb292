"""``--set path=value``: values put into a document before it is checked."""

from collections.abc import Iterable, Mapping
from typing import Any

from strag_sim.errors import ScenarioError
from strag_sim.scenario.problems import Path, Problem, dotted, shortened, shown
from strag_sim.scenario.reading import Document, parse


def override(document: Document, overrides: Iterable[str] | Mapping[str, Any]) -> None:
    """Put values into the document.

    Overrides are texts such as "policies.0.copies=3", whose values are read as YAML, or a mapping
    from paths to values. A path may name a new key of a mapping, but no list item that is missing.
    Raises a ScenarioError that tells of every override that cannot be.
    """
    if isinstance(overrides, Mapping):
        read = [(path, value, shown(value)) for path, value in overrides.items()]
    else:
        read = [pair(text) for text in overrides]
    wrong = []
    for path, value, written in read:
        try:
            put(document, path, value, f"--set {path}={written}")
        except ScenarioError as error:
            wrong.append(f"--set {path}: {error}")
    if wrong:
        raise ScenarioError(*wrong)


def put(document: Document, text: str, value: Any, place: str) -> None:
    """Put a value at a path, making mappings on the way where there is none.

    ``place`` is what messages about it begin with. Raises a ScenarioError where there is no place
    for it.
    """
    here = document.value
    path: Path = ()
    steps = text.split(".")
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        key = _key(here, step, path)
        path = (*path, key)
        if following is None:
            here[key] = value
        elif isinstance(here, dict):
            here = here.setdefault(key, {})
        else:
            here = here[key]
    for known in [known for known in document.places if known[: len(path)] == path]:
        del document.places[known]
    document.places[path] = place


def put_cell(document: Document, values: Mapping[str, Any]) -> list[Problem]:
    """Put the values of a cell of a sweep into the document; return what cannot be put."""
    problems = []
    for path, value in values.items():
        zipped: Path = ("sweep", "zip", path)
        axis = zipped if zipped in document.places else ("sweep", path)
        try:
            put(document, path, value, document.place(axis))
        except ScenarioError as error:
            problems.append(Problem(axis, str(error)))
    return problems


def pair(text: str, form: str = "{}") -> tuple[str, Any, str]:
    """Return the path and the value of "path=value", and the value as it was written.

    ``form`` is what the value is read in: in "[{}]" it is a list of what stands between commas.
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError(f"--set {text}: write path=value, such as policies.0.copies=3")
    if not value.strip():
        raise ScenarioError(
            f'--set {text}: has no value; write {path}="" if an empty text is meant'
        )
    place = f"--set {text}"
    read = parse(form.format(value), Document(None, place))
    if read.problems:
        raise ScenarioError(*(f"{place}: {problem.message}" for problem in read.problems))
    return path.strip(), read.value, shortened(value.strip())


def _key(here: Any, step: str, path: Path) -> str | int:
    """Return a step of a path as the key of a mapping or the place in a list."""
    if isinstance(here, dict) and step:
        return step
    if isinstance(here, list) and step.isdecimal() and int(step) < len(here):
        return int(step)
    where = dotted(path) or "the scenario"
    if isinstance(here, list):
        held = f"a list of {len(here)} (0 to {len(here) - 1})" if here else "an empty list"
        raise ScenarioError(f"{dotted((*path, step))} is unknown; {where} is {held}")
    raise ScenarioError(f"{dotted((*path, step))} is unknown; {where} has no keys")

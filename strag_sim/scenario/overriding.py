"""``--set path=value``: values put into a document before it is checked."""

from collections.abc import Iterable, Mapping
from typing import Any

from strag_sim.errors import ScenarioError
from strag_sim.scenario.problems import Path, dotted, shortened, shown
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
        read = [_pair(text) for text in overrides]
    wrong = []
    for path, value, written in read:
        try:
            _put(document, path, value, written)
        except ScenarioError as error:
            wrong.append(str(error))
    if wrong:
        raise ScenarioError(*wrong)


def _pair(text: str) -> tuple[str, Any, str]:
    """Return the path and the value of "path=value", and the value as it was written."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError(f"--set {text}: write path=value, such as policies.0.copies=3")
    if not value.strip():
        raise ScenarioError(
            f'--set {text}: has no value; write {path}="" if an empty text is meant'
        )
    place = f"--set {text}"
    read = parse(value, Document(None, place))
    if read.problems:
        raise ScenarioError(*(f"{place}: {problem.message}" for problem in read.problems))
    return path.strip(), read.value, shortened(value.strip())


def _put(document: Document, text: str, value: Any, written: str) -> None:
    """Put a value at a path, making mappings on the way where there is none."""
    here = document.value
    path: Path = ()
    steps = text.split(".")
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        key = _key(here, step, path, text)
        path = (*path, key)
        if following is None:
            here[key] = value
        elif isinstance(here, dict):
            here = here.setdefault(key, {})
        else:
            here = here[key]
    for known in [known for known in document.places if known[: len(path)] == path]:
        del document.places[known]
    document.places[path] = f"--set {text}={written}"


def _key(here: Any, step: str, path: Path, text: str) -> str | int:
    """Return a step of a path as the key of a mapping or the place in a list."""
    if isinstance(here, dict) and step:
        return step
    if isinstance(here, list) and step.isdecimal() and int(step) < len(here):
        return int(step)
    where = dotted(path) or "the scenario"
    if isinstance(here, list):
        held = f"a list of {len(here)} (0 to {len(here) - 1})" if here else "an empty list"
        raise ScenarioError(f"--set {text}: {dotted((*path, step))} is unknown; {where} is {held}")
    raise ScenarioError(f"--set {text}: {dotted((*path, step))} is unknown; {where} has no keys")

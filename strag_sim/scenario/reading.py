"""From a file, a text or a dict to plain values, with the line that each came from."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from strag_sim.errors import ScenarioError
from strag_sim.hints import did_you_mean
from strag_sim.scenario.problems import Path as Keys
from strag_sim.scenario.problems import Problem
from strag_sim.scenario.scalars import meaning

LARGEST = 20_000_000  # bytes of a file: a scripted scenario of a million sizes
DEEPEST = 50  # levels of nesting: no scenario needs ten
_TOO_DEEP = f"nested too deep; a scenario has at most {DEEPEST} levels"
MOST = 2_000_000  # values, where aliases repeat them


@dataclass
class Document:
    """Plain values with the place that each came from.

    ``places`` holds what stands before a message about a path: "file.yaml:3", or the override;
    ``problems`` what is wrong with the text itself.
    """

    value: Any
    name: str = ""
    folder: Path = field(default_factory=Path)
    stem: str = "scenario"
    places: dict[Keys, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Keys) -> str:
        """Return where a path, or what stands nearest above it, came from."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.name

    def render(self, found: list[Problem]) -> list[str]:
        """Return the messages for problems, in the order of the file, each once."""
        messages = {f"{self.place(p.path)}: {p.message}".removeprefix(": "): p for p in found}
        return sorted(messages, key=lambda message: self._line(messages[message].path))

    def _line(self, path: Keys) -> int:
        line = self.place(path).rpartition(":")[2]
        return int(line) if line.isdigit() else 0


def read(source: str | Path | Mapping[str, Any]) -> Document:
    """Return the document in a file, in a text of YAML (with a line break) or in a mapping."""
    if isinstance(source, Mapping):
        return Document(_plain(source, frozenset()))
    if isinstance(source, str) and "\n" in source:
        return parse(source, Document(None, "scenario"))
    path = Path(source)
    stem = path.stem if path.stem.isprintable() else "scenario"
    return parse(_text(path), Document(None, str(path), path.absolute().parent, stem))


def parse(text: str, document: Document) -> Document:
    """Fill the document with what a text of YAML holds, and return it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _Builder(document, yaml.parse(text, Loader=loader)).build_document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        reason = " ".join(part for part in (error.context, error.problem) if part)
        if "nesting depth" in reason:  # PyYAML's own limit, since 6.0.4
            reason = _TOO_DEEP
        tabs = "; indent with spaces, not tabs" if "\\t" in reason else ""
        raise ScenarioError(f"{document.name}{line}: this is not YAML: {reason}{tabs}") from None
    except ScenarioError:  # is a ValueError, and says all
        raise
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ScenarioError(f"{document.name}: this is not YAML text: {reason}") from None
    return document


class _Builder:
    """Builds plain values from YAML's events; wrong ones are noted, and skipped."""

    def __init__(self, document: Document, events: Iterator[yaml.Event]) -> None:
        self.document = document
        self.events = events
        self.anchors: dict[str, tuple[Any, int] | None] = {}
        self.values = 0

    def build_document(self) -> None:
        """Build the only document of the stream."""
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            text = "there is nothing in it; `strag-sim new` writes a scenario to start from"
            raise self.error(None, text)
        self.document.value = self.build(next(self.events), ())
        next(self.events)
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise self.error(
                following, "a second document (---) is not allowed; one scenario a file"
            )

    def build(self, event: Any, path: Keys) -> Any:
        """Return the value that starts with this event."""
        self.values += 1
        self.document.places.setdefault(path, f"{self.document.name}:{_line(event)}")
        if len(path) > DEEPEST:
            raise self.error(event, _TOO_DEEP)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            text = f"the tag {tag} is not allowed; write plain values"
            self.document.problems.append(Problem(path, text))
        if event.anchor is None:
            return self.content(event, path)
        before = self.values
        self.anchors[event.anchor] = None
        value = self.content(event, path)
        self.anchors[event.anchor] = (value, self.values - before)
        return value

    def content(self, event: Any, path: Keys) -> Any:
        """Return a scalar, a list or a mapping."""
        if isinstance(event, yaml.ScalarEvent):
            return meaning(event.value) if event.style in (None, "") else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
                items.append(self.build(item, (*path, len(items))))
            return items
        return self.mapping(path)

    def mapping(self, path: Keys) -> dict[str, Any]:
        """Return a mapping; a doubled key keeps its first value."""
        result: dict[str, Any] = {}
        while not isinstance(key := next(self.events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise self.error(key, "a key must be a plain word")
            inner = (*path, key.value)
            place = f"{self.document.name}:{_line(key)}"
            if key.value in result:
                first = self.document.places[inner].rpartition(":")[2]
                text = f"doubled key; given on line {first}, and again on line {_line(key)}"
                self.document.problems.append(Problem(inner, text))
                inner = (*path, f"{key.value} (again)")
            self.document.places.setdefault(inner, place)
            value = self.build(next(self.events), inner)
            result.setdefault(key.value, value)
        return result

    def alias(self, event: yaml.AliasEvent) -> Any:
        """Return the value that an alias repeats."""
        if event.anchor not in self.anchors:
            raise self.error(
                event, f"the alias *{event.anchor} stands for nothing that came before"
            )
        known = self.anchors[event.anchor]
        if known is None:
            raise self.error(event, f"the alias *{event.anchor} holds itself")
        value, size = known
        self.values += size
        if self.values > MOST:
            raise self.error(event, f"too long; a scenario holds at most {MOST} values")
        return deepcopy(value)  # so that an override changes one place, not all

    def error(self, event: yaml.Event | None, text: str) -> ScenarioError:
        """Return the error that ends the reading."""
        line = "" if event is None else f":{_line(event)}"
        return ScenarioError(f"{self.document.name}{line}: {text}")


def _line(event: yaml.Event) -> int:
    """Return the line on which an event starts, from 1."""
    return event.start_mark.line + 1 if event.start_mark else 0


def _text(path: Path) -> str:
    """Return the text of a file, or raise a ScenarioError that says why there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except IsADirectoryError:
        raise ScenarioError(f"{path}: this is a folder; give a scenario file (YAML)") from None
    except FileNotFoundError:
        near = [str(p) for p in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
        hint = did_you_mean(str(path), near)
        raise ScenarioError(f"{path}: there is no such file{hint}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"{path}: cannot be read: {reason}") from None
    if len(content) > LARGEST:
        raise ScenarioError(f"{path}: too long; a scenario has at most {LARGEST} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError(
            f"{path}: this is not a text file in UTF-8; give a scenario (YAML)"
        ) from None


def _plain(value: Any, above: frozenset[int]) -> Any:
    """Return a copy of nested mappings and lists, so that overrides change no caller's value."""
    if id(value) in above or len(above) > DEEPEST:
        raise ScenarioError("the scenario holds itself, or is nested too deep")
    inside = above | {id(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item, inside) for key, item in value.items()}
    if hasattr(value, "tolist"):  # numpy's arrays and numbers
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item, inside) for item in value]
    return value

"""What each key of a scenario means, for editors and for the reference: ``meanings.yaml``."""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

# Sections that a policy's entry has besides its own; those of a family are its name.
_SHARED = {"scenario": ("handling",), "policy": ("overrides", "handling")}


class Meaning(NamedTuple):
    """What a key is, and what its type and default do not say; empty where they say all."""

    what: str
    unless: str = ""  # what holds where the key is left out
    unit: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        """Return it as editors show it."""
        sentence = self.what[0].upper() + self.what[1:]
        brackets = "; ".join(each for each in (self.allowed, self.unit) if each)
        more = f" Unless given: {self.unless}." if self.unless else ""
        return f"{sentence}{f' ({brackets})' if brackets else ''}.{more}"


@cache
def meanings() -> dict[str, dict[str, Meaning]]:
    """Return the meanings by section and key."""
    text = resources.files(__package__).joinpath("meanings.yaml").read_text(encoding="utf-8")
    return {
        section: {key: _meaning(known) for key, known in keys.items()}
        for section, keys in yaml.safe_load(text).items()
    }


def meaning_of(model: str, key: str) -> tuple[str, Meaning] | None:
    """Return the meaning of a key of a model of the schema, and its section; None if unknown."""
    family = model.partition("-")[0]
    for section in dict.fromkeys((model, family, *_SHARED.get(family, ()))):
        found = meanings().get(section, {}).get(key)
        if found is not None:
            return section, found
    return None


def models_of(node: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each mapping with keys of its own in a schema, and the name of its model."""
    if isinstance(node, list):
        for item in node:
            yield from models_of(item)
    if not isinstance(node, dict):
        return
    if "properties" in node and isinstance(node["properties"], dict):
        yield name or node.get("title", ""), node
    for key, value in node.items():
        if key in ("definitions", "properties"):
            for inner, item in value.items():
                yield from models_of(item, inner if key == "definitions" else "")
        else:
            yield from models_of(value)


def describe(schema: dict[str, Any]) -> None:
    """Put the meanings into a schema, beside whatever else it says of each key."""
    for model, node in models_of(schema, "scenario"):
        for key, says in node["properties"].items():
            found = meaning_of(model, key)
            if found is not None:
                says["description"] = str(found[1])


def _meaning(known: dict[str, str]) -> Meaning:
    """Return a meaning as the file has it."""
    given = {key: str(value) for key, value in known.items() if key != "is"}
    return Meaning(known["is"], **given)

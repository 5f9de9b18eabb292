"""docs/reference/keys.md: every key of a scenario, from the schema that editors are given."""

from collections.abc import Iterator
from typing import Any

from pages.markdown import code, sections, table
from strag_sim.scenario import schema
from strag_sim.scenario.meanings import Meaning, meaning_of, models_of

HEAD = """# Keys of a scenario

Every key, written by `make docs` from the models that read it; `strag-sim schema` gives the same to
editors. What the keys do together is told in [the scenario file](../scenario.md). A path is what
`--set` takes: `N` is a place in a list, from 0, `NAME` a name of yours. A default in words is what
holds where the key is left out. Parameters of kinds have pages of their own:
[policies and placements](policies.md), [distributions](distributions.md), [arrivals](arrivals.md),
[slowdown](slowdown.md).
"""
COLUMNS = ("key", "is", "type", "allowed", "default", "unit")
EXACT = "scenario.md#exact-sizes-and-workers"
# What a page shows of the schema: a title, where its keys stand, the model, and where it is told.
PLACES = (
    ("The scenario", "", "scenario", "scenario.md#the-scenario"),
    ("Workers", "workers.", "Workers", "scenario.md#workers"),
    ("Groups of workers", "workers.groups.N.", "WorkerGroup", "scenario.md#workers"),
    ("Batches", "workers.batch.", "Batch", "semantics.md#batches"),
    ("Scripted placement", "workers.placement.", "ScriptedPlacement", EXACT),
    ("Policies", "policies.N.", "overrides", "scenario.md#policies"),
    ("Network", "network.", "Network", "semantics.md#encoding-decoding-network"),
    ("Master", "master.", "Master", "semantics.md#encoding-decoding-network"),
    ("Models", "models.NAME.", "Model", "scenario.md#models"),
    ("Services on devices", "models.NAME.service_on.", "ServiceOn", "scenario.md#models"),
    ("Devices", "devices.N.", "DeviceGroup", "scenario.md#devices-and-jobs"),
    ("Jobs", "job.", "JobKeys", "scenario.md#devices-and-jobs"),
    ("Input", "input.", "Input", "scenario.md#what-requests-carry"),
    ("Precision", "precision.", "Precision", "statistics.md#precision"),
    ("Sweep", "sweep.", "Sweep", "sweeps.md"),
    ("Spaced values of a sweep", "sweep.PATH.", "Spaced", "sweeps.md"),
)  # fmt: skip
HANDLING = (
    "A policy's entry has a `kind`, the parameters of [that kind](policies.md), the keys below, "
    "and those by which requests are handled (`cancel` to `redundant_workers` above), which then "
    "hold for it alone.\n\n"
)
NAMES = {
    "scenario.md": "the scenario file",
    "semantics.md": "what happens",
    "statistics.md": "statistics",
    "sweeps.md": "sweeps",
    "profiles.md": "profiles",
}
PLAIN = {
    "integer": "whole number",
    "boolean": "true or false",
    "string": "text",
    "['number', 'string']": "number or amount",
}
UNITS = {"time": "s", "memory": "bytes", "bandwidth": "bit/s"}


def keys() -> str:
    """Return the page."""
    known = models()
    parts = []
    for title, path, model, told in PLACES:
        body = HANDLING if model == "overrides" else ""
        body += table(COLUMNS, rows(known[model], model, path))
        parts.append((title, f"{body}More: {link(told)}.\n"))
    return sections(HEAD, parts)


def link(told: str) -> str:
    """Return a link to where a thing is told."""
    return f"[{NAMES[told.partition('#')[0]]}](../{told})"


def models() -> dict[str, dict[str, Any]]:
    """Return each model of the schema by its name; what any policy may override is one of them."""
    found = dict(models_of(schema(), "scenario"))
    anyone = found["policy-none"]["properties"]
    of_workers = ("label", "workers", "queue", "placement", "distinct", "batch")
    return {**found, "overrides": {"properties": {key: anyone[key] for key in of_workers}}}


def rows(model: dict[str, Any], name: str, path: str) -> Iterator[tuple[str, ...]]:
    """Yield a row for each key of a model, but its kind."""
    for key, says in model["properties"].items():
        found = meaning_of(name, key)
        if key == "kind" and found is None:
            continue
        _, meaning = found if found else ("", Meaning("?"))
        allowed = ", ".join(filter(None, (limits(says), meaning.allowed)))
        if meaning.allowed.startswith(("above", "at least")):  # says more than the type does
            allowed = meaning.allowed
        missing = default(key in model.get("required", ()), says.get("default"), meaning)
        unit = meaning.unit or " or ".join(dict.fromkeys(units(says)))
        yield code(path + key), meaning.what, kind_of(says), allowed, missing, unit


def default(required: bool, value: object, meaning: Meaning) -> str:
    """Return what holds where a key is left out."""
    if required:
        return "required"
    if meaning.unless or value is None or isinstance(value, dict) or value == []:
        return meaning.unless or "none"
    return code(str(value).lower() if isinstance(value, bool) else str(value))


def kind_of(says: dict[str, Any]) -> str:
    """Return the type of a value in words."""
    if "$comment" in says:
        return str(says["$comment"])
    if "anyOf" in says:
        parts = (kind_of(part) for part in says["anyOf"] if part.get("type") != "null")
        return " or ".join(dict.fromkeys(parts))
    if "$ref" in says:
        name = str(says["$ref"]).rpartition("/")[2]
        return {"Entry": "policy"}.get(name, name if name.islower() else "mapping")
    if "const" in says or "enum" in says:
        return "name"
    if says.get("type") == "array":
        return f"list of {kind_of(says['items'])}" if "items" in says else "list"
    if says.get("type") == "object":
        inner = says.get("additionalProperties")
        return f"{kind_of(inner)} by name" if isinstance(inner, dict) else "mapping"
    plain = str(says.get("type"))
    return PLAIN.get(plain, plain)


def limits(says: dict[str, Any]) -> str:
    """Return which values a key may have, beyond their type."""
    if "anyOf" in says:
        return " or ".join(dict.fromkeys(filter(None, map(limits, says["anyOf"]))))
    if "enum" in says or "const" in says:
        return ", ".join(code(str(name)) for name in says.get("enum", [says.get("const")]))
    if says.get("type") == "array":
        return limits(says.get("items", {}))
    low, high = says.get("minimum"), says.get("maximum")
    if low is not None and high is not None:
        return f"{power(low)} to {power(high)}"
    words = {
        "at least": low,
        "above": says.get("exclusiveMinimum"),
        "at most": high,
        "below": says.get("exclusiveMaximum"),
    }
    return " and ".join(
        f"{word} {power(limit)}" for word, limit in words.items() if limit is not None
    )


def units(says: dict[str, Any]) -> Iterator[str]:
    """Yield the units of the amounts that a key may have."""
    if "$comment" in says:
        yield UNITS[says["$comment"]]
        return
    for part in (*says.get("anyOf", ()), *([says["items"]] if "items" in says else ())):
        yield from units(part)


def power(limit: float) -> str:
    """Return a bound, a power of ten as such."""
    digits = f"{limit:.0f}" if limit == int(limit) else f"{limit:g}"
    if len(digits) > 5 and digits.strip("0") == "1":
        return f"10^{len(digits) - 1}"
    return "2^64 - 1" if limit == 2**64 - 1 else digits

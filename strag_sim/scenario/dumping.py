"""From a scenario back to plain values and to YAML that ``load`` reads as the same scenario."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import BaseModel

from strag_sim.scenario.kinds import FAMILIES, Family
from strag_sim.scenario.models import Entry, Network, Scenario
from strag_sim.scenario.scalars import meaning
from strag_sim.setup import ScriptedPlacement
from strag_sim.units import bandwidth_text


def dump(scenario: Scenario) -> str:
    """Return the scenario as YAML, everything written out; ``load`` reads it as an equal one."""
    return _yaml(plain(scenario))


def fragment(values: dict[str, Any]) -> str:
    """Return some keys of a scenario, such as a service, as YAML to paste into one."""
    return _yaml(plain_values(values))


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return some keys of a scenario as mappings, lists, texts and numbers."""
    return {key: _plain(value) for key, value in values.items()}


def plain(scenario: Scenario) -> dict[str, Any]:
    """Return the scenario as mappings, lists, texts and numbers, without what is not given."""
    values = {key: _plain(getattr(scenario, key)) for key in _ORDER}
    values["sweep"] = scenario.sweep and scenario.sweep.plain()
    values["models"] = {model.pop("name"): model for model in values["models"]} or None
    return {key: _split(key, value) for key, value in values.items() if value is not None}


def _yaml(values: dict[str, Any]) -> str:
    """Return plain values as YAML."""
    return yaml.dump(
        values,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )


def _plain(value: Any) -> Any:
    """Return one value of a scenario as plain values."""
    if isinstance(value, Entry):
        rest = {key: getattr(value, key) for key in type(value).model_fields if key != "policy"}
        return {**_plain(value.policy), **_given(rest)}
    if isinstance(value, Network) and value.bandwidth is not None:
        others = value.model_copy(update={"bandwidth": None})
        return {**_plain(others), "bandwidth": bandwidth_text(value.bandwidth)}
    if isinstance(value, BaseModel):
        return _given({key: getattr(value, key) for key in type(value).model_fields})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            each.name: getattr(value, each.name) for each in dataclasses.fields(value) if each.init
        }
        return {**_kind(value), **_given(fields)}
    if isinstance(value, Mapping):
        return plain_values(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Return plain values without those that are not given."""
    return {key: _split(key, _plain(value)) for key, value in values.items() if value is not None}


def _split(key: str, value: Any) -> Any:
    """Return the number of workers for redundant tasks as users write it."""
    return "shared" if key == "redundant_workers" and value == 0 else value


def _kind(value: object) -> dict[str, str]:
    """Return the kind of a thing; of a dataclass without kinds, such as a mixture's part, none."""
    if isinstance(value, ScriptedPlacement):
        return {"kind": "scripted"}
    family = _family(value)
    return {"kind": family.kind_of(value)} if family else {}


def _family(value: object) -> Family | None:
    """Return the family that a thing belongs to."""
    return next((f for f in FAMILIES if hasattr(value, f.verb)), None)


class _Dumper(yaml.SafeDumper):
    """Writes no aliases, and in quotes whatever our reader would take for something else."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = None if meaning(value) == value else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)

_HANDLING = list(Scenario.model_fields)
_FIRST = (
    "name",
    "seed",
    "runs",
    "requests",
    "warm_up",
    "arrivals",
    "service",
    "accuracy",
    "models",
    "allow_mixed",
    "input",
)
_ORDER = (
    *_FIRST,
    "workers",
    *(key for key in _HANDLING if key not in (*_FIRST, "workers", "policies")),
    "policies",
)

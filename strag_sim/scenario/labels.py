"""What policies are called where their scenario does not say."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import MISSING
from pathlib import Path
from typing import Any

from strag_sim import units
from strag_sim.policies.ensemble import Ensemble
from strag_sim.policies.shape import Policy
from strag_sim.scenario.kinds import parameters_of, times_of
from strag_sim.scenario.models import Entry

# How the parameters of a kind read best; other kinds show those without a default, in order.
_FORMS = {
    "collage": "collage {grid}x{grid}",
    "mds": "mds {inputs}/{tasks}",
    "lagrange": "lagrange {threshold}/{tasks}",
    "berrut": "berrut {inputs}+{stragglers}",
    "parity": "parity {inputs}+{parities}",
    "ensemble": "ensemble of {members}",
}


def labels(entries: Sequence[Entry]) -> list[str]:
    """Return a label for each entry, all different; those given stay as they are."""
    taken = {entry.label for entry in entries if entry.label}
    result = []
    for entry in entries:
        label = entry.label or _free(_readable(entry), taken)
        taken.add(label)
        result.append(label)
    return result


def _free(label: str, taken: set[str]) -> str:
    """Return the label, with a number where it is taken."""
    count, free = 1, label
    while free in taken:
        count += 1
        free = f"{label} ({count})"
    return free


def _readable(entry: Entry) -> str:
    """Return the kind with its parameters: those required, and others where not the default."""
    values = _shown(entry.policy)
    own: Any = entry.policy
    fields = [each for each in dataclasses.fields(own) if each.name in values]
    kind = entry.kind.rpartition(":")[2]
    form = _FORMS.get(kind)
    if form is None:
        form = " ".join([kind, *(f"{{{each.name}}}" for each in fields if _required(each))])
    changed = [
        f"{each.name}={values[each.name]}"
        for each in fields
        if f"{{{each.name}}}" not in form
        and values[each.name]  # of none at all nothing is said
        and each.name != "accuracy"  # the name of a table, or its path: long, and seldom different
        and not _required(each)
        and getattr(entry.policy, each.name) != each.default
    ]
    return " ".join([form.format(**values), *changed])[:100]


def _required(each: "dataclasses.Field[Any]") -> bool:
    """Return whether a parameter has no default."""
    return each.default is MISSING and each.default_factory is MISSING


def _shown(policy: Policy) -> dict[str, str]:
    """Return the parameters of a policy as they read in a label; long ones are left out."""
    kind = type(policy)
    times = times_of(kind)
    values = {name: getattr(policy, name) for name in parameters_of(kind)}
    shown = {name: _text(value, name in times) for name, value in values.items()}
    if isinstance(policy, Ensemble):
        shown["members"] = str(len(policy.members))
    fits = {name: text.isprintable() and len(text) < 30 for name, text in shown.items()}
    return {name: text if fits[name] else "..." for name, text in shown.items()}


def _text(value: Any, is_time: bool) -> str:
    """Return a parameter as it reads in a label: of a file its name."""
    if is_time and isinstance(value, float):
        return units.readable(value)
    if isinstance(value, Mapping):
        return ",".join(
            f"{key}:{_text(item, isinstance(item, float))}" for key, item in value.items()
        )
    if isinstance(value, tuple):
        nested = any(isinstance(item, tuple) for item in value)
        return "matrix" if nested else ",".join(_text(item, is_time) for item in value)
    return Path(value).stem if isinstance(value, str) and value.endswith(".csv") else str(value)

"""What a scenario may name: kinds with parameters, files that are shipped, and the like."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING
from typing import Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin

from strag_sim import accuracies, profiles
from strag_sim.arrivals import envelopes
from strag_sim.distributions.curve import Curve
from strag_sim.distributions.distribution import Distribution
from strag_sim.profiles import RATIO
from strag_sim.scenario.kinds import ARRIVALS, DISTRIBUTION, POLICY, SLOWDOWN
from strag_sim.scenario.starters import starters
from strag_sim.units import readable

_FAMILIES = {
    "policies": POLICY,
    "distributions": DISTRIBUTION,
    "arrivals": ARRIVALS,
    "slowdown": SLOWDOWN,
}
_PLACEMENTS = {
    "random": "Each task goes to a worker drawn at random.",
    "round-robin": "Tasks go to the workers in turn.",
    "shortest-queue": "Each task goes to the worker with the fewest tasks when it joins.",
    "two-choices": "Two different workers are drawn; the one with fewer tasks gets it.",
    "fixed": "Task j of a group goes to worker j, own tasks first.",
    "scripted": "Exact workers: own[i] of request i, redundant[j][g] of task j of group g.",
}
_WORDS = {float: "number", int: "whole number", bool: "true or false", str: "text"}


class Parameter(TypedDict):
    """One parameter of a kind."""

    name: str
    type: str
    required: bool
    default: Any


class Measured(TypedDict):
    """What a profile's law is like, and where it is from."""

    n: int  # measurements; 0: computed from published parameters
    mean: float  # seconds, or a factor where the unit is ratio
    unit: str  # s or ratio
    cv: float  # standard deviation over mean
    p99_over_p50: float
    machines: int  # that have tables of their own
    device: str  # empty where the file does not say
    batches: list[int]  # sizes measured, and concurrencies; empty where laws are not by batch
    concurrencies: list[int]
    source: str
    licence: str


class Accuracy(TypedDict):
    """What a table of accuracies is about, and how accurate answers are; shares, None unknown."""

    kind: str  # of the code
    inputs: int
    tasks: int
    encoder: str | None  # of parities
    combiner: str | None  # of ensembles
    charges: str
    uncoded: float | None
    numbers: dict[str, float]  # by how many tasks returned
    source: str
    note: str | None


class Item(TypedDict):
    """One thing that a scenario may name; profiles and tables say what was measured."""

    name: str
    what: str
    parameters: list[Parameter]
    measured: NotRequired[Measured]
    accuracy: NotRequired[Accuracy]


def catalogue(what: str) -> list[Item]:
    """Return all that there is of one of the things that ``strag-sim list`` names."""
    if what in _FAMILIES:
        kinds = _FAMILIES[what].kinds
        return [_item(name, _sentence(kind), _parameters(kind)) for name, kind in kinds.items()]
    if what == "profiles":
        return [_profile(name) for name in profiles.names()]
    if what == "accuracies":
        return [_accuracy(name) for name in accuracies.names()]
    if what == "envelopes":
        return [_item(name, _envelope(name)) for name in envelopes.names()]
    if what == "placements":
        return [_item(name, text) for name, text in _PLACEMENTS.items()]
    return [_item(name, text) for name, text in starters().items()]


def columns_of(measured: Measured) -> dict[str, str]:
    """Return the numbers of a profile as a table shows them, by the names of its columns."""
    mean = measured["mean"]
    return {
        "n": f"{measured['n']:,}" if measured["n"] else "from published parameters",
        "mean": f"{mean:.3g} (ratio)" if measured["unit"] == RATIO else readable(mean),
        "CV": f"{measured['cv']:.2f}",
        "p99/p50": f"{measured['p99_over_p50']:.3g}",
    }


def columns_of_accuracy(accuracy: Accuracy) -> dict[str, str]:
    """Return the numbers of a table as a list shows them, by the names of its columns."""
    uncoded = accuracy["uncoded"]
    values = [f"{count}: {100 * value:.1f}" for count, value in accuracy["numbers"].items()]
    return {
        "code": f"{accuracy['kind']} {accuracy['inputs']} in {accuracy['tasks']}",
        "uncoded": "not known" if uncoded is None else _per_cent(uncoded),
        "returned": f"{', '.join(values)} %" if values else "not known",
    }


def measured_on(measured: Measured) -> str:
    """Return on what a profile was measured and in which configurations; empty if not said."""
    how, on = ("measured", "on") if measured["n"] else ("computed", "for")
    said = [f"{on} {measured['device']}"] if measured["device"] else []
    if measured["batches"]:
        sizes, calls = (
            ", ".join(map(str, numbers))
            for numbers in (measured["batches"], measured["concurrencies"])
        )
        said.append(f"with batches of {sizes} at concurrency {calls}")
    return f"{how} {' '.join(said)}" if said else ""


def _item(name: str, what: str, parameters: list[Parameter] | None = None) -> Item:
    return {"name": name, "what": what, "parameters": parameters or []}


def _sentence(kind: type) -> str:
    """Return the first paragraph of a docstring, on one line."""
    paragraph = (inspect.getdoc(kind) or "").partition("\n\n")[0]
    return " ".join(paragraph.replace("``", "").split())


def _profile(name: str) -> Item:
    """Return a shipped profile."""
    profile = profiles.load(name)
    p50, p99 = Curve(profile.levels, profile.values).quantile([0.5, 0.99])
    return {
        **_item(name, profile.description),
        "measured": {
            "n": profile.n,
            "mean": profile.mean,
            "unit": RATIO if profile.unit == RATIO else "s",
            "cv": profile.std / profile.mean,
            "p99_over_p50": float(p99 / p50),
            "machines": len(profile.machines),
            "device": profile.device,
            "batches": sorted({point.batch for point in profile.points}),
            "concurrencies": sorted({point.concurrency for point in profile.points}),
            "source": profile.source,
            "licence": profile.licence,
        },
    }


def _accuracy(name: str) -> Item:
    """Return a shipped table of accuracies."""
    table = accuracies.read_accuracy(name)
    known = {count: table.number(count) for count in range(1, table.tasks + 1)}
    code = table.content["code"]
    return {
        **_item(name, table.title),
        "accuracy": {
            "kind": code["kind"],
            "inputs": table.inputs,
            "tasks": table.tasks,
            "encoder": code.get("encoder"),
            "combiner": code.get("combiner"),
            "charges": table.charges,
            "uncoded": table.uncoded.value if table.uncoded else None,
            "numbers": {str(count): each.value for count, each in known.items() if each},
            "source": table.source,
            "note": table.content.get("note"),
        },
    }


def _per_cent(share: float) -> str:
    """Return a share in per cent."""
    return f"{100 * share:.1f} %"


def _envelope(name: str) -> str:
    """Return a line about a shipped rate envelope."""
    envelope = envelopes.load(name)
    bins = f"{len(envelope.relative)} bins of {readable(envelope.bin)}"
    rate = f"mean {envelope.mean_rate:.3g} requests a second"
    return f"{envelope.description} ({bins}, {rate}; {envelope.source} {envelope.licence})"


def _parameters(kind: type) -> list[Parameter]:
    """Return the parameters of a kind, in order."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return [
        {
            "name": each.name,
            "type": _words(hints[each.name]),
            "required": each.default is MISSING and each.default_factory is MISSING,
            "default": None if each.default is MISSING else each.default,
        }
        for each in dataclasses.fields(kind)
    ]


def _words(hint: Any) -> str:
    """Return a type in words."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(map(_words, parts))
    if get_origin(hint) is Literal:
        return " or ".join(map(str, parts))
    if get_origin(hint) is Mapping:
        return f"{_words(parts[1])} by name"
    if get_origin(hint) is tuple:
        return f"list of {_words(parts[0])}"
    if "factor" in getattr(hint, "__metadata__", ()):
        return "number (or time)"
    if "time" in getattr(hint, "__metadata__", ()):
        return "time"
    if hint is Distribution:
        return "distribution"
    return _WORDS.get(hint) or getattr(hint, "__name__", str(hint)).lower()

"""Schemes by name: the code of each, the model that it needs, and what its table is about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from strag_sim.accuracies.table import COMBINERS, MOST_TASKS, Combiner
from strag_sim.accuracy.models import MEMBERS, STAGES
from strag_sim.accuracy.models.polynomial import DEGREES
from strag_sim.codes import (
    BerrutCode,
    Code,
    CollageCode,
    LagrangeCode,
    LinearCode,
    ParityCode,
)
from strag_sim.errors import CodeError, TrainingError

UNCODED = "uncoded"

Kind = Literal["collage", "lagrange", "naive", "berrut", "polynomial", "parity", "ensemble"]

# What a name looks like, and an example of it.
_NAMES: Mapping[Kind, tuple[str, str]] = {
    "collage": (r"collage-(?P<grid>\d)", "collage-3"),
    "lagrange": (
        r"lagrange-(?P<inputs>\d+)-(?P<tasks>\d+)(-stage-(?P<share>\d))?",
        "lagrange-4-6 or lagrange-4-6-stage-2",
    ),
    "naive": (r"naive-(?P<inputs>\d+)-(?P<tasks>\d+)", "naive-4-5"),
    "berrut": (r"berrut-(?P<inputs>\d+)-(?P<tasks>\d+)", "berrut-8-10"),
    "polynomial": (
        r"polynomial-(?P<degree>\d)-(?P<inputs>\d+)-(?P<tasks>\d+)",
        "polynomial-2-4-9",
    ),
    "parity": (
        r"parity-(?P<encoder>sum|concatenation)-(?P<inputs>\d)",
        "parity-sum-2 or parity-concatenation-4",
    ),
    "ensemble": (
        rf"ensemble-(?P<tasks>\d+)-(?P<combiner>{'|'.join(COMBINERS)})",
        "ensemble-5-majority",
    ),
}

# The schemes whose tables come with the package.
SHIPPED = (
    *(f"collage-{grid}" for grid in (2, 3, 4, 5)),
    *(f"lagrange-{code}" for code in ("2-3", "4-5", "4-6", "8-10")),
    *(f"lagrange-4-6-stage-{share}" for share in (1, 2, 3)),
    "naive-4-5",
    *(f"berrut-{code}" for code in ("4-5", "8-9", "8-10")),
    "polynomial-2-4-9",
    *(f"parity-sum-{inputs}" for inputs in (2, 3, 4)),
    *(f"parity-concatenation-{inputs}" for inputs in (2, 3, 4)),
    *(f"ensemble-5-{combiner}" for combiner in COMBINERS),
)


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A way of coding requests, and the model that answers what is coded; or an ensemble.

    ``inputs`` (K) requests make ``tasks`` (N) results; fewer than ``least`` of them are not
    measured. ``model`` is the name under which the model is kept, ``uncoded`` where the single
    model itself serves. ``share`` is how many stages the master of a learned Lagrange scheme runs;
    ``degree`` is a polynomial's.

    An ensemble has M ``tasks``, a member's each, and codes nothing: ``members`` are the models that
    they are of, and ``combiner`` is what makes one answer of those that returned.
    """

    name: str
    kind: Kind
    inputs: int
    tasks: int
    least: int
    model: str
    encoder: Literal["sum", "concatenation"] = "sum"
    share: int = 0
    degree: int = 0
    members: tuple[str, ...] = ()
    combiner: Combiner = "average"

    @property
    def models(self) -> tuple[str, ...]:
        """The names under which its models are kept, the uncoded one that others need left out."""
        return self.members or (self.model,)

    @property
    def charges(self) -> Literal["all", "missing"]:
        """Whose answers are measured: all, or only those whose own task did not return."""
        return "missing" if self.kind in ("collage", "parity") else "all"

    @property
    def code_kind(self) -> str:
        """What kind of code it is, whatever model serves."""
        return "lagrange" if self.kind in ("naive", "polynomial") else self.kind

    def code(self, returned: int, side: int) -> Code:
        """Return the code as it is used when so many results returned, for images of a side.

        A learned Lagrange code interpolates through all that returned: policies take up a recovery
        with as many results as their threshold, so that is its R.
        """
        match self.kind:
            case "collage":
                return CollageCode(round(self.inputs**0.5), canvas(side))
            case "parity":
                return ParityCode(self.inputs, 1, self.encoder)
            case "berrut":
                return BerrutCode(self.inputs, self.tasks - self.inputs)
            case "ensemble":
                raise CodeError("an ensemble has no code")
        return self.linear(returned)

    def linear(self, returned: int) -> LinearCode:
        """Return the Lagrange code of a scheme that has one, as `code` does."""
        return LagrangeCode(self.inputs, self.tasks, returned)


def canvas(side: int) -> int:
    """Return the side of a collage's canvas: 5/4 of an image's, 20 for digits of 16 pixels.

    The collage authors resize k x 224 pixels to 416, whatever k is: 1.86 of an image's. Digits have
    8 x 8 pixels of information and lose nothing on such a canvas; on this one they do.
    """
    return round(side * 5 / 4)


def scheme(name: str) -> Scheme:
    """Return the scheme of a name, such as ``lagrange-4-6``; a TrainingError for another text."""
    for kind, (pattern, _) in _NAMES.items():
        if match := re.fullmatch(pattern, name):
            found = _scheme(name, kind, match.groupdict())
            _check(found)
            return found
    examples = ", ".join(example for _, example in _NAMES.values())
    raise TrainingError(f"{name!r} is no scheme; schemes are such as {examples}")


def schemes(names: Sequence[str]) -> list[Scheme]:
    """Return the schemes of these names, each once; the shipped ones where there are none."""
    return [scheme(name) for name in dict.fromkeys(names or SHIPPED)]


def _scheme(name: str, kind: Kind, found: Mapping[str, Any]) -> Scheme:
    """Return the scheme that the parts of a name say."""
    if kind == "collage":
        inputs = int(found["grid"]) ** 2
        return Scheme(name=name, kind=kind, inputs=inputs, tasks=1, least=1, model=name)
    if kind == "ensemble":
        return _ensemble(name, int(found["tasks"]), found["combiner"])
    inputs = int(found["inputs"])
    tasks = inputs + 1 if kind == "parity" else int(found["tasks"])
    sizes: dict[str, Any] = {"inputs": inputs, "tasks": tasks, "least": inputs}
    if kind == "polynomial":
        degree = int(found["degree"])
        sizes["least"] = max((inputs - 1) * degree, 1)  # one fewer than makes it exact
        model = f"polynomial-{degree}"
        return Scheme(name=name, kind=kind, model=model, degree=degree, **sizes)
    if kind == "parity":
        return Scheme(name=name, kind=kind, model=name, encoder=found["encoder"], **sizes)
    if kind == "lagrange":
        return Scheme(name=name, kind=kind, model=name, share=int(found["share"] or 0), **sizes)
    return Scheme(name=name, kind=kind, model=UNCODED, **sizes)


def _ensemble(name: str, tasks: int, combiner: Combiner) -> Scheme:
    """Return the scheme of an ensemble of the first members; refuse more than there are."""
    if not 2 <= tasks <= len(MEMBERS):
        raise TrainingError(f"{name}: an ensemble has 2 to {len(MEMBERS)} members")
    return Scheme(
        name=name,
        kind="ensemble",
        inputs=1,
        tasks=tasks,
        least=1,
        model=f"ensemble-{tasks}",
        members=tuple(MEMBERS)[:tasks],
        combiner=combiner,
    )


def _check(found: Scheme) -> None:
    """Refuse what no code, or no model, can be."""
    if found.kind == "ensemble":
        return
    if found.share >= STAGES:
        raise TrainingError(
            f"{found.name}: the master may run 0 to {STAGES - 1} stages; with all {STAGES} of them "
            "workers have nothing left to do"
        )
    if found.kind == "polynomial" and found.degree not in DEGREES:
        raise TrainingError(f"{found.name}: a polynomial's degree is 2 or 4")
    if not 2 <= found.inputs <= 64 or found.tasks > MOST_TASKS:
        raise TrainingError(
            f"{found.name}: a code has 2 to 64 inputs and at most {MOST_TASKS} tasks"
        )
    if found.kind != "collage" and found.tasks <= found.least:
        raise TrainingError(
            f"{found.name}: a code of {found.tasks} tasks whose answers take {found.least} of them "
            f"can do without none; give more tasks"
        )
    try:
        found.code(found.tasks, 16)
    except CodeError as error:
        raise TrainingError(f"{found.name}: {error}") from None

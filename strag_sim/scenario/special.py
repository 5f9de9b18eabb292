"""The fields of single keys that are read in a way of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import core_schema

from strag_sim.distributions.distribution import Distribution
from strag_sim.ensembles.devices import KINDS
from strag_sim.scenario.fields import (
    Check,
    Fields,
    RefusedError,
    Schema,
    SelfRead,
    number,
    size,
    text,
    whole,
)
from strag_sim.scenario.kinds import DISTRIBUTION, OneOf, construct, model_of
from strag_sim.scenario.mappings import Named, named
from strag_sim.scenario.problems import (
    Problem,
    error_of,
    not_allowed,
    problems_of,
    shown,
    unknown,
    unknown_key,
)
from strag_sim.setup import ScriptedPlacement

PLACEMENTS = ("random", "round-robin", "shortest-queue", "two-choices", "fixed")


class OnField(SelfRead):
    """Reads the services of a model on kinds of devices."""

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return what editors should allow."""
        law = OneOf(DISTRIBUTION).__get_pydantic_json_schema__(schema, handler)
        return {
            "title": "ServiceOn",
            "type": "object",
            "properties": {kind: dict(law) for kind in KINDS},
            "additionalProperties": False,
        }

    def read(self, value: object, info: ValidationInfo) -> Named:
        """Return the services by kind of device."""
        what = "a mapping from kinds of devices to services, such as {cpu: {kind: ...}}"
        if not isinstance(value, Mapping) or not value:
            raise error_of([Problem((), not_allowed(value, what))])
        wrong = [Problem((str(k),), unknown_key(k, KINDS)) for k in value if k not in KINDS]
        known = {kind: law for kind, law in value.items() if kind in KINDS}
        try:
            laws = named(known, what, lambda law: DISTRIBUTION.parse(law, info.context))
        except ValidationError as error:
            wrong += problems_of(error)
        if wrong:
            raise error_of(wrong)
        return laws


class Model(Fields):
    """A model that redundant tasks may run.

    On devices an instance takes ``memory``, and ``memory_per_sample`` more for each sample of its
    batch size; ``service_on`` has its services on kinds of devices where they are others.
    """

    service: Annotated[Distribution, OneOf(DISTRIBUTION)]
    accuracy: Annotated[float, number(low=0, high=1)] | None = None
    memory: Annotated[float, size()] | None = None
    memory_per_sample: Annotated[float, size()] | None = None
    service_on: Annotated[Mapping[str, Distribution], OnField()] | None = None


class NamedModel(Model):
    """A model and its name, which in a file is the key that it stands under."""

    name: Annotated[str, text()]


class ModelsField(SelfRead):
    """Reads ``models``, a mapping from names, as a tuple in the order of the file."""

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return what editors should allow."""
        model = handler(Model.__pydantic_core_schema__)
        return {"type": "object", "additionalProperties": handler.resolve_ref_schema(model)}

    def read(self, value: object, info: ValidationInfo) -> tuple[NamedModel, ...]:
        """Return the models; all that is wrong with any of them is raised together."""
        if not isinstance(value, Mapping):
            what = "a mapping from names to models, such as {small: {service: ...}}"
            raise error_of([Problem((), not_allowed(value, what))])
        models, problems = [], []
        for name, model in value.items():
            try:
                known = Model.model_validate(model, context=info.context)
                models.append(NamedModel.model_validate({"name": name, **dict(known)}))
            except ValidationError as error:
                problems += [Problem((str(name), *p.path), p.text) for p in problems_of(error)]
        if problems:
            raise error_of(problems)
        return tuple(models)


@dataclass(frozen=True)
class PlacementField(SelfRead):
    """Reads ``placement``: a name, or ``{kind: scripted, own: [...], redundant: [[...], ...]}``."""

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return what editors should allow."""
        scripted = handler.resolve_ref_schema(
            handler(model_of(ScriptedPlacement).__pydantic_core_schema__)
        )
        scripted["properties"] = {"kind": {"const": "scripted"}, **scripted["properties"]}
        return {"anyOf": [{"enum": list(PLACEMENTS)}, scripted]}

    def read(self, value: object, info: ValidationInfo) -> str | ScriptedPlacement:
        """Return the name of a placement, or a scripted one."""
        if isinstance(value, ScriptedPlacement):
            return value
        kind = value.get("kind") if isinstance(value, Mapping) else value
        if isinstance(kind, str) and kind in PLACEMENTS and value in (kind, {"kind": kind}):
            return kind
        if isinstance(value, Mapping) and kind == "scripted":
            rows = {key: row for key, row in value.items() if key != "kind"}
            placement: ScriptedPlacement = construct(ScriptedPlacement, rows, info.context)
            return placement
        raise error_of([Problem((), unknown(kind, (*PLACEMENTS, "scripted"), "{key}"))])


def file_name() -> Check:
    """Return a text that can name the folder of a result."""
    line = text()

    def read(value: object) -> str:
        name: str = line.read(value)
        if "/" in name or "\\" in name or name.startswith("."):
            raise ValueError
        return name

    return Check(read, "a text of one line without / and \\, not starting with a dot", line.schema)


def split(most: int) -> Check:
    """Return how many workers serve redundant tasks only; "shared" is 0."""
    count = whole(0, most)

    def read(value: object) -> Any:
        return 0 if value == "shared" else count.read(value)

    what = f"{count.what}, or shared"
    return Check(read, what, {"anyOf": [count.schema, {"const": "shared"}]})


def rising_levels() -> Check:
    """Return levels between 0 and 1, rising."""
    level = number(above=0, below=1)

    def read(value: object) -> tuple[float, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise TypeError
        levels = tuple(level(item) for item in value)
        for before, here in zip(levels, levels[1:], strict=False):
            if here <= before:
                text = f"{shown(here)} after {shown(before)} is not allowed; {{key}} must rise"
                raise RefusedError(text)
        return levels

    schema: Schema = {"type": "array", "items": level.schema, "minItems": 1}
    return Check(read, "a list of numbers above 0 and below 1, such as [0.5, 0.99]", schema)

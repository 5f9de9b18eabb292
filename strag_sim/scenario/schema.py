"""The scenario file as JSON Schema (draft 7, which editors read), for completion and checks."""

from typing import Any, Literal

from pydantic import create_model
from pydantic.json_schema import models_json_schema

from strag_sim.scenario.fields import Fields
from strag_sim.scenario.kinds import FAMILIES, MARK, POLICY, Family, model_fields
from strag_sim.scenario.meanings import describe
from strag_sim.scenario.models import Overrides, Scenario

_DRAFT = "http://json-schema.org/draft-07/schema#"
_PLACE = "#/definitions/{model}"
_EITHER = (("service", "models"), ("workers", "devices"))  # one of each must be given
_OWN = {
    "description": "A policy of your own: a frozen dataclass in a module beside the scenario.",
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"type": "string", "pattern": r"^[\w.]+:[\w.]+$"}},
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file."""
    models = {f: [_model(f, kind) for kind in f.kinds] for f in FAMILIES}
    every: list[type[Fields]] = [
        Scenario,
        *(model for family in models.values() for model in family),
    ]
    _, made = models_json_schema([(model, "validation") for model in every], ref_template=_PLACE)
    definitions: dict[str, Any] = made["$defs"]
    scenario = definitions.pop("Scenario")
    for family, kinds in models.items():
        anyone: list[Any] = [{"$ref": _PLACE.format(model=model.__name__)} for model in kinds]
        definitions[family.name] = {"anyOf": [*anyone, _OWN] if family.load else anyone}
    definitions["Entry"] = definitions.pop(POLICY.name)
    either = [{"anyOf": [{"required": [key]} for key in keys]} for keys in _EITHER]
    document = {"$schema": _DRAFT, **scenario, "title": "strag-sim scenario", "allOf": either}
    found: dict[str, Any] = _placed({**document, "definitions": definitions})
    describe(found)
    return found


def _model(family: Family, kind: str) -> type[Fields]:
    """Return a model of one kind, with its ``kind`` and whatever may stand beside it."""
    fields = model_fields(family.kinds[kind])
    return create_model(
        f"{family.name}-{kind}",
        __base__=Overrides if family is POLICY else Fields,
        __doc__=family.kinds[kind].__doc__,
        **{"kind": (Literal[kind], ...), **fields},
    )


def _placed(node: Any) -> Any:
    """Return the schema with references where families are marked."""
    if isinstance(node, dict):
        if MARK in node:
            return {"$ref": _PLACE.format(model=node[MARK])}
        return {key: _placed(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_placed(item) for item in node]
    return node

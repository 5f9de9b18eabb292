"""Fields that hold a mapping from names, such as the copies of members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import (
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError, core_schema

from strag_sim.scenario.fields import Check, Schema, SelfRead
from strag_sim.scenario.problems import Problem, error_of, not_allowed, problems_of

MOST_NAMES = 4096


class Named(dict[str, Any]):
    """Values by name, for scenarios, which are values: it has a hash and is not to be changed."""

    def __hash__(self) -> int:  # type: ignore[override]
        """Return the same for equal ones, whatever their order."""
        return hash(frozenset(self.items()))


@dataclass(frozen=True)
class MappingField(SelfRead):
    """Reads a mapping from names to values that one check reads."""

    item: Check

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return what editors should allow."""
        return {"type": "object", "additionalProperties": self.item.schema}

    def read(self, value: object, info: ValidationInfo) -> Named:
        """Return the values by name."""
        what = f"a mapping from names, each value {self.item.what}"
        return named(value, what, self.item)


def named(value: object, what: str, read: Callable[[Any], Any]) -> Named:
    """Return what ``read`` makes of each value; raise all that is wrong, ``what`` is allowed."""
    if not isinstance(value, Mapping) or len(value) > MOST_NAMES:
        raise error_of([Problem((), not_allowed(value, what))])
    made, problems = Named(), []
    for name, item in value.items():
        if not isinstance(name, str):
            text = f"{name!r} is not allowed as a name; write it in quotes"
            problems.append(Problem((str(name),), text))
            continue
        try:
            made[name] = read(item)
        except PydanticCustomError as error:
            problems.append(Problem((name,), str(error)))
        except ValidationError as error:
            problems += [Problem((name, *p.path), p.text) for p in problems_of(error)]
    if problems:
        raise error_of(problems)
    return made

"""Things that a scenario names by ``kind``: their pydantic models, made from their dataclasses."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    create_model,
)
from pydantic_core import core_schema

from strag_sim import arrivals, distributions, policies, profiles, slowdown
from strag_sim.distributions.deterministic import Deterministic
from strag_sim.distributions.distribution import Distribution
from strag_sim.errors import ScenarioError
from strag_sim.scenario import fields
from strag_sim.scenario.allocations import AllocationField
from strag_sim.scenario.fields import Check, Fields, Schema, SelfRead, beside
from strag_sim.scenario.mappings import MappingField
from strag_sim.scenario.own_policies import load_class
from strag_sim.scenario.problems import (
    Problem,
    error_of,
    is_unknown_key,
    not_allowed,
    of_constructor,
    problems_of,
    unknown,
)

MATRIX = {str, tuple[tuple[int, ...], ...]}  # a matrix, or what names one
MARK = "strag-sim kind"  # stands in JSON Schema where a family's name is put in later


@dataclass(frozen=True, eq=False)
class Family:
    """Interchangeable things that a scenario tells apart by ``kind``.

    ``verb`` is the method by which an object of the family is known; ``load`` turns a kind that
    is not in the table into a class, where users may bring their own.
    """

    name: str
    kinds: Mapping[str, type]
    verb: str
    load: Callable[[str, object], type] | None = None

    def class_of(self, kind: object, folder: object) -> type:
        """Return the class that a kind names; raise a ScenarioError for an unknown one."""
        if isinstance(kind, str) and kind in self.kinds:
            return self.kinds[kind]
        if self.load and isinstance(kind, str) and ":" in kind:
            return self.load(kind, folder)
        also = ", or module:Class" if self.load else ""
        raise ScenarioError(unknown(kind, self.kinds, "kind", also))

    def kind_of(self, thing: object) -> str:
        """Return the kind that names the class of a thing."""
        for kind, known in self.kinds.items():
            if type(thing) is known:
                return kind
        return f"{type(thing).__module__}:{type(thing).__qualname__}"

    def parse(self, value: object, folder: object) -> Any:
        """Return the thing that a mapping with a ``kind`` describes; a thing is returned as is."""
        if not isinstance(value, Mapping):
            if hasattr(value, self.verb) and not isinstance(value, type):
                return value
            first = next(iter(self.kinds))
            text = not_allowed(value, f"a mapping with a kind, such as {{kind: {first}}}")
            raise error_of([Problem((), text)])
        if "kind" not in value:
            text = f"missing; kind must be one of {', '.join(self.kinds)}"
            raise error_of([Problem(("kind",), text)])
        try:
            kind = self.class_of(value["kind"], folder)
        except ScenarioError as error:
            raise error_of([Problem(("kind",), str(error))]) from None
        return construct(kind, {k: v for k, v in value.items() if k != "kind"}, folder)


@dataclass(frozen=True)
class OneOf(SelfRead):
    """Marks a field that holds a thing of a family, or what ``constant`` makes of a time."""

    family: Family
    constant: Check | None = None

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return the place where the family's schema goes."""
        mark = {MARK: self.family.name}
        return {"anyOf": [self.constant.schema, mark]} if self.constant else mark

    def read(self, value: object, info: ValidationInfo) -> Any:
        """Return the thing, or the constant."""
        thing = isinstance(value, Mapping) or hasattr(value, self.family.verb)
        if self.constant and not thing:
            return self.constant(value)
        return self.family.parse(value, info.context)


@dataclass(frozen=True)
class Made:
    """Marks a field that holds a dataclass without kinds, such as a part of a mixture."""

    kind: type

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let pydantic construct the dataclass."""
        return core_schema.with_info_plain_validator_function(
            lambda value, info: construct(self.kind, value, info.context)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return the schema of its model."""
        return handler(model_of(self.kind).__pydantic_core_schema__)


def construct(kind: type, value: object, folder: object) -> Any:
    """Return the dataclass with these parameters, read by its model; raise all that is wrong."""
    if isinstance(value, kind):
        return value
    model, problems = model_of(kind), []
    try:
        read = model.model_validate(value, context=folder)
    except ValidationError as error:
        problems = problems_of(error)
        unknown = {p.path[0] for p in problems if is_unknown_key(p)}
        if len(unknown) < len(problems) or not isinstance(value, Mapping):
            raise error_of(problems) from None
        known = {key: value[key] for key in value if str(key) not in unknown}
        read = model.model_validate(known, context=folder)
    parameters = {name: getattr(read, name) for name in read.model_fields_set}
    try:
        made = kind(**parameters)
    except Exception as error:  # a user's own class may raise anything
        problems.append(of_constructor(error, model.model_fields))
    if problems:
        raise error_of(problems)
    return made


def parameters_of(kind: type) -> list[str]:
    """Return the names of a kind's parameters."""
    return [each.name for each in dataclasses.fields(kind) if each.init]


def times_of(kind: type) -> set[str]:
    """Return the names of the parameters that may hold a time."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {name for name in parameters_of(kind) if any(map(_is_time, _parts(hints[name])))}


@cache
def model_of(kind: type) -> type[Fields]:
    """Return the pydantic model whose fields are those of a dataclass."""
    return create_model(kind.__name__, __base__=Fields, __doc__=kind.__doc__, **model_fields(kind))


def model_fields(kind: type) -> dict[str, Any]:
    """Return name -> (type, default) of a dataclass's fields, as pydantic reads them."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {
        each.name: (_named_type(each.name, hints[each.name]), _default(each))
        for each in dataclasses.fields(kind)
        if each.init
    }


def _default(each: "dataclasses.Field[Any]") -> Any:
    """Return a dataclass field's default, as pydantic writes it."""
    if each.default_factory is not MISSING:
        return Field(default_factory=each.default_factory)
    return ... if each.default is MISSING else each.default


def _named_type(name: str, hint: Any) -> Any:
    """Return the type of a field, whose name may say that it is a path."""
    parts = _parts(hint)
    if name == "allocation" and parts - {type(None)} == MATRIX:
        return Annotated[Any, AllocationField()]
    if parts - {type(None)} != {str} or name not in ("path", "profile", "accuracy"):
        return _type(hint)
    place = beside if name == "path" else _named_or_beside
    there = Annotated[str, fields.text(), AfterValidator(place)]
    return there | None if type(None) in parts else there


def _named_or_beside(value: str, info: ValidationInfo) -> str:
    """Return the name of a profile or of a table of accuracies, or its path's absolute form."""
    return beside(value, info) if profiles.is_path(value) else value


def _is_time(hint: Any) -> bool:
    """Return whether a type is marked as a time in seconds."""
    return get_origin(hint) is Annotated and "time" in get_args(hint)[1:]


def _parts(hint: Any) -> set[Any]:
    """Return the alternatives of a type."""
    union = get_origin(hint) in (Union, types.UnionType)
    return set(get_args(hint)) if union else {hint}


def _type(hint: Any) -> Any:
    """Return the strict pydantic type for the type of a dataclass's field."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) in (Union, types.UnionType):
        optional = len(parts) < len(get_args(hint))
        if parts == [Distribution] and optional:
            return Annotated[Distribution, OneOf(DISTRIBUTION, AS_LAW)] | None
        if Distribution in parts and len(parts) == 2 and any(map(_is_time, parts)):
            return Annotated[Any, OneOf(DISTRIBUTION, AS_TIME)]
        inner = _type(parts[0]) if len(parts) == 1 else _either(parts, hint)
        return inner | None if optional else inner
    if hint is Distribution:
        return Annotated[Distribution, OneOf(DISTRIBUTION)]
    if get_origin(hint) is tuple and parts[-1] is Ellipsis:
        return tuple.__class_getitem__((_type(parts[0]), ...))
    if get_origin(hint) is Mapping:
        return _mapping(parts)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return Annotated[hint, Made(hint)]
    check = _check(hint)
    return hint if check is None else Annotated[hint, check]


def _mapping(parts: list[Any]) -> Any:
    """Return the type of a field that holds values by name."""
    item = _type(parts[1])
    checks = [each for each in getattr(item, "__metadata__", ()) if isinstance(each, Check)]
    if checks and parts[0] is str:
        return Annotated[Any, MappingField(checks[0])]
    return types.GenericAlias(Mapping, (parts[0], item))


def _either(parts: list[Any], hint: Any) -> Any:
    """Return the type of a field that allows several plain types."""
    checks = [_check(part) for part in parts]
    known = [check for check in checks if check is not None]
    return Annotated[Any, fields.either(*known)] if len(known) == len(checks) else hint


def _check(hint: Any) -> Check | None:
    """Return how a plain type is read; None for a type that is left to pydantic."""
    if _is_time(hint):
        return fields.time()
    if get_origin(hint) is Literal:
        return fields.choice(*get_args(hint))
    plain: dict[Any, Callable[[], Check]] = {
        float: fields.number,
        int: fields.whole,
        bool: fields.flag,
        str: fields.text,
    }
    return plain[hint]() if hint in plain else None


def _law(value: object) -> Distribution | None:
    """Return a constant time as a distribution, None for 0."""
    seconds = fields.time()(value)
    return Deterministic(value=seconds) if seconds > 0 else None


_TIME_OR_LAW = "a time, such as 20 ms, or a mapping with a kind"
AS_LAW = Check(_law, _TIME_OR_LAW, fields.time().schema)
AS_TIME = Check(fields.time(), _TIME_OR_LAW, fields.time().schema)
DISTRIBUTION = Family("distribution", distributions.KINDS, "sample")
ARRIVALS = Family("arrivals", arrivals.KINDS, "draw")
SLOWDOWN = Family("slowdown", slowdown.KINDS, "tracks")
POLICY = Family("policy", policies.KINDS, "shape", load_class)
FAMILIES = (DISTRIBUTION, ARRIVALS, SLOWDOWN, POLICY)

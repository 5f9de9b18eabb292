"""The types of fields: each reads a value strictly and says in words what is allowed."""

import math
import numbers
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from strag_sim.scenario.problems import (
    Problem,
    error_of,
    not_allowed,
    problems_of,
    unknown,
    unknown_key,
)
from strag_sim.units import amount_of_bytes, bandwidth, seconds

Schema = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Check:
    """How a field reads its value.

    Parameters
    ----------
    read : callable
        Returns the value that the field holds; raises ValueError or TypeError for what is not
        allowed. A ``RefusedError`` brings its own words.
    what : str
        What is allowed, in words that follow "must be".
    schema : dict
        The same as JSON Schema, for editors.
    """

    read: Callable[[Any], Any]
    what: str
    schema: Schema

    def __call__(self, value: object) -> Any:
        """Return the value that the field holds, or raise pydantic's error with our words."""
        try:
            return self.read(value)
        except RefusedError as refusal:
            text = str(refusal)
        except (ValueError, TypeError, OverflowError):
            text = not_allowed(value, self.what)
        raise PydanticCustomError("problem", "{text}", {"text": text})

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let pydantic call this check and nothing else."""
        return core_schema.no_info_plain_validator_function(self)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return what editors should allow."""
        return dict(self.schema)


class SelfRead:
    """Marks a field that is read by the mark's own method ``read``, which may ask for a folder."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let pydantic call ``read``."""
        return core_schema.with_info_plain_validator_function(self.read)

    def read(self, value: object, info: ValidationInfo) -> Any:
        """Return what the field holds, or raise all that is wrong."""
        raise NotImplementedError


class RefusedError(ValueError):
    """A value is not allowed, for a reason that the words of its field do not cover."""


class Fields(BaseModel):
    """A mapping whose keys are all known; its unknown keys and wrong values are told together."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="wrap")
    @classmethod
    def _read(
        cls, value: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if isinstance(value, cls):
            return value
        keys = list(cls.model_fields)
        if not isinstance(value, Mapping):
            text = not_allowed(value, f"a mapping with the keys {', '.join(keys)}")
            raise PydanticCustomError("problem", "{text}", {"text": text})
        problems = [
            Problem((str(key),), unknown_key(key, keys)) for key in value if key not in keys
        ]
        try:
            made = handler({key: value[key] for key in value if key in keys})
            problems += made.wrong()
        except ValidationError as error:
            problems += [cls._named(problem) for problem in problems_of(error)]
        if problems:
            raise error_of(problems)
        return made

    def wrong(self) -> Iterable[Problem]:
        """Return what is wrong with keys that do not go together."""
        return ()

    @classmethod
    def _named(cls, problem: Problem) -> Problem:
        """Return the problem of a missing key with what the key is for."""
        field = cls.model_fields.get(str(problem.path[0])) if len(problem.path) == 1 else None
        if field is None or not problem.text.startswith("missing;"):
            return problem
        what = [item.what for item in field.metadata if isinstance(item, Check)]
        return Problem(problem.path, f"missing; {{key}} must be {what[0]}") if what else problem


def whole(low: int | None = None, high: int | None = None) -> Check:
    """Return a whole number between bounds; 1e3 is one, 1.5 and "3" are not."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise TypeError
        plain = int(value if isinstance(value, int | float) else str(value))  # or numpy's
        if value != plain or not bounded(plain, low, high):
            raise ValueError
        return plain

    what = f"a whole number{_range(low, high)}"
    return Check(read, what, {"type": "integer"} | _bounds(low, high))


def number(
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> Check:
    """Return a finite number from ``low`` to ``high``, above ``above`` and below ``below``."""

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise TypeError
        plain = float(value)
        outside = (above is not None and plain <= above) or (below is not None and plain >= below)
        if not math.isfinite(plain) or outside or not bounded(plain, low, high):
            raise ValueError
        return plain

    limits = [(low, "at least"), (above, "above"), (high, "at most"), (below, "below")]
    words = " and ".join(f"{word} {limit:g}" for limit, word in limits if limit is not None)
    keys = {
        "minimum": low,
        "maximum": high,
        "exclusiveMinimum": above,
        "exclusiveMaximum": below,
    }
    schema: Schema = {"type": "number"} | {k: v for k, v in keys.items() if v is not None}
    return Check(read, f"a number {words}".strip(), schema)


def time(above: float | None = None) -> Check:
    """Return a time of at least 0, in seconds, above ``above`` where given."""
    return _amount(seconds, above, "a time{} in seconds or with a unit, such as 20 ms", "time")


def per_second() -> Check:
    """Return a bandwidth of at least 1 bit/s, written with its unit, in bits per second."""

    def read(value: object) -> float:
        try:
            bits = bandwidth(value)
        except ValueError as error:
            raise RefusedError(str(error)) from None
        if bits < 1:
            raise ValueError
        return bits

    pattern = r"[0-9]\s*[kMGT]?(bit|B)/s\s*$"
    schema: Schema = {"$comment": "bandwidth", "type": "string", "pattern": pattern}
    return Check(read, "a bandwidth of at least 1 bit/s, such as 1 Gbit/s", schema)


def size(above: float | None = None) -> Check:
    """Return an amount of memory, in bytes, of at least 0, and above ``above`` where given."""
    what = "bytes{} or a number with a unit, such as 24 GiB"
    return _amount(amount_of_bytes, above, what, "memory")


def flag() -> Check:
    """Return a switch: true or false."""

    def read(value: object) -> bool:
        if not isinstance(value, bool):
            raise TypeError
        return value

    return Check(read, "true or false", {"type": "boolean"})


def text() -> Check:
    """Return a text of one line, at most 200 printable characters."""

    def read(value: object) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            raise RefusedError(
                f'{value} is not allowed; {{key}} must be a text: write "{value}" in quotes'
            )
        if not isinstance(value, str):
            raise TypeError
        if not value.strip() or not value.isprintable() or len(value) > 200:
            raise ValueError
        return value

    return Check(read, "a text of one line", {"type": "string", "minLength": 1})


def choice(*names: str) -> Check:
    """Return one of these names."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise RefusedError(unknown(value, names, "{key}"))
        return value

    return Check(read, f"one of {', '.join(names)}", {"enum": list(names)})


def either(*checks: Check) -> Check:
    """Return what the first check that allows a value makes of it."""

    def read(value: object) -> Any:
        for check in checks:
            try:
                return check(value)
            except PydanticCustomError:
                continue
        raise ValueError

    what = ", or ".join(check.what for check in checks)
    return Check(read, what, {"anyOf": [check.schema for check in checks]})


def beside(value: str, info: ValidationInfo) -> str:
    """Return a path in a scenario as an absolute one: it starts at the scenario's folder."""
    return str((Path(info.context or ".") / Path(value).expanduser()).absolute())


def bounded(value: float, low: float | None, high: float | None) -> bool:
    """Return whether low <= value <= high, where given."""
    return (low is None or value >= low) and (high is None or value <= high)


def _amount(convert: Callable[[object], float], above: float | None, what: str, kind: str) -> Check:
    """Return an amount of at least 0 that may have a unit, above ``above`` where given."""

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, str | numbers.Real):
            raise TypeError
        try:
            result = convert(value)
        except ValueError as error:
            raise RefusedError(str(error)) from None
        if above is not None and result <= above:
            raise ValueError
        return result

    limit = "" if above is None else f" above {above:g}"
    lowest = {"minimum": 0} if above is None else {"exclusiveMinimum": above}
    schema: Schema = {
        "$comment": kind,
        "anyOf": [{"type": "number", **lowest}, {"type": "string", "pattern": "[0-9]"}],
    }
    return Check(read, what.format(limit), schema)


def _range(low: int | None, high: int | None) -> str:
    """Return the bounds in words."""
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return "" if low is None else f", at least {low}"


def _bounds(low: int | None, high: int | None) -> Schema:
    """Return the bounds as JSON Schema."""
    return {key: bound for key, bound in (("minimum", low), ("maximum", high)) if bound is not None}

"""What is wrong with a scenario, in words, and where."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from strag_sim.hints import did_you_mean
from strag_sim.scenario.scalars import Empty, Trap

Path = tuple[str | int, ...]
_UNKNOWN_KEY = "unknown key"
LONGEST = 60  # characters of a value that a message repeats


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong at ``path``; ``{key}`` in the text stands for the last key of it."""

    path: Path
    text: str

    @property
    def message(self) -> str:
        """The path and the text, as the user reads them."""
        names = [i for i, step in enumerate(self.path) if isinstance(step, str)]
        key = dotted(self.path[names[-1] :]) if names else "a scenario"
        text = self.text.replace("{key}", key)
        return f"{dotted(self.path)}: {text}" if self.path else text


def dotted(path: Path) -> str:
    """Return a path as users write it: ``policies.0.copies``."""
    return ".".join(map(str, path))


def shown(value: object) -> str:
    """Return a value as users would write it, shortened."""
    if isinstance(value, Trap):
        return value.text
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 1e16 else f"{value:g}"
    if isinstance(value, str | int | float | list | tuple | dict):
        return shortened(_repr(value))
    return f"an object of type {type(value).__name__}"


def shortened(text: str) -> str:
    """Return a text, cut where it is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _repr(value: object) -> str:
    """Return what Python writes; it refuses to write integers of thousands of digits."""
    try:
        return repr(value)
    except ValueError:
        return "a huge number"


def not_allowed(value: object, what: str) -> str:
    """Return the text for a value where ``what`` is due."""
    if isinstance(value, Empty):
        return f"has no value; {{key}} must be {what}, or leave the key out"
    hint = f" ({value.hint})" if isinstance(value, Trap) else ""
    return f"{shown(value)} is not allowed; {{key}} must be {what}{hint}"


def unknown(word: object, known: Iterable[str], what: str, also: str = "") -> str:
    """Return the text for a name that is none of those known; ``also`` is allowed besides."""
    known = tuple(known)
    hint = f" ({word.hint})" if isinstance(word, Trap) else ""
    allowed = (
        f"must be one of {', '.join(known)}{also}" if known else "can name none: there are none"
    )
    return f"{shown(word)} is not allowed; {what} {allowed}{hint}{did_you_mean(word, known)}"


def unknown_key(key: object, known: Iterable[str]) -> str:
    """Return the text for a key that is none of those known."""
    known = [name for name in known if name != "policy"]
    every = f"; known here: {', '.join(known) or 'none'}"
    return f"{_UNKNOWN_KEY}{did_you_mean(key, known) or every}"


def is_unknown_key(problem: Problem) -> bool:
    """Return whether the problem is a key, of the mapping itself, that is none of those known."""
    return len(problem.path) == 1 and problem.text.startswith(_UNKNOWN_KEY)


def error_of(problems: Iterable[Problem]) -> ValidationError:
    """Return the pydantic error that carries these problems through nested models."""
    return ValidationError.from_exception_data(
        "scenario",
        [
            InitErrorDetails(
                type=PydanticCustomError("problem", "{text}", {"text": problem.text}),
                loc=problem.path,
                input=None,
            )
            for problem in problems
        ],
    )


def problems_of(error: ValidationError) -> list[Problem]:
    """Return the problems that a pydantic error carries, its own kinds put into our words."""
    return [
        Problem(tuple(entry["loc"]), _text(entry["type"], entry))
        for entry in error.errors(include_url=False)
    ]


def of_constructor(error: Exception, keys: Iterable[str]) -> Problem:
    """Return the problem that a constructor's ValueError, "KEY: what is wrong", stands for.

    Behind the key there may be places of a list, ``[0]``, or the name of a value in it, ``.name``.
    """
    text = str(error)
    named = re.match(r"(\w+)((?:\[\d+\])*)(?:\.(.+?))?: ", text)
    if named and named[1] in keys:
        rows = (int(row) for row in re.findall(r"\d+", named[2]))
        names = [named[3]] if named[3] else []
        return Problem((named[1], *rows, *names), text[named.end() :])
    return Problem((), text or type(error).__name__)


def _text(kind: str, entry: Mapping[str, Any]) -> str:
    """Return our words for one entry of a pydantic error."""
    if kind == "problem":
        return str(entry["ctx"]["text"])
    if kind == "missing":
        return "missing; {key} must be given"
    if kind in ("tuple_type", "list_type"):
        return not_allowed(entry["input"], f"a list, such as {_list_of(entry['input'])}")
    reason = re.sub(r"^(Input|Value error,|Assertion failed,) ?", "", str(entry["msg"]))
    return f"{shown(entry['input'])} is not allowed; {{key}}: {reason}"


def _list_of(value: object) -> str:
    """Return an example of a list for someone who gave what stands in such lists, or no list."""
    if isinstance(value, dict):
        return "[{kind: ...}, ...]" if "kind" in value else "[{...}, ...]"
    return "[1, 2]" if not isinstance(value, str) or len(value) > LONGEST else f"[{value}, ...]"

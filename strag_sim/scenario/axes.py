"""The values of one axis of a sweep: a list of them, or from, to and how many steps."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ValidationError

from strag_sim.scenario.fields import Check, Fields, choice, number, time, whole
from strag_sim.scenario.problems import Problem, error_of, not_allowed, problems_of, shown

MOST_CELLS = 10**6
DIGITS = 12  # of a value between two ends: 0.3, not 0.30000000000000004
Scale = Literal["linear", "log"]


def end() -> Check:
    """Return an end of a range: a number, or a time with a unit, in seconds."""
    plain, as_time = number(), time()

    def read(value: object) -> float:
        # A time without a unit is a number as well, and may then be negative.
        found: float = as_time.read(value) if isinstance(value, str) else plain.read(value)
        # What is written as a whole number stays one: a count of workers has no fraction.
        return value if isinstance(value, int) else found

    what = "a number, or a time such as 20 ms"
    return Check(read, what, {"anyOf": [plain.schema, {"type": "string", "pattern": "[0-9]"}]})


class Range(Fields):
    """Values evenly spaced from one end to the other, or by a constant factor (log)."""

    # `from` is a word of Python's; see `range_of`.
    start: Annotated[float, end()]
    to: Annotated[float, end()]
    steps: Annotated[int, whole(2, MOST_CELLS)]
    scale: Annotated[Scale, choice("linear", "log")] = "linear"

    def values(self) -> list[float]:
        """Return the values; whole numbers stay whole where all of them are."""
        last = self.steps - 1
        between = [self._between(step / last) for step in range(1, last)]
        found = [self.start, *(float(f"{value:.{DIGITS}g}") for value in between), self.to]
        whole_ends = isinstance(self.start, int) and isinstance(self.to, int)
        if whole_ends and all(float(value).is_integer() for value in found):
            return [int(value) for value in found]
        return [float(value) for value in found]

    def wrong(self) -> list[Problem]:
        """Return what is wrong with ends that do not go together."""
        if self.start == self.to:
            return [Problem(("to",), f"{shown(self.to)} is not allowed; it must differ from from")]
        if self.scale == "log" and min(self.start, self.to) <= 0:
            key = "start" if self.start <= 0 else "to"
            text = f"{shown(getattr(self, key))} is not allowed; with scale: log it must be above 0"
            return [Problem((key,), text)]
        return []

    def _between(self, share: float) -> float:
        """Return the value at a share of the way."""
        if self.scale == "log":
            return float(self.start * (self.to / self.start) ** share)
        return self.start + (self.to - self.start) * share


def axis_values(value: object) -> list[Any]:
    """Return the values of an axis as a file gives it; pydantic's error says what is wrong."""
    if isinstance(value, Mapping):
        return range_of(value).values()
    if not isinstance(value, list | tuple):
        what = "a list of values, or {from: 1, to: 8, steps: 4, scale: linear or log}"
        raise error_of([Problem((), not_allowed(value, what))])
    if not value:
        raise error_of([Problem((), "[] is not allowed; give at least one value")])
    return list(value)


def range_of(value: Mapping[str, Any]) -> Range:
    """Return the range that a mapping describes, under the names of its keys."""
    names = {"from": "start"}
    back = {"start": "from"}
    try:
        known = {names.get(str(key), _other(str(key))): value[key] for key in value}
        return Range.model_validate(known)
    except ValidationError as error:
        raise error_of(
            Problem(
                tuple(back.get(str(step), str(step).strip()) for step in problem.path),
                problem.text.replace("start", "from"),
            )
            for problem in problems_of(error)
        ) from None


def _other(key: str) -> str:
    """Return a key as the model knows it; ``start`` is none that a user may write."""
    return f"{key} " if key == "start" else key

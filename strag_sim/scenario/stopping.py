"""When a simulation is long enough: the warm-up to drop, and the precision to reach."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from strag_sim.levels import USUAL, column
from strag_sim.scenario.fields import Check, Fields, RefusedError, number, text, whole
from strag_sim.scenario.problems import Problem, unknown
from strag_sim.units import per_cent

AUTO: Literal["auto"] = "auto"
Cut = int | Literal["auto"]

# What a precision may be asked of, beside quantiles such as p99.
ESTIMATES = ("mean", "std", "var", "cost", "utilisation", "slo_met")
MOST_RUNS = 10**5


def share() -> Check:
    """Return a number between 0 and 1, which may be written in per cent."""
    plain = number(above=0, below=1)

    def read(value: object) -> float:
        share: float = plain.read(per_cent(value) if isinstance(value, str) else value)
        return share

    what = "a share above 0 and below 1, such as 1% or 0.01"
    schema = {"anyOf": [plain.schema, {"type": "string", "pattern": "^[ 0-9.]+% *$"}]}
    return Check(read, what, schema)


def dropped(most: int) -> Check:
    """Return the number of requests that are dropped first, or AUTO."""
    count = whole(0, most)

    def read(value: object) -> Any:
        return AUTO if value == AUTO else count.read(value)

    return Check(read, f"{count.what}, or auto", {"anyOf": [count.schema, {"const": AUTO}]})


def quantity() -> Check:
    """Return the name of an estimate."""

    def read(value: object) -> str:
        if isinstance(value, str) and (value in ESTIMATES or re.fullmatch(r"p[0-9]{2,}", value)):
            return value
        raise RefusedError(unknown(value, (*ESTIMATES, "p50", "p99", "p999"), "{key}"))

    pattern = f"^({'|'.join(ESTIMATES)}|p[0-9]{{2,}})$"
    what = f"p99 or another quantile, or one of {', '.join(ESTIMATES)}"
    return Check(read, what, {"type": "string", "pattern": pattern})


class Precision(Fields):
    """Runs are added until the interval of every policy is ``within`` that share of its estimate.

    With a ``baseline`` it is the interval of each policy's ratio to that of the baseline.
    """

    of: Annotated[str, quantity()] = "p99"
    within: Annotated[float, share()]
    max_runs: Annotated[int, whole(2, MOST_RUNS)] = 500
    baseline: Annotated[str, text()] | None = None


def check_precision(
    precision: Precision | None,
    runs: int,
    quantiles: tuple[float, ...],
    slo: float | None,
    labels: list[str],
) -> Iterator[Problem]:
    """Yield what does not go with the rest of a scenario."""
    if precision is None:
        return
    if precision.max_runs < runs:
        text = f"{precision.max_runs} is not allowed; {{key}} must be at least runs, {runs}"
        yield Problem(("precision", "max_runs"), text)
    if precision.of == "slo_met" and slo is None:
        yield Problem(("precision", "of"), "slo_met is not allowed without slo; give slo a time")
    known = [column(level) for level in sorted({*USUAL, *quantiles})]
    if precision.of not in (*ESTIMATES, *known):
        text = f"{precision.of} is not allowed; {{key}} may be {', '.join(known)}; others must be"
        yield Problem(("precision", "of"), f"{text} listed under quantiles")
    if precision.baseline is not None and precision.baseline not in labels:
        yield Problem(("precision", "baseline"), unknown(precision.baseline, labels, "{key}"))
    elif precision.baseline is not None and len(labels) < 2:
        text = "is not allowed with a single policy; there is no other to divide by it"
        yield Problem(("precision", "baseline"), text)

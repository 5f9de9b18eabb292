"""What a profile file says of each configuration that was measured, and on what: checked."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.profiles.entries import amount, count, law, numbers, objects, text
from strag_sim.profiles.profile import CLOSED, Point, Samples
from strag_sim.shelf import is_number
from strag_sim.units import shown

_POISSON = re.compile(r"poisson:([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?")
_SAME = ("n", "mean", "std", "levels", "values")  # of the first point, and at the top


def points_of(content: Mapping[str, Any], factor: float) -> tuple[Point, ...]:
    """Return the points of a profile, times ``factor`` where they are times; none is allowed.

    A ValueError says what a profile must do that this one does not.
    """
    rows = objects(content, "points")
    if "points" in content and not rows:
        raise ValueError("hold at least one of its points, or leave the key points out")
    points = tuple(_point(row, factor, f"points[{p}].") for p, row in enumerate(rows))
    seen: dict[tuple[object, ...], int] = {}
    for p, point in enumerate(points):
        first = seen.setdefault((point.batch, point.concurrency, point.load), p)
        if first < p:
            of = f"batch {point.batch}, concurrency {point.concurrency} and load {point.load}"
            raise ValueError(f"hold one point of {of}, but holds points[{first}] and points[{p}]")
    for key in _SAME if rows else ():
        if content.get(key) != rows[0][key]:
            raise ValueError(
                f"hold at the top the {', '.join(_SAME)} of its points[0], but {key} differs"
            )
    return points


def environment_of(content: Mapping[str, Any]) -> dict[str, str | float | bool | None]:
    """Return what a profile was measured on, empty if that is not said."""
    if "environment" not in content:
        return {}
    environment = content["environment"]
    if not isinstance(environment, dict):
        raise ValueError(f"hold environment as an object, but holds {shown(environment)}")
    for key, value in environment.items():
        if not isinstance(key, str) or not _is_plain(value):
            allowed = "a text, a finite number, true, false or null"
            raise ValueError(f"hold environment.{key} as {allowed}, but holds {shown(value)}")
    text(environment, "device", "environment.")
    return environment


def date_of(content: Mapping[str, Any]) -> str:
    """Return when a profile was measured, empty if that is not said."""
    if "date" not in content:
        return ""
    date = text(content, "date")
    try:
        datetime.fromisoformat(date)
    except ValueError:
        like = "2026-11-28T13:05:00+00:00"
        raise ValueError(f"state its date as ISO, such as {like}, not {shown(date)}") from None
    return date


def _point(row: Mapping[str, Any], factor: float, place: str) -> Point:
    """Return one point, times in seconds."""
    measured = law(row, factor, place)
    throughput = amount(row, "throughput", place)
    if not throughput:
        raise ValueError(f"hold {place}throughput above 0, but holds 0")
    return Point(
        batch=count(row, "batch", place),
        concurrency=count(row, "concurrency", place),
        load=_load(row, place),
        **measured,
        throughput=throughput,
        autocorrelation=_between(row, "autocorrelation", place, (-1, 1)),
        effective=_between(row, "effective", place, (0, float("inf"))),
        details=_details(row, place),
        samples=_samples(row, factor, measured["n"], place),
    )


def _load(row: Mapping[str, Any], place: str) -> str:
    """Return how requests came."""
    load = text(row, "load", place)
    if load == CLOSED or ((rate := _POISSON.fullmatch(load)) and float(rate[1]) > 0):
        return load
    allowed = f"{CLOSED}, or poisson: and the requests a second, such as poisson:20"
    raise ValueError(f"hold {place}load as {allowed}, but holds {shown(load)}")


def _between(row: Mapping[str, Any], key: str, place: str, bounds: tuple[float, float]) -> float:
    """Return a number within bounds; NaN for null, as where all times are equal."""
    low, high = bounds
    value: Any = row.get(key)
    if key in row and value is None:
        return float("nan")
    if not is_number(value) or not low <= value <= high:
        allowed = f"{low:g} to {high:g}" if high < float("inf") else f">= {low:g}"
        raise ValueError(f"hold {place}{key} as a number {allowed} or null, not {shown(value)}")
    return float(value)


def _details(row: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return what else is said of a point, in whatever form, its numbers finite."""
    details = row.get("details", {})
    if not isinstance(details, dict):
        raise ValueError(f"hold {place}details as an object, but holds {shown(details)}")
    if not _is_plain_within(details):
        raise ValueError(f"hold in {place}details texts, finite numbers, true, false and null only")
    return details


def _is_plain_within(value: Any) -> bool:
    """Tell whether lists and objects, however deep, hold nothing but what JSON writes."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            if not set(map(type, each)) <= {str}:
                return False
            left += each.values()
        elif isinstance(each, list):
            left += each
        elif not _is_plain(each):
            return False
    return True


def _is_plain(value: Any) -> bool:
    """Tell whether it is a text, a finite number, a truth value or None."""
    return value is None or isinstance(value, str | bool) or is_number(value)


def _samples(row: Mapping[str, Any], factor: float, n: int, place: str) -> Samples | None:
    """Return the calls one by one, in seconds; None where they were not kept."""
    if "samples" not in row:
        return None
    samples, inner = row["samples"], f"{place}samples."
    if not isinstance(samples, dict):
        raise ValueError(f"hold {place}samples as an object, but holds {shown(samples)}")
    columns = {key: _column(samples, key, inner) for key in ("start", "time", "work")}
    for key, column in columns.items():
        if column.size != n:
            raise ValueError(f"hold n = {n} numbers in {inner}{key}, but holds {column.size}")
    response = _column(samples, "response", inner) if "response" in samples else None
    return Samples(
        **{key: column * factor for key, column in columns.items()},
        response=None if response is None else response * factor,
    )


def _column(samples: Mapping[str, Any], key: str, place: str) -> NDArray[np.float64]:
    """Return a number for each call, none negative."""
    column = numbers(samples, key, place)
    if column.size and column.min() < 0:
        i = int(np.argmax(column < 0))
        raise ValueError(f"hold {place}{key} of at least 0, but [{i}] is {column[i]}")
    return column
